import { assertNever } from '../../base/errors.ts';
import { parseTcpAddress } from '../../bearer/tcp/tcp-address.ts';
import type { KeptListener } from '../../settings/settings.ts';
import { type Interfaces, isWildcard, networkAddress, oneInterface, parsePlace } from './network-place.ts';
import { serialPlace } from './serial-door.ts';
import { tcpPlace } from './tcp-door.ts';

/**
 * Whether a place can be tried while another one of its kind is open, because the two cannot be in each other's way.
 * @param open as the way in that is open tells it
 */
export function isApart({ kind, address }: KeptListener, open: string, interfaces: Interfaces): boolean {
  switch (kind) {
    case 'tcp':
      return isOtherPort(tcpPlace(address), parseTcpAddress(open).port, interfaces);
    case 'network':
      return isOtherPort(parsePlace(oneInterface(address)), Number(new URL(open).port || '80'), interfaces);
    case 'serial':
      return serialPlace(address).path !== serialPlace(open).path;
    case 'bluetooth':
      // Both would publish the same record.
      return false;
    default:
      return assertNever(kind);
  }
}

/** What is no place at all fails before anything is opened. */
function isOtherPort({ host, port }: ReturnType<typeof parsePlace>, open: number, interfaces: Interfaces): boolean {
  if (port !== undefined) return port !== open;
  return !isWildcard(host) && !isThere(host, interfaces);
}

function isThere(host: string, interfaces: Interfaces): boolean {
  try {
    networkAddress(host, interfaces);
    return true;
  } catch {
    return false;
  }
}
