import { PcAgentError, type Retry } from '../../base/errors.ts';
import type { SerialAddress } from './serial-address.ts';

interface Meaning {
  readonly text: RegExp;
  readonly code: string;
  readonly what: string;
  readonly retry: Retry;
}

/** serialport 13 gives no codes: its texts (Linux and macOS: strerror; Windows: its own) are all there is. */
const MEANINGS: readonly Meaning[] = [
  {
    text: /Cannot lock port|Device or resource busy|Access denied/i,
    code: 'bearer/busy',
    what: 'another program uses',
    retry: 'later',
  },
  {
    text: /Permission denied|Operation not permitted/i,
    code: 'bearer/permission-denied',
    what: 'this user may not open',
    retry: 'after-operator',
  },
  {
    text: /Inappropriate ioctl|Is a directory/i,
    code: 'bearer/not-a-tty',
    what: 'there is no serial port at',
    retry: 'after-operator',
  },
  { text: /./s, code: 'bearer/unavailable', what: 'cannot open', retry: 'later' },
];

/** What serialport said when it could not open a port, as one of our codes. */
export function openError(address: SerialAddress, error: unknown): PcAgentError {
  if (error instanceof PcAgentError) return error;
  const os = error instanceof Error ? error.message : String(error);
  const meaning = MEANINGS.find(({ text }) => text.test(os));
  const { code, what, retry } = meaning ?? { code: 'bearer/unavailable', what: 'cannot open', retry: 'later' as const };
  return new PcAgentError(code, `${what} ${address.text} (${os})`, {
    cause: error,
    retry,
    details: { bearer: 'serial', address: address.text, os },
  });
}

/** The port has gone, or was closed on this side. */
export function lostPort(reason: string, cause?: unknown): PcAgentError {
  return new PcAgentError('bearer/lost', reason, {
    retry: 'same-bearer',
    ...(cause === undefined ? {} : { cause }),
    details: { bearer: 'serial' },
  });
}
