import { fromBase64, toBase64 } from '../../base/base64.ts';
import type { ByteSource } from '../../base/byte-source.ts';
import { textOf } from '../../base/bytes.ts';
import { authTypeOf } from '../auth/credentials.ts';
import type { AccessType, NodeSpec } from '../tree/node.ts';
import {
  type AccountAddress,
  type AccountObject,
  accountOf,
  addressTypeOf,
  authName,
  authOfName,
  type CredentialSet,
  chosenSets,
  isServerId,
  portOf,
} from './account-object.ts';
import { ObjectId } from './object-ids.ts';
import { childOf, leafText, type ObjectNode, octetsOf } from './object-node.ts';

/** What the standard demands is Get; who may do the rest the ACL of the account says. */
const OPEN: readonly AccessType[] = ['Get', 'Replace'];
/** Nobody reads a secret. */
const SECRET: readonly AccessType[] = ['Replace'];
/** Of which server an account is does not change. */
const SERVER_ID: NodeSpec = { format: 'chr', access: ['Get'], permanent: true };
const MAX_SERVER_ID = 255;

const leaf = (value: string): NodeSpec => ({ format: 'chr', value, access: OPEN });
const node = (children: Readonly<Record<string, NodeSpec>>): NodeSpec => ({
  format: 'node',
  access: ['Get'],
  children,
});

/** One credential set below `AppAuth`. */
function credentialSpec(level: string, type: string, set: Readonly<Record<'name' | 'secret' | 'nonce', string>>) {
  return node({
    AAuthLevel: leaf(level),
    AAuthType: leaf(type),
    AAuthName: leaf(set.name),
    AAuthSecret: { format: 'chr', value: set.secret, access: SECRET },
    AAuthData: { format: 'bin', value: fromBase64(set.nonce) ?? new Uint8Array(), access: SECRET },
  });
}

function addressSpec({ address, type, port }: AccountAddress): NodeSpec {
  const ports = port === undefined ? {} : { Port: node({ '1': node({ PortNbr: leaf(String(port)) }) }) };
  return node({ Addr: leaf(address), AddrType: leaf(type), ...ports });
}

/** The server of an account manages it, and no other server sees it (DM Standardized Objects 1.2, appendix). */
export function accountAcl(serverId: string): string {
  return `Delete=${serverId}&Get=${serverId}&Replace=${serverId}`;
}

/** An account as a DMAcc object of DM 1.2 (DM Standardized Objects 1.2, 7.1.3.1). */
export function dmAccSpec(account: AccountObject): NodeSpec {
  const { serverId, name, connection, addresses, auth } = account;
  const type = authName(auth);
  const client = { name: account.user, secret: account.password, nonce: account.clientNonce };
  const server = { name: serverId, secret: account.serverPassword, nonce: account.serverNonce };
  return {
    format: 'node',
    type: ObjectId.DmAcc,
    access: ['Get', 'Delete', 'Replace'],
    acl: accountAcl(serverId),
    children: {
      AppID: leaf('w7'),
      ServerID: { ...SERVER_ID, value: serverId },
      ...(name === undefined ? {} : { Name: leaf(name) }),
      ...(connection === undefined ? {} : { PrefConRef: leaf(connection) }),
      AppAddr: node(Object.fromEntries(addresses.map((each, index) => [String(index + 1), addressSpec(each)]))),
      AAuthPref: leaf(authName(account.preferred ?? auth)),
      AppAuth: node({
        Client: credentialSpec('CLCRED', type, client),
        Server: credentialSpec('SRVCRED', type, server),
      }),
    },
  };
}

/** What a server may add to an account, or to the list of them: interior nodes and leaves by their names. */
const ACCOUNT_CHILDREN: Readonly<Record<string, 'chr' | 'bin' | 'node'>> = {
  AppID: 'chr',
  ServerID: 'chr',
  Name: 'chr',
  PrefConRef: 'chr',
  ToConRef: 'node',
  ConRef: 'chr',
  AppAddr: 'node',
  Addr: 'chr',
  AddrType: 'chr',
  Port: 'node',
  PortNbr: 'chr',
  AAuthPref: 'chr',
  AppAuth: 'node',
  AAuthLevel: 'chr',
  AAuthType: 'chr',
  AAuthName: 'chr',
  AAuthSecret: 'chr',
  AAuthData: 'bin',
  Ext: 'node',
};

/**
 * How a node below an account is made that a server adds; a name that the object does not have names a set of nodes.
 * Which server an account is of is said once and for all, and of no server that has one: rights hang on it.
 * @param isFree whether this is a server that has no account.
 */
export function addedToAccount(isFree: (serverId: string) => boolean): (name: string) => NodeSpec {
  const added = (name: string): NodeSpec => {
    const format = Object.hasOwn(ACCOUNT_CHILDREN, name) ? ACCOUNT_CHILDREN[name] : undefined;
    if (format === undefined || format === 'node') {
      return { format: 'node', access: ['Get', 'Add', 'Delete', 'Replace'], allowed: added };
    }
    if (name === 'ServerID') return { ...SERVER_ID, admits: (value) => isFree(serverIdIn(value)) };
    const secret = name === 'AAuthSecret' || name === 'AAuthData';
    return { format, access: secret ? SECRET : OPEN };
  };
  return added;
}

