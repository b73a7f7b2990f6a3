// Runs the second WebAssembly module (crates/xlsx), away from the page: one job, then the page ends this worker, and the
// module's memory goes with it. The page names the module and the hash of its bytes, which is enforced here.

async function run({ module, integrity, job, bytes }) {
  let exports;
  try {
    const response = await fetch(module, { integrity, credentials: 'same-origin' });
    if (!response.ok) throw new Error(`${response.status} ${response.statusText}`);
    // The module imports nothing: it can reach its own memory and nothing else.
    ({ exports } = (await WebAssembly.instantiate(await response.arrayBuffer())).instance);
  } catch {
    return { failed: 'load' };
  }
  try {
    const start = exports.xlsx_input(bytes.length);
    new Uint8Array(exports.memory.buffer).set(bytes, start);
    const code = job === 'write' ? exports.xlsx_write() : exports.xlsx_read();
    const output = new Uint8Array(exports.memory.buffer, exports.xlsx_output(), exports.xlsx_output_len()).slice();
    if (code === 0) return { bytes: output };
    const place = new DataView(output.buffer);
    return { refused: [code, place.getUint32(0, true), place.getUint32(4, true)] };
  } catch {
    // A trap: for want of memory, or over a file that was made for it.
    return { failed: 'run' };
  }
}

onmessage = async ({ data }) => {
  const answer = await run(data);
  postMessage(answer, answer.bytes ? [answer.bytes.buffer] : []);
};
