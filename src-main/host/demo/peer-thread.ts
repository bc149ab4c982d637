import { isMainThread, parentPort } from 'node:worker_threads';

/** A thread that is the command line: what its starter says comes as the signal that it stands for. */
export async function runAsThread(main: (args: readonly string[]) => Promise<void>): Promise<void> {
  if (isMainThread || parentPort === null) throw new TypeError('this runs in a thread');
  parentPort.on('message', (signal: unknown) => {
    if (signal === 'SIGTERM') process.emit('SIGTERM', 'SIGTERM');
  });
  // It keeps no command that is done.
  parentPort.unref();
  await main(process.argv.slice(2));
}
