// Starts the WebAssembly app. External on purpose: the page's security policy allows no inline script.
// Trunk writes two preload links, the glue module and the wasm, each with the hash of its bytes. The page begins to
// download both while this file is still on its way; here they are used, and the wasm's hash is enforced (browsers ignore
// `integrity` on a preload link, not on a fetch).

const glue = document.querySelector('link[rel="modulepreload"]');
const wasm = document.querySelector('link[rel="preload"][type="application/wasm"]');

/** Shows why the console is not there. `reason` names one of the sentences in index.html. */
function fail(reason, error) {
  document.getElementById('boot')?.remove();
  const panel = document.getElementById('boot-error');
  if (!panel || !panel.hidden) return;
  panel.querySelector(`[data-reason="${reason}"]`).hidden = false;
  document.getElementById('boot-detail').textContent = error ? String(error.message ?? error) : '';
  panel.hidden = false;
}

async function start() {
  if (typeof WebAssembly !== 'object') return fail('unsupported');

  let init;
  let response;
  try {
    const bytes = fetch(wasm.href, { integrity: wasm.dataset.integrity, credentials: 'same-origin' });
    [{ default: init }, response] = await Promise.all([import(glue.href), bytes]);
    if (!response.ok) throw new Error(`${response.status} ${response.statusText}`);
  } catch (error) {
    return fail('download', error);
  }

  try {
    await init({ module_or_path: response });
  } catch (error) {
    return fail('start', error);
  }
  document.getElementById('boot')?.remove();

  // A trap in WebAssembly ends the app for good, and nothing inside it can still say so.
  addEventListener('error', ({ error }) => error instanceof WebAssembly.RuntimeError && fail('crashed', error));
  addEventListener('unhandledrejection', ({ reason }) => reason instanceof WebAssembly.RuntimeError && fail('crashed', reason));
}

start();
