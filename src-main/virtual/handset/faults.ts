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
  {
    name: 'install-fails',
    help: 'operations end with result code N (default 1405); one of success takes the place of 1200',
  },
  { name: 'component-fails', help: 'the installation of the N-th component of a package fails (default 2)' },
  { name: 'install-room', help: 'room for N bytes of components together (default 1000); more ends with 1406' },
  { name: 'bad-signature', help: 'takes every package for one without a right signature: 1407' },
  {
    name: 'only-environment',
    help: 'packages for another environment (EnvType) than the value end with 1413, as do those for another model',
  },
  {
    name: 'install-reboots',
    help: 'goes down in the middle of an installation, and takes it back at its next start (--state)',
  },
  { name: 'firmware-fails', help: 'updates of the firmware end with result code N (default 410)' },
  {
    name: 'firmware-reboots',
    help: 'goes down in the middle of an update, and on with it at its next start (--state)',
  },
  {
    name: 'storage-full',
    help: 'values above N bytes are refused with 420; downloads of software end with 1404, of firmware with 501 (default 1000)',
  },
];
