// The console's side of the contract, played by a test: it can also be what no real console would be.

const portal = new URL(location.href).searchParams.get('portal');

globalThis.rig = {
  got: [],
  /** Posts a hello with a new port; what comes over it is kept. */
  hello(changes = {}) {
    const { port1, port2 } = new MessageChannel();
    this.port = port1;
    port1.onmessage = ({ data }) => this.got.push(data);
    parent.postMessage({ latchkey: 'hello', versions: [1], release: 'rig', ...changes }, portal, [port2]);
  },
  say(type, fields) {
    this.port.postMessage({ v: 1, type, ...fields });
  },
  raw(message) {
    this.port.postMessage(message);
  },
  toWindow(message) {
    parent.postMessage(message, portal);
  },
  all(type) {
    return this.got.filter((it) => it.type === type);
  },
};

if (!new URL(location.href).searchParams.has('mute')) rig.hello();
