/** Many handsets in one process, each as the command line's own: 32 processes take the emulated processor too long. */
import { virtualImei } from '../../../src-main/base/imei.ts';
import { runCommand } from '../../../src-main/cli/run-command.ts';
import { say } from './guest.ts';

/** Serves them until the process is ended; what they say has the number of who says it as `of`. */
export async function serveCrowd(count: number, first: number): Promise<void> {
  const { signal } = new AbortController();
  const handsets = Array.from({ length: count }, (_, index) => first + index).map((of) =>
    runCommand(
      { name: 'virtual-handset', flags: { listen: 'tcp:127.0.0.1:0', imei: virtualImei(of) }, operands: [] },
      {
        emit: (event) => say({ ...event, of }),
        note: () => undefined,
        print: () => undefined,
        signal,
        json: true,
        unmask: true,
        resolvePath: (path) => path,
      },
    ),
  );
  await Promise.all(handsets);
}
