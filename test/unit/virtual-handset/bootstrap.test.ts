import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { octetsOf } from '../../../src-main/base/byte-source.ts';
import { textOf, utf8 } from '../../../src-main/base/bytes.ts';
import { nodeHmacSha1 } from '../../../src-main/base/node/digest.ts';
import type { AccountObject } from '../../../src-main/dm/objects/account-object.ts';
import { noncePlaces, readDmAcc } from '../../../src-main/dm/objects/dm-acc.ts';
import type { TndsNode } from '../../../src-main/dm/tnds/tnds.ts';
import { encodeTnds, TNDS_TYPE } from '../../../src-main/dm/tnds/write-tnds.ts';
import { queryTree } from '../../../src-main/dm/tree/query.ts';
import { bootstrapDocument } from '../../../src-main/provisioning/bootstrap-document.ts';
import { Status } from '../../../src-main/syncml/status.ts';
import { takeBootstrap } from '../../../src-main/virtual/handset/bootstrap.ts';
import type { Handset } from '../../../src-main/virtual/handset/handset.ts';
import { HandsetStateFile } from '../../../src-main/virtual/handset/handset-state.ts';
import { ACCOUNT, handsetOf } from './handset-fixture.ts';

const never = new AbortController().signal;
const folder = mkdtempSync(join(tmpdir(), 'bootstrap-'));
afterAll(() => rmSync(folder, { recursive: true }));

const NEW: AccountObject = {
  ...{ serverId: 'pc-agent', serverPassword: 'agent', user: 'phone', password: 'secret-of-phone', auth: 'md5' },
  ...{ serverNonce: 'c2VydmVy', clientNonce: 'Y2xpZW50', name: 'PC Agent' },
  addresses: [{ address: 'obex:pc-agent', type: 'URI', port: 650 }],
};
const IMSI = '262021234567890';
const SECRETS = { pin: '1234', imsi: IMSI, hmac: nodeHmacSha1 };

function documentOf(options: Partial<Parameters<typeof bootstrapDocument>[1]> = {}, account = NEW) {
  const wanted = { profile: 'dm', security: 'pin', secrets: { pin: '1234', imsi: IMSI }, ...options } as const;
  const document = bootstrapDocument(account, wanted, nodeHmacSha1);
  if (document === undefined) throw new Error('it could not be signed');
  return document;
}

async function give(handset: Handset, document: { contentType: string; body: Uint8Array }): Promise<void> {
  await takeBootstrap(handset, document.contentType, document.body, never);
}

const codes = (events: readonly Record<string, unknown>[]) =>
  events.filter(({ type }) => type === 'error').map(({ code }) => code);

/** What a server reads: text, or the Status code that it gets instead. */
function read({ device }: Handset, uri: string, authority: string): string | number {
  const answer = queryTree(device.tree, uri, authority, 'wbxml');
  if (answer.kind === 'refused') return answer.code;
  const value = answer.items[0]?.value;
  return value === undefined ? '' : textOf(octetsOf(value));
}

