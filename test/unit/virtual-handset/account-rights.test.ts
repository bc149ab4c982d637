/** What a server that is allowed little does to get the rights of another one, by every way into the tree. */
import { expect, it } from 'vitest';
import { octetsOf } from '../../../src-main/base/byte-source.ts';
import { textOf, utf8 } from '../../../src-main/base/bytes.ts';
import { dmAccSpec } from '../../../src-main/dm/objects/dm-acc.ts';
import type { TndsNode } from '../../../src-main/dm/tnds/tnds.ts';
import { encodeTnds, TNDS_TYPE } from '../../../src-main/dm/tnds/write-tnds.ts';
import { queryTree } from '../../../src-main/dm/tree/query.ts';
import { objectTree } from '../../../src-main/provisioning/account-tree.ts';
import { Alert } from '../../../src-main/syncml/alert.ts';
import { Status } from '../../../src-main/syncml/status.ts';
import { gist } from '../../support/dm-pair.ts';
import { ACCOUNT, handsetOf } from './handset-fixture.ts';

const STRONG = ACCOUNT;
const WEAK = { ...ACCOUNT, serverId: 'weak', serverPassword: 'weak-pw', rights: ['Get', 'Add'] as const };

const value = (text: string) => ({ format: undefined, type: undefined, value: utf8(text) });
const NODE = { format: 'node', type: undefined, value: undefined };

/** Two servers; `equal`: the second one may do everything as well. */
function twoServers(equal = false) {
  const { rights, ...other } = WEAK;
  const { handset } = handsetOf({ accounts: [equal ? other : { ...other, rights }, STRONG] });
  const of = (serverId: string) => handset.accounts.all.filter((account) => account.serverId === serverId);
  return { handset, tree: handset.device.tree, of };
}

const tnds = (node: TndsNode) => ({
  format: 'bin',
  type: TNDS_TYPE.wbxml,
  value: encodeTnds({ nodes: [node] }, 'wbxml'),
});
const accountTree = (serverId: string) =>
  objectTree('x', dmAccSpec({ ...STRONG, serverId, serverPassword: 'owned', addresses: [] }));

it('an account is replaced by the Inbox by whom may replace it', () => {
  const { tree, of } = twoServers();
  expect(tree.add('./Inbox', tnds(accountTree(STRONG.serverId)), 'weak')).toBe(Status.PermissionDenied);
  expect(of(STRONG.serverId)).toMatchObject([{ serverPassword: STRONG.serverPassword }]);
  expect(tree.add('./Inbox', tnds(accountTree(STRONG.serverId)), STRONG.serverId)).toBe(Status.Ok);
  expect(of(STRONG.serverId)).toMatchObject([{ serverPassword: 'owned' }]);
});

it('an account that comes by the Inbox belongs to its server, whether it says so or not', () => {
  const { tree } = twoServers(true);
  expect(tree.add('./Inbox', tnds({ ...accountTree('new'), properties: {} }), STRONG.serverId)).toBe(Status.Ok);
  const secret = './DMAcc/new/AppAuth/Server/AAuthSecret';
  expect(tree.replace(secret, value('taken'), 'weak')).toBe(Status.PermissionDenied);
  expect(tree.replace(secret, value('mine'), 'new')).toBe(Status.Ok);
});

it('no server makes an account that is of another one', () => {
  const { tree, of } = twoServers();
  const { serverId } = STRONG;
  expect(tree.replace('./DMAcc/weak/ServerID', value(serverId), 'weak')).toBe(Status.CommandNotAllowed);
  expect(tree.replaceProperty('./DMAcc/weak/ServerID', 'Name', 'Addr', 'weak')).toBe(Status.CommandNotAllowed);
  const { children, ...top } = accountTree('weak');
  const rest = children.filter(({ name }) => name !== 'ServerID');
  expect(tree.replace('./DMAcc/weak', tnds({ ...top, name: '', properties: {}, children: rest }), 'weak')).toBe(200);
  expect(of('weak')).toHaveLength(1);
  expect(tree.add('./DMAcc/more', NODE, 'weak')).toBe(Status.Ok);
  expect(tree.add('./DMAcc/more/ServerID', { ...value(serverId), format: 'chr' }, 'weak')).toBe(Status.Forbidden);
  expect(tree.copy(`./DMAcc/more/AAuthPref`, './DMAcc/more/ServerID', 'weak')).toBe(Status.NotFound);
  expect(tree.add('./DMAcc/more/ServerID', { ...value('third'), format: 'chr' }, 'weak')).toBe(Status.Ok);
  expect(tree.add('./DMAcc', tnds(accountTree(serverId)), 'weak')).toBe(Status.Forbidden);
  const twice = accountTree('fourth');
  const second = accountTree(serverId).children.filter(({ name }) => name === 'ServerID');
  const misleading = tnds({ ...twice, children: [...twice.children, ...second] });
  expect(tree.add('./Inbox', misleading, 'weak')).toBe(Status.BadRequest);
  expect(of(serverId)).toMatchObject([{ serverPassword: STRONG.serverPassword }]);
});

it('the right to replace everything is no right to the accounts of others', () => {
  const { tree } = twoServers(true);
  const uri = `./DMAcc/${STRONG.serverId}`;
  expect(tree.replaceProperty(uri, 'ACL', 'Get=weak&Replace=weak', 'weak')).toBe(Status.PermissionDenied);
  expect(tree.replaceProperty('./DMAcc', 'ACL', 'Replace=weak', 'weak')).toBe(Status.CommandNotAllowed);
  expect(tree.replace(`${uri}/AppAuth/Server/AAuthSecret`, value('x'), 'weak')).toBe(Status.PermissionDenied);
});

it('what one server has begun no other hears of, and nobody any more when that one is gone', () => {
  const { handset, tree } = twoServers(true);
  const heard = (account: typeof STRONG) => {
    const session = handset.begin({ account, sessionId: '1A', alert: Alert.ClientInitiatedMgmt, server: 'x' });
    return gist(session.start()).includes('Alert 1226');
  };
  expect(tree.exec('./SCM/Inventory/Deployed/clock/Operations/Remove', 'c', undefined, 'weak')).toBe(Status.Accepted);
  handset.device.settle();
  expect([heard(STRONG), heard(WEAK), heard(STRONG)]).toEqual([false, true, false]);
  expect(handset.options.state.state.alerts).toMatchObject([{ server: 'weak', correlator: 'c' }]);
  expect(tree.delete('./DMAcc/weak', 'weak')).toBe(Status.Ok);
  const last = handset.begin({ account: STRONG, sessionId: '1B', alert: Alert.ClientInitiatedMgmt, server: 'x' });
  handset.finish(STRONG, last);
  expect(handset.device.waitingAlerts()).toEqual([]);
});

it('a secret is not read under another name', () => {
  const { tree } = twoServers();
  const client = './DMAcc/weak/AppAuth/Client';
  for (const name of ['Addr', 'PortNbr', 'PrefConRef']) {
    expect(tree.replaceProperty(`${client}/AAuthSecret`, 'Name', name, 'weak')).toBe(Status.CommandNotAllowed);
  }
  const all = queryTree(tree, './DMAcc/weak?list=StructData', 'weak', 'xml');
  const texts = all.kind === 'found' ? all.items.map((item) => textOf(octetsOf(item.value ?? new Uint8Array()))) : [];
  expect(texts).toContain('handset');
  expect(texts).not.toContain(WEAK.password);
});
