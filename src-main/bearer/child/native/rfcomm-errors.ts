import { PcAgentError, type Retry } from '../../../base/errors.ts';

interface Meaning {
  readonly code: string;
  readonly what: string;
  readonly retry: Retry;
}

const NO_ADAPTER: Meaning = {
  code: 'bearer/unavailable',
  what: 'this computer has no Bluetooth adapter that is switched on',
  retry: 'after-operator',
};
const NO_BLUETOOTH: Meaning = {
  code: 'bearer/unavailable',
  what: 'this computer has no Bluetooth that programs can use',
  retry: 'after-operator',
};
const NOT_PAIRED: Meaning = {
  code: 'bearer/not-paired',
  what: 'the handset and this computer are not paired',
  retry: 'after-operator',
};

/** What the system's errors mean for a connection or a listener (Linux: net/bluetooth/lib.c, bt_to_errno). */
const MEANINGS: Readonly<Record<string, Meaning>> = {
  EACCES: NOT_PAIRED,
  EBADE: NOT_PAIRED,
  EADDRINUSE: { code: 'bearer/unavailable', what: 'the channel is taken', retry: 'later' },
  EADDRNOTAVAIL: NO_ADAPTER,
  EAFNOSUPPORT: NO_BLUETOOTH,
  EBUSY: { code: 'bearer/busy', what: 'the channel is in use', retry: 'later' },
  ECONNREFUSED: { code: 'bearer/unavailable', what: 'the handset does not take calls on this channel', retry: 'later' },
  EHOSTDOWN: { code: 'bearer/unavailable', what: 'the handset does not answer', retry: 'later' },
  EHOSTUNREACH: NO_ADAPTER,
  ENETDOWN: NO_ADAPTER,
  ENETUNREACH: NO_ADAPTER,
  ENODEV: NO_ADAPTER,
  EPERM: {
    code: 'bearer/permission-denied',
    what: 'this user may not use Bluetooth',
    retry: 'after-operator',
  },
  EPROTONOSUPPORT: NO_BLUETOOTH,
  ETIMEDOUT: { code: 'bearer/timeout', what: 'the handset did not answer in time', retry: 'later' },
};

/** @param os the system's name of the error, such as EHOSTDOWN */
export function rfcommError(os: string): PcAgentError {
  const known = MEANINGS[os];
  const { code, what, retry } = known ?? {
    code: 'bearer/unavailable',
    what: 'there is no Bluetooth connection',
    retry: 'later',
  };
  return new PcAgentError(code, `${what} (${os})`, { retry, details: { bearer: 'bluetooth', os } });
}