/** Empty for what is none. */
function serverIdIn(value: ByteSource | undefined): string {
  if (value === undefined || value.length > MAX_SERVER_ID) return '';
  const text = textOf(value.subarray(0, value.length));
  return isServerId(text) ? text : '';
}

/** Where the nonces of an account are, below its node. */
export interface NoncePlaces {
  readonly client: string;
  readonly server: string;
}

/** The AAuthData of each set of credentials that counts; a server may have named the sets otherwise than we do. */
export function noncePlaces(uri: string, account: ObjectNode): Partial<NoncePlaces> {
  const sets = [...(childOf(account, 'AppAuth')?.children.values() ?? [])].flatMap((set) =>
    credentialsOf(set).map((credentials) => ({ ...credentials, place: `${uri}/AppAuth/${set.name}/AAuthData` })),
  );
  const { client, server } = chosenSets(sets, authOfName(leafText(account, 'AAuthPref')));
  return {
    ...(client === undefined ? {} : { client: client.place }),
    ...(server === undefined ? {} : { server: server.place }),
  };
}

/**
 * The account that an object of DM 1.2 or of the layout before it (1.1.2) describes; `undefined` when it cannot be used.
 */
export function readDmAcc(account: ObjectNode): AccountObject | undefined {
  return childOf(account, 'AppAuth') === undefined ? readOldDmAcc(account) : readNewDmAcc(account);
}

function readNewDmAcc(account: ObjectNode): AccountObject | undefined {
  const appId = leafText(account, 'AppID');
  if (appId !== undefined && appId !== 'w7') return undefined;
  return accountOf({
    serverId: leafText(account, 'ServerID'),
    name: leafText(account, 'Name'),
    connection: leafText(account, 'PrefConRef'),
    addresses: [...(childOf(account, 'AppAddr')?.children.values() ?? [])].map(addressOf),
    preferred: authOfName(leafText(account, 'AAuthPref')),
    credentials: [...(childOf(account, 'AppAuth')?.children.values() ?? [])].flatMap(credentialsOf),
  });
}

function addressOf(address: ObjectNode): AccountAddress {
  const [first] = childOf(address, 'Port')?.children.values() ?? [];
  const port = portOf(leafText(first, 'PortNbr'));
  return {
    address: leafText(address, 'Addr') ?? '',
    type: addressTypeOf(leafText(address, 'AddrType')),
    ...(port === undefined ? {} : { port }),
  };
}

function levelOf(text: string | undefined): CredentialSet['level'] | undefined {
  const level = text?.trim().toUpperCase();
  return level === 'CLCRED' ? 'client' : level === 'SRVCRED' ? 'server' : undefined;
}

/** `OBEX` and `HTTP` are credentials of the layer below, which this program does not use. */
function credentialsOf(set: ObjectNode): readonly CredentialSet[] {
  const level = levelOf(leafText(set, 'AAuthLevel'));
  const auth = authOfName(leafText(set, 'AAuthType') ?? 'DIGEST');
  if (level === undefined || auth === undefined) return [];
  const nonce = octetsOf(childOf(set, 'AAuthData'));
  return [
    {
      level,
      auth,
      name: leafText(set, 'AAuthName'),
      secret: leafText(set, 'AAuthSecret'),
      nonce: nonce === undefined ? undefined : toBase64(nonce),
    },
  ];
}

/** DM 1.1.2: one set of leaves without levels below them. */
function readOldDmAcc(account: ObjectNode): AccountObject | undefined {
  const preferred = leafText(account, 'AuthPref');
  const auth = authTypeOf(preferred) ?? authOfName(preferred) ?? 'md5';
  const nonce = (name: string): string | undefined => {
    const octets = octetsOf(childOf(account, name));
    return octets === undefined ? undefined : toBase64(octets);
  };
  const serverId = leafText(account, 'ServerId');
  const address = leafText(account, 'Addr');
  const port = portOf(leafText(account, 'PortNbr'));
  const type = addressTypeOf(leafText(account, 'AddrType'));
  return accountOf({
    serverId,
    name: leafText(account, 'Name'),
    connection: leafText(account, 'ConRef'),
    addresses: address === undefined ? [] : [{ address, type, ...(port === undefined ? {} : { port }) }],
    preferred: auth,
    credentials: [
      {
        level: 'client',
        auth,
        name: leafText(account, 'UserName'),
        secret: leafText(account, 'ClientPW'),
        nonce: nonce('ClientNonce'),
      },
      { level: 'server', auth, name: serverId, secret: leafText(account, 'ServerPW'), nonce: nonce('ServerNonce') },
    ],
  });
}
