// A frame without an origin, which says what only the console or the portal may say. All of it must be ignored.

for (const versions of [[1], [2], 'all']) {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => parent.postMessage({ stranger: 'was heard' }, '*');
  parent.postMessage({ latchkey: 'hello', versions, release: 'none' }, '*', [port2]);
}

for (let nth = 0; nth < parent.frames.length; nth += 1) {
  const frame = parent.frames[nth];
  if (frame === window) continue;
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => parent.postMessage({ stranger: 'was heard' }, '*');
  frame.postMessage({ v: 1, type: 'welcome', sign_in: 'own' }, '*', [port2]);
  frame.postMessage({ v: 1, type: 'sign_out' }, '*');
  frame.postMessage({ v: 1, type: 'route', route: '/?q=stranger' }, '*');
}

parent.postMessage({ stranger: 'is done' }, '*');
