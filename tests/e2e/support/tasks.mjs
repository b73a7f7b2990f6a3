// What the page's main thread works on, from the browser's own trace: time of the processor, which does not grow while other
// programs have it.

/**
 * Runs something and tells the tasks of the main thread meanwhile, in milliseconds, the longest first.
 * @param {import('@playwright/test').Browser} browser
 * @param {() => Promise<void>} act
 * @returns {Promise<number[]>}
 */
export async function tasksOf(browser, act) {
  const debug = await browser.newBrowserCDPSession();
  const events = [];
  debug.on('Tracing.dataCollected', ({ value }) => {
    for (const it of value) if (it.name === 'thread_name' || it.name.endsWith('RunTask')) events.push(it);
  });
  const traceConfig = { includedCategories: ['toplevel', '__metadata'] };
  await debug.send('Tracing.start', { traceConfig, transferMode: 'ReportEvents' });
  try {
    await act();
  } finally {
    const ended = new Promise((done) => debug.once('Tracing.tracingComplete', done));
    await debug.send('Tracing.end');
    await ended;
    await debug.detach();
  }
  const thread = (it) => `${it.pid}:${it.tid}`;
  const isMain = (it) => it.name === 'thread_name' && it.args.name === 'CrRendererMain';
  const mains = new Set(events.filter(isMain).map(thread));
  const tasks = events.filter((it) => it.ph === 'X' && mains.has(thread(it)));
  return tasks.map((it) => (it.tdur ?? it.dur) / 1000).sort((a, b) => b - a);
}
