import { once } from 'node:events';
import { connect } from 'node:net';
import { BearerService, type Served } from './bearer-service.ts';
import { readControl, sendControl } from './control-lines.ts';
import { removePlace, takeInvitation } from './meeting-place.ts';
import { type Hello, ToChild } from './protocol.ts';

/** Not one of Node's own: the other process did not keep to the protocol, or there was none. */
const NO_PROTOCOL = 70;

/**
 * A process that has the native modules, for the one that started it: whatever they do to this process, that one goes
 * on. It ends with its control connection, so also when the other process was killed.
 */
export async function main(bearers: Served): Promise<void> {
  // npm usb 3.1.0 leaves a rejection unhandled on a computer without USB: the other bearers are none the worse for it.
  process.on('unhandledRejection', (reason) => tell(reason));
  // Ctrl-C in a terminal goes to the whole group: streams still end in order, and the end comes from the other process.
  process.on('SIGINT', () => undefined);
  const invitation = takeInvitation(process.env);
  const control = connect(invitation.socket);
  // Who invited has gone meanwhile, or there was no invitation.
  await once(control, 'connect').catch(() => {
    removePlace(invitation.socket);
    process.exit(NO_PROTOCOL);
  });
  // The other process then starts another one, and ends this one, should a call of the system hold it.
  const service = new BearerService(bearers, invitation, control, () => {
    if (!control.writableEnded) tell('the system holds the Bluetooth of this process; another one takes its place');
    control.end();
  });
  readControl(control, {
    onMessage: (message) => {
      const { data } = ToChild.safeParse(message);
      if (data !== undefined) service.receive(data);
      return data !== undefined;
    },
    onEnd: (broken) => {
      removePlace(invitation.socket);
      process.exit(broken ? NO_PROTOCOL : 0);
    },
  });
  sendControl(control, { kind: 'control', token: invitation.token } satisfies Hello);
}

function tell(reason: unknown): void {
  process.stderr.write(`bearers: ${reason instanceof Error ? reason.message : String(reason)}\n`);
}
