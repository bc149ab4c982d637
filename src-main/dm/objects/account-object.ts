import type { Account } from '../account.ts';
import { type AuthType, atLeast } from '../auth/credentials.ts';

/** One way to a server: an address of a kind, perhaps with a port. */
export interface AccountAddress {
  readonly address: string;
  readonly type: 'URI' | 'IPv4' | 'IPv6';
  readonly port?: number;
}

/** An account with everything that its object keeps (DMAcc 1.2; dm-tree sheet, 6.3). */
export interface AccountObject extends Account {
  /** For people. */
  readonly name?: string;
  readonly addresses: readonly AccountAddress[];
  /** Preferred connection, by its reference. */
  readonly connection?: string;
}

/** AAuthType of each scheme; `TRANSPORT` leaves it to the layer below. */
const AUTH_NAMES: Readonly<Record<AuthType, string>> = {
  none: 'TRANSPORT',
  basic: 'BASIC',
  md5: 'DIGEST',
  mac: 'HMAC',
};

export function authName(auth: AuthType): string {
  return AUTH_NAMES[auth];
}

/** `undefined` for a type that this program does not speak, such as X509. */
export function authOfName(name: string | undefined): AuthType | undefined {
  const wanted = name?.trim().toUpperCase();
  return (['none', 'basic', 'md5', 'mac'] as const).find((auth) => AUTH_NAMES[auth] === wanted);
}

const MAX_PORT = 65_535;

export function portOf(text: string | undefined): number | undefined {
  const port = /^\d{1,5}$/.test(text ?? '') ? Number(text) : 0;
  return port > 0 && port <= MAX_PORT ? port : undefined;
}

export function addressTypeOf(text: string | undefined): AccountAddress['type'] {
  switch (text?.trim().toUpperCase()) {
    case 'IPV4':
      return 'IPv4';
    case 'IPV6':
      return 'IPv6';
    default:
      // The default of AddrType (DM Standardized Objects 1.2, 7.1.3.1).
      return 'URI';
  }
}

/** One set of credentials as a document or an object lists it. */
export interface CredentialSet {
  readonly level: 'client' | 'server';
  readonly auth: AuthType;
  readonly name: string | undefined;
  readonly secret: string | undefined;
  /** Base64. */
  readonly nonce: string | undefined;
}

export interface AccountParts {
  readonly serverId: string | undefined;
  readonly name: string | undefined;
  readonly connection: string | undefined;
  readonly addresses: readonly AccountAddress[];
  readonly preferred: AuthType | undefined;
  readonly credentials: readonly CredentialSet[];
}

/** Identifiers go into ACLs and notifications (TND 1.2, 7.7.1): printable, without what separates entries there. */
const SERVER_ID = /^[\x21-\x7e]{1,255}$/;

export function isServerId(text: string): boolean {
  return SERVER_ID.test(text) && !/[=&*+]/.test(text);
}

/** Of several sets of credentials those that count: the preferred scheme's and the server's of the same, else the first. */
export function chosenSets<S extends Pick<CredentialSet, 'level' | 'auth'>>(
  sets: readonly S[],
  preferred: AuthType | undefined,
): { readonly client: S | undefined; readonly server: S | undefined } {
  const ofClient = sets.filter(({ level }) => level === 'client');
  const client = ofClient.find(({ auth }) => auth === preferred) ?? ofClient[0];
  const ofServer = sets.filter(({ level }) => level === 'server');
  return { client, server: ofServer.find(({ auth }) => auth === client?.auth) ?? ofServer[0] };
}

/** The account that the parts make; `undefined` when something is missing without which there is no session. */
export function accountOf(parts: AccountParts): AccountObject | undefined {
  const { serverId = '', preferred, credentials, name, connection, addresses } = parts;
  const { client, server } = chosenSets(credentials, preferred);
  if (!isServerId(serverId) || client === undefined || (client.name ?? '') === '') return undefined;
  // Without a secret nobody could be told from anybody else, unless the document says that the transport sees to it.
  const open = client.auth === 'none';
  if (!open && (client.secret === undefined || server?.secret === undefined)) return undefined;
  return {
    serverId,
    serverPassword: server?.secret ?? '',
    user: client.name ?? '',
    password: client.secret ?? '',
    auth: client.auth,
    ...(preferred === undefined || preferred === client.auth || !atLeast(preferred, client.auth) ? {} : { preferred }),
    serverNonce: server?.nonce ?? '',
    clientNonce: client.nonce ?? '',
    ...(name === undefined || name === '' ? {} : { name }),
    ...(connection === undefined || connection === '' ? {} : { connection }),
    addresses,
  };
}
