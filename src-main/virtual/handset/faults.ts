import type { FaultDescription } from '../faults/fault.ts';
import { MESSAGE_FAULTS } from '../faults/message-faults.ts';

/** What the virtual handset can do wrong on purpose. */
export const FAULTS: readonly FaultDescription[] = [
  { name: 'wrong-password', help: 'proves itself with another password' },
  ...MESSAGE_FAULTS,
  { name: 'ignore-notification', help: 'takes no notice of package 0' },
  { name: 'vanish', help: 'the link is dropped after message N (default 2)' },
  { name: 'stall', help: 'says nothing more after message N (default 2)' },
  { name: 'abort', help: 'breaks the session off (1223) after message N (default 2)' },
  { name: 'install-fails', help: 'operations end with result code N (default 1405)' },
  { name: 'firmware-fails', help: 'updates of the firmware end with result code N (default 410)' },
  {
    name: 'firmware-reboots',
    help: 'goes down in the middle of an update, and on with it at its next start (--state)',
  },
  {
    name: 'storage-full',
    help: 'values above N bytes are refused with 420, firmware that is downloaded with 501 (default 1000)',
  },
];
