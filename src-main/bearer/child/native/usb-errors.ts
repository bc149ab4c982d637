import { PcAgentError, type Retry } from '../../../base/errors.ts';

interface Meaning {
  readonly text: RegExp;
  readonly code: string;
  readonly what: string;
  readonly retry: Retry;
}

/** The package gives no codes: its texts, with the system's number at the end, are all there is. */
const MEANINGS: readonly Meaning[] = [
  {
    text: /permission denied|access is denied|errno (?:1|13)\b|\(error 5\b/i,
    code: 'bearer/permission-denied',
    what: 'this user may not open the USB device',
    retry: 'after-operator',
  },
  {
    text: /\bbusy\b|already claimed|in use|errno 16\b/i,
    code: 'bearer/busy',
    what: 'another program uses the USB device',
    retry: 'later',
  },
  {
    // Windows: an interface that WinUSB does not drive.
    text: /not[_ ]supported|unsupported|incompatible driver|not winusb/i,
    code: 'bearer/driver-missing',
    what: 'no driver lets programs use the USB device',
    retry: 'after-operator',
  },
  {
    text: /disconnected|device not found|no such device|errno (?:19|108)\b/i,
    code: 'bearer/lost',
    what: 'the handset has gone from its USB port',
    retry: 'same-bearer',
  },
];

/** What the package said, as one of our codes. `otherwise` is what it is when it is none that is known. */
export function usbCodeError(error: unknown, otherwise: 'bearer/unavailable' | 'bearer/lost'): PcAgentError {
  if (error instanceof PcAgentError) return error;
  const os = error instanceof Error ? error.message : String(error);
  const known = MEANINGS.find(({ text }) => text.test(os));
  const unknown = {
    code: otherwise,
    what: otherwise === 'bearer/lost' ? 'the link to the USB device broke' : 'the USB device cannot be used',
    retry: otherwise === 'bearer/lost' ? ('same-bearer' as const) : ('later' as const),
  };
  const { code, what, retry } = known ?? unknown;
  return new PcAgentError(code, `${what} (${os})`, { cause: error, retry, details: { bearer: 'usb', os } });
}