describe('a bootstrap document', () => {
  it.each([
    ['dm', 'pin'],
    ['dm', 'network'],
    ['dm', 'network-pin'],
    ['cp', 'pin'],
    ['cp', 'network'],
    ['cp', 'network-pin'],
  ] as const)('of profile %s, signed by %s, is taken, also when the account was there', async (profile, security) => {
    const { handset, events } = handsetOf({ bootstrap: SECRETS });
    await give(handset, documentOf({ profile, security }));
    expect(handset.accounts.find('pc-agent')).toEqual(NEW);
    await give(handset, documentOf({ profile, security }, { ...NEW, password: 'another' }));
    expect(handset.accounts.find('pc-agent')?.password).toBe('another');
    expect(handset.accounts.all.map(({ serverId }) => serverId)).toEqual([ACCOUNT.serverId, 'pc-agent']);
    expect(codes(events)).toEqual([]);
    expect(JSON.stringify(events)).not.toMatch(/secret-of-phone|another|agent"password/);
  });

  it('with a wrong sum changes nothing and is told of', async () => {
    const { handset, events } = handsetOf({ bootstrap: SECRETS });
    const wrong = documentOf({ secrets: { pin: '9999' } });
    const right = documentOf();
    await give(handset, wrong);
    await give(handset, { ...right, contentType: right.contentType.replace(/MAC=..../, 'MAC=0000') });
    await give(handset, { ...right, contentType: right.contentType.replace('SEC=USERPIN', 'SEC=SOMETHING') });
    await give(handset, { ...right, body: right.body.subarray(1) });
    expect(codes(events)).toEqual(new Array(4).fill('provisioning/mac-wrong'));
    expect(handset.accounts.find('pc-agent')).toBeUndefined();
  });

  it('without a signature is taken for a new server only', async () => {
    const { handset, events } = handsetOf({ bootstrap: SECRETS });
    const bare = { ...documentOf(), contentType: 'application/vnd.syncml.dm+wbxml' };
    await give(handset, bare);
    expect(handset.accounts.find('pc-agent')).toEqual(NEW);
    const stolen = { ...documentOf({}, { ...NEW, password: 'thief' }), contentType: bare.contentType };
    await give(handset, stolen);
    expect(codes(events)).toEqual(['provisioning/not-signed']);
    expect(handset.accounts.find('pc-agent')).toEqual(NEW);
  });

  it('that holds nothing to take is told of by its name and harms nothing', async () => {
    const { handset, events } = handsetOf({ bootstrap: SECRETS });
    const contentType = 'text/vnd.wap.connectivity-xml';
    await give(handset, { contentType, body: utf8('<wap-provisioningdoc/>') });
    await give(handset, { contentType, body: utf8('<wap-prov') });
    await give(handset, { contentType, body: new Uint8Array(10 * 1024 * 1024) });
    await give(handset, { contentType: 'text/plain', body: utf8('hello') });
    expect(codes(events)).toEqual(['provisioning/no-account', 'provisioning/malformed', 'provisioning/too-large']);
    expect(handset.accounts.all).toHaveLength(1);
  });

  it('waits for the PIN that a person types, three times at most', async () => {
    const typed = ['1', '4321', '1234'];
    const questions: unknown[] = [];
    const askPerson = async (question: unknown) => {
      questions.push(question);
      return { text: typed.shift() ?? '' };
    };
    const { handset, events } = handsetOf({ bootstrap: { imsi: IMSI, hmac: nodeHmacSha1 }, askPerson });
    await give(handset, documentOf());
    expect(questions).toHaveLength(3);
    expect(questions[0]).toMatchObject({ kind: 'input', hidden: true, inputType: 'numeric' });
    expect(handset.accounts.find('pc-agent')).toEqual(NEW);
    await give(handset, documentOf());
    expect(codes(events)).toEqual(['provisioning/mac-wrong']);
    // Nobody is asked about what no handset takes, and it is not kept meanwhile.
    await give(handset, { contentType: documentOf().contentType, body: new Uint8Array(1024 * 1024) });
    expect([questions.length, ...codes(events).slice(1)]).toEqual([6, 'provisioning/too-large']);
    const refusing = handsetOf({ bootstrap: { imsi: IMSI, hmac: nodeHmacSha1 }, askPerson: async () => 'cancel' });
    await give(refusing.handset, documentOf());
    expect(refusing.handset.accounts.find('pc-agent')).toBeUndefined();
  });

  it('is taken for good: a handset that is killed afterwards has the account, its nonces, and what was added beside it', async () => {
    const state = join(folder, 'killed');
    const first = handsetOf({ bootstrap: SECRETS, state: new HandsetStateFile(state) });
    await give(first.handset, documentOf());
    expect(first.handset.device.tree.delete(`./DMAcc/${ACCOUNT.serverId}`, ACCOUNT.serverId)).toBe(Status.Ok);
    first.handset.keepTree();
    const second = handsetOf({ bootstrap: SECRETS, state: new HandsetStateFile(state) });
    expect(second.handset.accounts.all).toEqual([NEW]);
    expect(read(second.handset, './DMAcc/pc-agent/Name', 'pc-agent')).toBe('PC Agent');
    expect(read(second.handset, './DMAcc/pc-agent/Name', 'stranger')).toBe(Status.PermissionDenied);
    first.handset.close();
    second.handset.close();
  });
});

describe('the objects of a handset', () => {
  it('[TREE-6-01] [TREE-6-02] are known by their identifiers', async () => {
    const { handset } = handsetOf({ bootstrap: SECRETS });
    await give(handset, documentOf());
    const typeOf = (uri: string) => read(handset, `${uri}?prop=Type`, 'pc-agent');
    expect(typeOf('./DMAcc/pc-agent')).toBe('urn:oma:mo:oma-dm-dmacc:1.0');
    expect(typeOf('./DevInfo')).toBe('urn:oma:mo:oma-dm-devinfo:1.0');
    expect(typeOf('./DevDetail')).toBe('urn:oma:mo:oma-dm-devdetail:1.0');
    const inbox = handset.device.tree.find('./Inbox');
    expect(typeof inbox === 'number' ? inbox : inbox.type).toBe('urn:oma:mo:oma-dm-inbox:1.0');
  });

  it('[TREE-6-03] [TREE-6-04] [TREE-6-05] [TREE-6-06] DevInfo says who it is, to everybody and for ever', () => {
    const { handset } = handsetOf();
    const leaves = handset.device.devInfo();
    expect(leaves).toEqual([
      { uri: './DevInfo/DevId', value: 'IMEI:004999010640000' },
      { uri: './DevInfo/Man', value: 'PC Agent' },
      { uri: './DevInfo/Mod', value: 'V1' },
      { uri: './DevInfo/DmV', value: '1.2' },
      { uri: './DevInfo/Lang', value: 'en' },
    ]);
    for (const { uri, value } of leaves) {
      expect(read(handset, uri, 'anybody')).toBe(value);
      expect(read(handset, `${uri}?prop=Format`, 'anybody')).toBe('chr');
      const content = { format: 'chr', type: undefined, value: utf8('x') };
      expect(handset.device.tree.replace(uri, content, 'anybody')).toBe(Status.CommandNotAllowed);
    }
    expect(handset.device.tree.delete('./DevInfo', 'anybody')).toBe(Status.CommandNotAllowed);
    expect(read(handset, './DevInfo', 'anybody')).toBe('DevId/Man/Mod/DmV/Lang/Ext');
  });

  it('[TREE-6-07] [TREE-6-08] [TREE-6-09] [TREE-6-10] DevDetail says what it is made of and what it can', () => {
    const { handset } = handsetOf();
    const values = ['DevTyp', 'OEM', 'FwV', 'SwV', 'HwV'].map((name) => read(handset, `./DevDetail/${name}`, 'any'));
    expect(values).toEqual(['phone', 'PC Agent', '1.0', '1.0', 'virtual']);
    expect(read(handset, './DevDetail/LrgObj', 'any')).toBe('true');
    expect(read(handset, './DevDetail/LrgObj?prop=Format', 'any')).toBe('bool');
    const limits = ['MaxDepth', 'MaxTotLen', 'MaxSegLen'].map((name) =>
      read(handset, `./DevDetail/URI/${name}`, 'any'),
    );
    expect(limits).toEqual(['16', '1024', '127']);
    expect(read(handset, './DevDetail/Ext', 'any')).toBe('');
  });

  it('[TREE-6-11] [TREE-6-12] [TREE-6-13] [TREE-6-14] [TREE-6-15] [TREE-6-16] [TREE-6-17] [TREE-6-18] [DMP-10-12] [TREE-6-22] DMAcc is there for its own server, which reads, replaces and deletes it', async () => {
    const { handset } = handsetOf({ bootstrap: SECRETS });
    const account: AccountObject = {
      ...{ ...NEW, auth: 'mac', connection: './Con/1' },
      addresses: [...NEW.addresses, { address: '2001:db8::7', type: 'IPv6' }],
    };
    await give(handset, documentOf({}, account));
    const at = (path: string) => read(handset, `./DMAcc/pc-agent/${path}`, 'pc-agent');
    expect([at('AppID'), at('ServerID'), at('Name'), at('PrefConRef')]).toEqual([
      'w7',
      'pc-agent',
      'PC Agent',
      './Con/1',
    ]);
    expect([at('AppAddr/1/Addr'), at('AppAddr/1/AddrType'), at('AppAddr/1/Port/1/PortNbr')]).toEqual([
      ...['obex:pc-agent', 'URI', '650'],
    ]);
    expect([at('AppAddr/2/Addr'), at('AppAddr/2/AddrType'), at('AAuthPref')]).toEqual(['2001:db8::7', 'IPv6', 'HMAC']);
    const set = (name: string) => ['AAuthLevel', 'AAuthType', 'AAuthName'].map((leaf) => at(`AppAuth/${name}/${leaf}`));
    expect(set('Client')).toEqual(['CLCRED', 'HMAC', 'phone']);
    expect(set('Server')).toEqual(['SRVCRED', 'HMAC', 'pc-agent']);
    expect(read(handset, './DMAcc/pc-agent/AppID', ACCOUNT.serverId)).toBe(Status.PermissionDenied);
    const { tree } = handset.device;
    const secret = './DMAcc/pc-agent/AppAuth/Client/AAuthSecret';
    const content = { format: 'chr', type: undefined, value: utf8('new secret') };
    expect(tree.replace(secret, content, ACCOUNT.serverId)).toBe(Status.PermissionDenied);
    expect(tree.replace(secret, content, 'pc-agent')).toBe(Status.Ok);
    expect(handset.accounts.find('pc-agent')?.password).toBe('new secret');
    expect(tree.delete('./DMAcc/pc-agent', ACCOUNT.serverId)).toBe(Status.PermissionDenied);
    expect(tree.delete('./DMAcc/pc-agent', 'pc-agent')).toBe(Status.Ok);
    expect(handset.accounts.find('pc-agent')).toBeUndefined();
  });

  it('[TREE-6-19] [TREE-6-20] an account gives no secret and no nonce away, and keeps both', () => {
    const { handset } = handsetOf();
    const base = `./DMAcc/${ACCOUNT.serverId}`;
    for (const leaf of ['Client/AAuthSecret', 'Client/AAuthData', 'Server/AAuthSecret', 'Server/AAuthData']) {
      expect(read(handset, `${base}/AppAuth/${leaf}`, ACCOUNT.serverId)).toBe(Status.CommandNotAllowed);
    }
    const all = queryTree(handset.device.tree, `${base}?list=StructData`, ACCOUNT.serverId, 'wbxml');
    const values =
      all.kind === 'found' ? all.items.map(({ value }) => (value === undefined ? '' : textOf(octetsOf(value)))) : [];
    expect(values).toContain('handset');
    expect(values.join(' ')).not.toMatch(/secret|nonce/);
    const nonce = handset.device.tree.find(`${base}/AppAuth/Client/AAuthData`);
    expect(typeof nonce === 'object' && nonce.value !== undefined && textOf(octetsOf(nonce.value))).toBe(
      'client nonce',
    );
    expect(typeof nonce === 'object' && nonce.format).toBe('bin');
  });

  it('[TREE-6-28] an account has room for what its maker adds', () => {
    const { handset } = handsetOf();
    const { tree } = handset.device;
    const base = `./DMAcc/${ACCOUNT.serverId}/Ext`;
    const node = { format: 'node', type: undefined, value: undefined };
    expect(tree.add(base, node, undefined)).toBe(Status.Ok);
    expect(tree.add(`${base}/Maker`, node, undefined)).toBe(Status.Ok);
    const name = { format: 'chr', type: undefined, value: utf8('of the maker') };
    expect(tree.add(`${base}/Maker/Name`, name, undefined)).toBe(Status.Ok);
    expect(tree.text(`${base}/Maker/Name`)).toBe('of the maker');
    expect(read(handset, `${base}/Maker/Name`, ACCOUNT.serverId)).toBe('of the maker');
  });

  it('the identifier of a server whose account is deleted stands in no ACL any more', async () => {
    const { handset } = handsetOf({ bootstrap: SECRETS });
    await give(handset, documentOf());
    const { tree } = handset.device;
    expect(tree.replaceProperty('./SCM', 'ACL', 'Get=pc-agent+other&Exec=pc-agent', undefined)).toBe(Status.Ok);
    expect(tree.delete('./DMAcc/pc-agent', 'pc-agent')).toBe(Status.Ok);
    expect(handset.accounts.forgetGone()).toEqual(['pc-agent']);
    expect(read(handset, './SCM?prop=ACL', 'other')).toBe('Get=other');
  });
});

const leafNode = (name: string, value: string, format = 'chr'): TndsNode => ({
  ...{ name, path: undefined, format, type: 'text/plain', properties: {}, value: utf8(value), children: [] },
});
const interiorNode = (name: string, children: readonly TndsNode[], type = ''): TndsNode => ({
  ...{ name, path: undefined, format: 'node', type, properties: {}, value: undefined, children },
});
const objectNodeOf = ({ children, ...node }: TndsNode): Parameters<typeof readDmAcc>[0] => ({
  ...{ name: node.name ?? '', type: node.type, value: node.value },
  children: new Map(children.map((child) => [child.name ?? '', objectNodeOf(child)])),
});

describe('DMAcc of others', () => {
  const old = interiorNode('x', [
    ...[leafNode('ServerId', 'old.example'), leafNode('ServerPW', 'srv'), leafNode('ServerNonce', 'sn', 'bin')],
    ...[leafNode('UserName', 'u'), leafNode('ClientPW', 'pw'), leafNode('ClientNonce', 'cn', 'bin')],
    ...[leafNode('Addr', 'http://old.example/'), leafNode('AddrType', '1'), leafNode('PortNbr', '80')],
    ...[leafNode('ConRef', './Con/1'), leafNode('AuthPref', 'syncml:auth-md5'), leafNode('Name', 'Old')],
  ]);

  it('[TREE-6-23] in the layout of DM 1.1.2 is the same account', () => {
    expect(readDmAcc(objectNodeOf(old))).toEqual({
      ...{ serverId: 'old.example', serverPassword: 'srv', user: 'u', password: 'pw', auth: 'md5', name: 'Old' },
      ...{ serverNonce: 'c24=', clientNonce: 'Y24=', connection: './Con/1' },
      addresses: [{ address: 'http://old.example/', type: 'URI', port: 80 }],
    });
  });

  it('[TREE-6-24] [TREE-6-21] with the old identifier is an account, and credentials of the layer below are none of its own', () => {
    const credential = (level: string, type: string, name: string) =>
      interiorNode(level, [
        ...[leafNode('AAuthLevel', level), leafNode('AAuthType', type), leafNode('AAuthName', name)],
        ...[leafNode('AAuthSecret', `${name}-pw`), leafNode('AAuthData', 'n', 'bin')],
      ]);
    const sets = [
      ...[credential('OBEX', 'HTTP-BASIC', 'obex'), credential('HTTP', 'HTTP-DIGEST', 'http')],
      ...[credential('CLCRED', 'X509', 'x'), credential('SRVCRED', 'DIGEST', 'e'), credential('CLCRED', 'BASIC', 'b')],
    ];
    const account = interiorNode(
      'acc',
      [leafNode('AppID', 'w7'), leafNode('ServerID', 'e'), interiorNode('AppAuth', sets)],
      'org.openmobilealliance/1.0/w7',
    );
    const { handset } = handsetOf({ bootstrap: SECRETS });
    const value = encodeTnds({ nodes: [account] }, 'wbxml');
    const content = { format: 'bin', type: TNDS_TYPE.wbxml, value };
    expect(handset.device.tree.add('./Inbox', content, 'anybody')).toBe(Status.Ok);
    expect(handset.accounts.find('e')).toMatchObject({
      auth: 'basic',
      user: 'b',
      password: 'b-pw',
      serverPassword: 'e-pw',
    });
  });

  it('keeps the next nonces with the credentials that are used, whatever stands before them', () => {
    const credential = (name: string, level: string, type: string) =>
      interiorNode(name, [
        ...[leafNode('AAuthLevel', level), leafNode('AAuthType', type), leafNode('AAuthName', name)],
        ...[leafNode('AAuthSecret', 'pw'), leafNode('AAuthData', name, 'bin')],
      ]);
    const sets = [
      ...[credential('c0', 'CLCRED', 'X509'), credential('c1', 'CLCRED', 'DIGEST'), credential('c2', 'CLCRED', 'HMAC')],
      ...[credential('s1', 'SRVCRED', 'DIGEST'), credential('s2', 'SRVCRED', 'HMAC')],
    ];
    const account = objectNodeOf(
      interiorNode('acc', [leafNode('ServerID', 'e'), leafNode('AAuthPref', 'HMAC'), interiorNode('AppAuth', sets)]),
    );
    expect(readDmAcc(account)).toMatchObject({ auth: 'mac', user: 'c2', clientNonce: 'YzI=', serverNonce: 'czI=' });
    expect(noncePlaces('./A', account)).toEqual({
      client: './A/AppAuth/c2/AAuthData',
      server: './A/AppAuth/s2/AAuthData',
    });
  });

  it('[TREE-6-25] [TREE-6-26] that come by the Inbox go to their place; nothing can be read there', () => {
    const { handset } = handsetOf();
    const { tree } = handset.device;
    expect(read(handset, './Inbox', 'anybody')).toBe(Status.CommandNotAllowed);
    expect(read(handset, './Inbox/x', 'anybody')).toBe(Status.CommandNotAllowed);
    expect(read(handset, './Inbox?list=Struct', 'anybody')).toBe(Status.CommandNotAllowed);
    expect(tree.delete('./Inbox', 'anybody')).toBe(Status.CommandNotAllowed);
    const other = {
      format: 'bin',
      type: TNDS_TYPE.wbxml,
      value: encodeTnds({ nodes: [interiorNode('x', [], 'urn:other')] }, 'wbxml'),
    };
    expect(tree.add('./Inbox', other, 'anybody')).not.toBe(Status.Ok);
  });
});

describe('several servers on one handset', () => {
  const READER = { ...ACCOUNT, serverId: 'reader', rights: ['Get'] as const };

  it('do what their accounts let them, each its own', () => {
    const { handset } = handsetOf({ accounts: [ACCOUNT, READER] });
    const { tree } = handset.device;
    const package0 = { format: 'node', type: undefined, value: undefined };
    expect(read(handset, './SCM/Inventory/Deployed/clock/Version', 'reader')).toBe('1.4');
    expect(tree.add('./SCM/Inventory/Delivered/p', package0, 'reader')).toBe(Status.PermissionDenied);
    expect(tree.add('./SCM/Inventory/Delivered/p', package0, ACCOUNT.serverId)).toBe(Status.Ok);
    const run = './SCM/Inventory/Deployed/clock/Operations/Remove';
    expect(tree.exec(run, 'c', undefined, 'reader')).toBe(Status.PermissionDenied);
    expect(tree.exec(run, 'c', undefined, ACCOUNT.serverId)).toBe(Status.Accepted);
    expect(tree.delete('./DMAcc/reader', ACCOUNT.serverId)).toBe(Status.PermissionDenied);
    expect(tree.delete('./DMAcc/reader', 'reader')).toBe(Status.Ok);
  });
});
