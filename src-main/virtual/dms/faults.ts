import type { FaultChoice, FaultDescription } from '../faults/fault.ts';
import { MESSAGE_FAULTS } from '../faults/message-faults.ts';

const PREFIX = 'dms-';

/** What the virtual DMS can do wrong on purpose. */
export const DMS_FAULTS: readonly FaultDescription[] = [
  { name: 'dms-wrong-password', help: 'the server proves itself with another password' },
  { name: 'dms-wrong-notification', help: 'the digest of package 0 is wrong' },
  { name: 'dms-respuri', help: 'the server wants the next message at another origin' },
  { name: 'dms-http-500', help: 'the second message is answered by HTTP status 500' },
  { name: 'dms-html', help: 'the second message is answered by a web page' },
  { name: 'dms-empty', help: 'the second message is answered by an empty body' },
  { name: 'dms-huge', help: 'the second message is answered by 100 MB' },
  { name: 'dms-drop-download', help: 'the first download of a package is broken off half-way' },
  { name: 'dms-stall', help: 'the second message is never answered' },
  ...MESSAGE_FAULTS.map(({ name, help }) => ({ name: `${PREFIX}${name}`, help: `the server: ${help}` })),
];

/** The message faults among them, by the names that both sides share. */
export function serverMessageFaults(choices: readonly FaultChoice[]): readonly FaultChoice[] {
  return choices
    .filter((choice) => choice.name.startsWith(PREFIX))
    .map((choice) => ({ ...choice, name: choice.name.slice(PREFIX.length) }));
}
