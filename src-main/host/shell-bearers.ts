import { invitationVariables } from '../bearer/child/meeting-place.ts';
import type { StartBearerChild } from '../bearer/child/start-child.ts';
import { ToHostProcess } from '../contract/shell-messages.ts';
import type { HostPort } from './port-host.ts';

/** Has the shell start the process that has the native modules, which a utility process cannot do itself. */
export function shellBearers(port: HostPort): StartBearerChild {
  const running = new Map<number, (how: string) => void>();
  let last = 0;
  port.on('message', ({ data }) => {
    const message = ToHostProcess.safeParse(data).data;
    if (message?.kind !== 'bearers-gone') return;
    running.get(message.run)?.(message.how);
    running.delete(message.run);
  });
  return (invitation) => {
    last += 1;
    const run = last;
    const { promise: gone, resolve } = Promise.withResolvers<string>();
    running.set(run, resolve);
    port.postMessage({ kind: 'start-bearers', run, env: invitationVariables(invitation) });
    return { gone, kill: () => port.postMessage({ kind: 'kill-bearers', run }) };
  };
}
