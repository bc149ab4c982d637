import { BlockList, isIP } from 'node:net';
import type { NetworkInterfaceInfo } from 'node:os';
import { PcAgentError } from '../../base/errors.ts';
import { unmapped } from '../../base/ip-address.ts';
import type { InterfaceView } from '../../contract/listening.ts';

/** As `os.networkInterfaces` gives them: those that are up. */
export type Interfaces = Readonly<Record<string, readonly NetworkInterfaceInfo[] | undefined>>;

/** One address of one interface of this computer. */
export interface NetworkPlace {
  readonly host: string;
  /** `undefined`: the usual one. */
  readonly port: number | undefined;
  /** It has no network: it is one end of a link between two (PPP). */
  readonly alone: boolean;
  /** Whether an address is on the network of this interface: others reach it through another one. */
  readonly isNear: (address: string) => boolean;
}

/** `INTERFACE[:PORT]`, `ADDRESS[:PORT]` or `[IPV6][:PORT]`; Windows has interfaces such as `Ethernet 2`. */
const FORM = /^(?:\[([0-9A-Fa-f:.]+)\]|([^:[\]]+))(?::(\d{1,5}))?$/;

/** A place as a person writes it. @throws PcAgentError `listening/place-invalid` */
export function parsePlace(text: string): { readonly host: string; readonly port: number | undefined } {
  const bare = isIP(text) === 6 ? [text, text] : undefined;
  const [, v6, name, port] = bare ?? FORM.exec(text) ?? [];
  const host = v6 ?? name;
  if (host === undefined || (port !== undefined && Number(port) > 65535)) {
    throw new PcAgentError(
      'listening/place-invalid',
      `not a place to listen: ${text} (INTERFACE:PORT or ADDRESS:PORT)`,
      {
        retry: 'never',
      },
    );
  }
  return { host, port: port === undefined ? undefined : Number(port) };
}

/** Every interface at once. */
export function isWildcard(host: string): boolean {
  return host === '*' || host === '0.0.0.0' || (isIP(host) === 6 && /^[0:]*$/.test(host));
}

/**
 * The interface that a person names, whether it is here now or not.
 * @throws PcAgentError `listening/place-invalid`, `listening/everywhere`
 */
export function oneInterface(wanted: string | undefined): string {
  if (wanted === undefined) {
    throw new PcAgentError(
      'listening/place-invalid',
      'an interface of this computer, or its address, has to be named',
      { retry: 'never' },
    );
  }
  if (/^\d+$/.test(wanted)) {
    throw new PcAgentError(
      'listening/place-invalid',
      `${wanted} is no interface: did you mean a port of one, such as usb0:${wanted}?`,
      { retry: 'never' },
    );
  }
  if (isWildcard(parsePlace(wanted).host)) throw everywhere();
  return wanted;
}

/**
 * The one address that a place means.
 * @throws PcAgentError `listening/place-invalid`, `listening/everywhere`, `listening/interface-absent`
 */
export function networkPlace(text: string, interfaces: Interfaces): NetworkPlace {
  const { host, port } = parsePlace(text);
  if (isWildcard(host)) throw everywhere();
  const found = networkAddress(host, interfaces);
  const alone = !found.internal && maskOf(found) === (found.family === 'IPv4' ? 32 : 128);
  return { host: found.address, port, alone, isNear: neighbours(found) };
}

function everywhere(): PcAgentError {
  return new PcAgentError('listening/everywhere', 'this way in is for one interface, not for all', { retry: 'never' });
}

/** What an address or an interface by its name is now. @throws PcAgentError `listening/interface-absent` */
export function networkAddress(host: string, interfaces: Interfaces): NetworkInterfaceInfo {
  // Not what every object has under a name.
  const named = Object.hasOwn(interfaces, host) ? interfaces[host] : undefined;
  const found = isIP(host) === 0 ? addressOf(named ?? []) : infoOf(host, interfaces);
  if (found !== undefined) return found;
  throw new PcAgentError('listening/interface-absent', `no interface of this computer is ${host} now`, {
    retry: 'later',
    details: { interface: host },
  });
}

/** Whether this address is still one of this computer's. */
export function isHere(host: string, interfaces: Interfaces): boolean {
  return infoOf(host, interfaces) !== undefined;
}

/** For people to choose from. */
export function interfaceViews(interfaces: Interfaces): InterfaceView[] {
  return Object.entries(interfaces).map(([name, infos = []]) => ({
    name,
    addresses: infos.filter(isUsable).map(({ address }) => address),
    loopback: infos.some(({ internal }) => internal),
  }));
}

function infoOf(host: string, interfaces: Interfaces): NetworkInterfaceInfo | undefined {
  return Object.values(interfaces)
    .flatMap((infos) => infos ?? [])
    .find(({ address }) => address.toLowerCase() === host.toLowerCase());
}

/** IPv4 first: it is what handsets have. */
function addressOf(infos: readonly NetworkInterfaceInfo[]): NetworkInterfaceInfo | undefined {
  return infos.find(({ family }) => family === 'IPv4') ?? infos.find(isUsable);
}

/** A link-local IPv6 address means nothing without its zone, which has no place in a URL (RFC 3986, 3.2.2). */
function isUsable({ family, address }: NetworkInterfaceInfo): boolean {
  return family === 'IPv4' || !/^fe[89ab]/i.test(address);
}

/**
 * The system takes a packet for an address of its own through any interface (RFC 1122, 3.3.4.2, the weak model), so that
 * binding alone would leave the way in open to the other networks of this computer.
 */
function neighbours(info: NetworkInterfaceInfo): (address: string) => boolean {
  const near = new BlockList();
  near.addSubnet(info.address, maskOf(info), info.family === 'IPv4' ? 'ipv4' : 'ipv6');
  return (other) => {
    const plain = unmapped(other);
    return isIP(plain) !== 0 && near.check(plain, isIP(plain) === 6 ? 'ipv6' : 'ipv4');
  };
}

/** Bits of an address that are the network's. */
function maskOf({ cidr, family }: NetworkInterfaceInfo): number {
  return Number(cidr?.split('/')[1] ?? (family === 'IPv4' ? 32 : 128));
}
