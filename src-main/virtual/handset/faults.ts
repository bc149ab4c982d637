import type { FaultDescription } from '../faults/fault.ts';
import { MESSAGE_FAULTS } from '../faults/message-faults.ts';

/** Result codes of an operation that is not begun because of the battery: those of a maker, since no text has one. */
export const LOW_BATTERY = { scomo: 1450, fumo: 450 } as const;

const MESSAGE = 'number of a message of a session, counted from 1';
const COUNTED = /^[1-9]\d{0,14}$/;

/**
 * What the virtual handset can do wrong on purpose. What is set while it runs counts from its next message or operation
 * on; where the help says so, from its next session on.
 */
export const FAULTS: readonly FaultDescription[] = [
  { name: 'wrong-password', help: 'proves itself with another password (from the next session on)' },
  ...MESSAGE_FAULTS,
  { name: 'wrong-nonce', help: 'another name of stale-nonce', sameAs: 'stale-nonce' },
  { name: 'missing-final', help: 'another name of no-final', sameAs: 'no-final' },
  {
    name: 'status-order',
    help: 'Statuses and commands of a message are in no order that anybody promised, that of the header last',
  },
  {
    name: 'duplicate-message',
    help: 'message N is sent a second time when it was answered (default 2)',
    value: MESSAGE,
    form: COUNTED,
  },
  { name: 'ignore-notification', help: 'takes no notice of package 0' },
  { name: 'vanish', help: 'the link is dropped after message N (default 2)', value: MESSAGE, form: COUNTED },
  { name: 'cable-at-message', help: 'another name of vanish', value: MESSAGE, form: COUNTED, sameAs: 'vanish' },
  {
    name: 'cable-at-byte',
    help: 'the cable is pulled when N bytes of a connection have gone by, wherever in a packet that is (default 1000)',
    value: 'a number of bytes, of both ways together, or of one way as sent:N or received:N',
    form: /^(?:sent:|received:)?\d{1,15}$/,
  },
  {
    name: 'slow-link',
    help: 'the link carries N bytes a second each way, and each piece comes late by a number of milliseconds (default 2000)',
    value: 'bytes a second (0: as many as there are), or with the delay as BYTES/MILLISECONDS',
    form: /^\d{1,9}(?:\/\d{1,5})?$/,
  },
  {
    name: 'duplicate-bearer',
    help: 'is reached at a second address too, which it announces (default: any free TCP port of the same host)',
    value: 'a bearer address to listen on, such as tcp:127.0.0.1:0',
    form: /^(?:tcp|serial|usb|bluetooth):\S{1,200}$/,
  },
  {
    name: 're-enumerate',
    help: 'once: after message N the link drops, and it comes back at another address, which it announces (default 2)',
    value: MESSAGE,
    form: COUNTED,
  },
  { name: 'at-echo', help: 'on a serial line: echoes commands whatever ATE0 says' },
  { name: 'at-babble', help: 'on a serial line: RING, +CREG and the like stand between the lines of every answer' },
  { name: 'at-endless', help: 'on a serial line: says 1 MB without a line end to each command, and no result code' },
  { name: 'at-mute', help: 'on a serial line: answers no AT command' },
  { name: 'stall', help: 'says nothing more after message N (default 2)', value: MESSAGE, form: COUNTED },
  { name: 'abort', help: 'breaks the session off (1223) after message N (default 2)', value: MESSAGE, form: COUNTED },
  {
    name: 'wrong-model',
    help: 'DevInfo names another model than the one that it is (from the next session on)',
    value: 'the model that it names',
    form: /^.{1,200}$/,
  },
  {
    name: 'low-battery',
    help: `begins no operation: software ends with ${LOW_BATTERY.scomo}, firmware with ${LOW_BATTERY.fumo}, and nothing is changed`,
  },
  { name: 'user-refuses', help: 'its user says no to everything that is asked' },
  { name: 'user-postpones', help: 'its user breaks off everything that is asked, and leaves it for later' },
  { name: 'user-never-answers', help: 'its user says nothing, and every question runs out of time' },
  {
    name: 'install-fails',
    help: 'operations end with result code N (default 1405); one of success takes the place of 1200',
    value: 'a result code of SCOMO',
  },
  {
    name: 'component-fails',
    help: 'the installation of the N-th component of a package fails (default 2)',
    value: 'number of a component, counted from 1',
    form: COUNTED,
  },
  {
    name: 'install-room',
    help: 'room for N bytes of components together (default 1000); more ends with 1406',
    value: 'a number of bytes',
  },
  { name: 'bad-signature', help: 'takes every package for one without a right signature: 1407, of firmware 404' },
  {
    name: 'only-environment',
    help: 'packages for another environment (EnvType) than the value end with 1413, as do those for another model (default: for any)',
    value: 'an environment type',
    form: /^.{1,200}$/,
  },
  {
    name: 'install-reboots',
    help: 'goes down in the middle of an installation, and takes it back at its next start (--state), or when the fault is cleared',
  },
  {
    name: 'firmware-fails',
    help: 'updates of the firmware end with result code N (default 410)',
    value: 'a result code of FUMO',
  },
  {
    name: 'firmware-reboots',
    help: 'goes down in the middle of an update, and on with it at its next start (--state), or when the fault is cleared',
  },
  { name: 'reboot', help: 'install-reboots and firmware-reboots' },
  {
    name: 'storage-full',
    help: 'values above N bytes are refused with 420; downloads of software end with 1404, of firmware with 501 (default 1000)',
    value: 'a number of bytes',
  },
];
