// Gives a forked Node process what an Electron utility process has: a version of Electron, and messages of its parent on
// `process.parentPort`. A thread of it has the first only.
import { isMainThread } from 'node:worker_threads';

Object.defineProperty(process, 'versions', { value: { ...process.versions, electron: '45.4.1' } });
if (isMainThread) {
  process.parentPort = {
    on: (_event, listener) => process.on('message', (data) => listener({ data })),
    postMessage: (message) => process.send?.(message),
  };
}
