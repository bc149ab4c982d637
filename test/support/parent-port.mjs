// Gives a forked Node process what an Electron utility process has: messages of its parent on `process.parentPort`.
process.parentPort = {
  on: (_event, listener) => process.on('message', (data) => listener({ data })),
  postMessage: (message) => process.send?.(message),
};
