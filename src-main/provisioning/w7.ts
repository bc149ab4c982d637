import {
  type AccountAddress,
  type AccountObject,
  accountOf,
  addressTypeOf,
  authName,
  authOfName,
  type CredentialSet,
  portOf,
} from '../dm/objects/account-object.ts';
import type { Characteristic } from './cp-document.ts';

/** The application that a DM account is (OMA AC w7 1.0). */
const APP_ID = 'w7';

/** AAUTHLEVEL: who proves itself, in the words of provisioning (DM Standardized Objects 1.2, appendix). */
const LEVELS: Readonly<Record<CredentialSet['level'], string>> = { client: 'APPSRV', server: 'CLIENT' };

/** Accounts of DM servers in a document; other applications, and accounts that lack something, are left out. */
export function accountsInDocument(characteristics: readonly Characteristic[]): readonly AccountObject[] {
  return characteristics.flatMap((each) => {
    if (each.type !== 'APPLICATION' || each.parms.get('APPID')?.trim().toLowerCase() !== APP_ID) return [];
    const account = accountOfApplication(each);
    return account === undefined ? [] : [account];
  });
}

function accountOfApplication({ parms, inner }: Characteristic): AccountObject | undefined {
  const addresses = inner.filter(({ type }) => type === 'APPADDR').map(addressOf);
  const plain = parms.get('ADDR');
  return accountOf({
    serverId: parms.get('PROVIDER-ID'),
    name: parms.get('NAME'),
    connection: parms.get('TO-NAPID') ?? parms.get('TO-PROXY'),
    // A bare ADDR beside APPID is the short form of one address.
    addresses: plain === undefined ? addresses : [{ address: plain, type: 'URI' as const }, ...addresses],
    preferred: undefined,
    credentials: inner.filter(({ type }) => type === 'APPAUTH').flatMap(credentialsOf),
  });
}

function addressOf({ parms, inner }: Characteristic): AccountAddress {
  const port = portOf(inner.find(({ type }) => type === 'PORT')?.parms.get('PORTNBR'));
  return {
    address: parms.get('ADDR') ?? '',
    type: addressTypeOf(parms.get('ADDRTYPE')),
    ...(port === undefined ? {} : { port }),
  };
}

function credentialsOf({ parms }: Characteristic): readonly CredentialSet[] {
  const wanted = parms.get('AAUTHLEVEL')?.trim().toUpperCase();
  const level = (['client', 'server'] as const).find((each) => LEVELS[each] === wanted);
  const auth = authOfName(parms.get('AAUTHTYPE') ?? 'DIGEST');
  if (level === undefined || auth === undefined) return [];
  return [
    { level, auth, name: parms.get('AAUTHNAME'), secret: parms.get('AAUTHSECRET'), nonce: parms.get('AAUTHDATA') },
  ];
}

const characteristic = (
  type: string,
  parms: readonly (readonly [string, string])[],
  inner: readonly Characteristic[] = [],
): Characteristic => ({ type, parms: new Map(parms), inner });

/** The account as the APPLICATION of a document. */
export function applicationOf(account: AccountObject): Characteristic {
  const { serverId, name, connection, addresses, auth } = account;
  const type = authName(auth);
  const credentials = (level: CredentialSet['level'], user: string, secret: string, nonce: string) =>
    characteristic('APPAUTH', [
      ['AAUTHLEVEL', LEVELS[level]],
      ['AAUTHTYPE', type],
      ['AAUTHNAME', user],
      ['AAUTHSECRET', secret],
      ...(nonce === '' ? [] : [['AAUTHDATA', nonce] as const]),
    ]);
  return characteristic(
    'APPLICATION',
    [
      ['APPID', APP_ID],
      ['PROVIDER-ID', serverId],
      ...(name === undefined ? [] : [['NAME', name] as const]),
      ...(connection === undefined ? [] : [['TO-NAPID', connection] as const]),
    ],
    [
      ...addresses.map(addressCharacteristic),
      credentials('client', account.user, account.password, account.clientNonce),
      credentials('server', serverId, account.serverPassword, account.serverNonce),
    ],
  );
}

function addressCharacteristic({ address, type, port }: AccountAddress): Characteristic {
  // A URI is what an address is without a type; IPv4 and IPv6 are written in capitals there.
  const kind = type === 'URI' ? [] : [['ADDRTYPE', type.toUpperCase()] as const];
  const ports = port === undefined ? [] : [characteristic('PORT', [['PORTNBR', String(port)]])];
  return characteristic('APPADDR', [['ADDR', address], ...kind], ports);
}
