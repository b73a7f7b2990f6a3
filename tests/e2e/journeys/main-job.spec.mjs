// The main job, end to end on 745 keys.

import { MAIN_JOB_KEYS, mainJob } from '../support/stories/main_job.mjs';
import { test } from '../support/test.mjs';

test.use({ keys: MAIN_JOB_KEYS });

test('find a disabled key, mend it, enable it, make another, delete that, leave', async ({ console, page, context, gateway }) => {
  await mainJob({ console, page, context, gateway });
});
