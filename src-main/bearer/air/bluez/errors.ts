import { PcAgentError, type Retry } from '../../../base/errors.ts';

const ACCESS_DENIED = ['org.freedesktop.DBus.Error.AccessDenied', 'org.freedesktop.DBus.Error.AuthFailed'];

/** What the service answers (BlueZ doc, errors of each method), and what that is for us. */
const CODES: ReadonlyMap<string, readonly [code: string, retry: Retry]> = new Map(
  Object.entries({
    AuthenticationFailed: ['air/pairing-failed', 'after-operator'],
    AuthenticationCanceled: ['air/pairing-cancelled', 'after-operator'],
    AuthenticationRejected: ['air/pairing-refused', 'after-operator'],
    AuthenticationTimeout: ['air/pairing-timeout', 'after-operator'],
    ConnectionAttemptFailed: ['air/phone-unreachable', 'later'],
    DoesNotExist: ['air/phone-unknown', 'after-operator'],
    InProgress: ['air/busy', 'later'],
    NotReady: ['air/not-powered', 'after-operator'],
    NotAuthorized: ['air/permission-denied', 'after-operator'],
  } as const),
);

/** The D-Bus name of an error; empty for what is none of D-Bus. */
export function busErrorName(error: unknown): string {
  const name = (error as { dbusName?: unknown } | null)?.dbusName;
  return typeof name === 'string' ? name : '';
}

export function isAccessDenied(error: unknown): boolean {
  return ACCESS_DENIED.includes(busErrorName(error));
}

/** An answer of the Bluetooth service as an error of ours. */
export function airError(error: unknown, doing: string): PcAgentError {
  if (error instanceof PcAgentError) return error;
  const name = busErrorName(error);
  const os = error instanceof Error ? error.message.slice(0, 200) : String(error);
  const [code, retry] = isAccessDenied(error)
    ? (['air/permission-denied', 'after-operator'] as const)
    : (CODES.get(name.slice(name.lastIndexOf('.') + 1)) ?? (['air/failed', 'later'] as const));
  return new PcAgentError(code, `${doing}: ${os}`, { cause: error, retry, details: { os, ...(name && { name }) } });
}

export function unknownPhone(address: string): PcAgentError {
  return new PcAgentError('air/phone-unknown', `no phone ${address} is in range and visible`, {
    retry: 'after-operator',
    details: { address },
  });
}
