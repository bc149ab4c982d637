import { describe, expect, it } from 'vitest';
import { hexOf, utf8 } from '../../../src-main/base/bytes.ts';
import { nodeDigest } from '../../../src-main/base/node/digest.ts';
import { type GenericAlert, genericAlertCommand } from '../../../src-main/dm/generic-alert.ts';
import { ManagementTree } from '../../../src-main/dm/tree/management-tree.ts';
import { queryTree } from '../../../src-main/dm/tree/query.ts';
import { type Component, nodeName } from '../../../src-main/scomo/agent/component.ts';
import { ScomoAgent, type ScomoAgentOptions } from '../../../src-main/scomo/agent/scomo-agent.ts';
import type { ScomoRecord } from '../../../src-main/scomo/agent/scomo-record.ts';
import { readOperationComplete } from '../../../src-main/scomo/operation-complete.ts';
import { writeSoftware } from '../../../src-main/scomo/software-package.ts';
import { decodeMessage, encodeMessage } from '../../../src-main/syncml/codec.ts';
import type { AlertCommand } from '../../../src-main/syncml/model.ts';

const CLOCK: Component = {
  node: 'clock',
  id: 'com.example.clock',
  name: 'Clock',
  version: '1.4',
  pkgIdRef: 'com.example.clock',
  state: 20,
  sha256: '',
};

function agentOf(options: Partial<ScomoAgentOptions> = {}) {
  const tree = new ManagementTree({ format: 'node', children: {} });
  let changes = 0;
  const agent = new ScomoAgent({
    tree,
    digest: nodeDigest,
    record: { components: [CLOCK], alerts: [], pending: [] },
    onChange: () => {
      changes += 1;
    },
    ...options,
  });
  const leaf = (uri: string, value: string, format = 'chr') =>
    tree.add(uri, { format, type: undefined, value: utf8(value) }, 'dms');
  const deliver = (name: string, parts: Readonly<Record<string, string>>) => {
    const base = `./SCM/Inventory/Delivered/${name}`;
    expect(tree.add(base, { format: 'node', type: undefined, value: undefined }, 'dms')).toBe(200);
    for (const [part, value] of Object.entries(parts)) {
      expect(leaf(`${base}/${part}`, value, part === 'Data' ? 'bin' : 'chr')).toBe(200);
    }
    return base;
  };
  const run = (uri: string, correlator?: string) => {
    const code = tree.exec(uri, correlator, undefined, 'dms');
    agent.settle();
    return code;
  };
  return { tree, agent, deliver, run, changes: () => changes };
}

const GAME = { PkgID: 'com.fun.game', Name: 'game', InstallParams: 'version=2.0', Data: 'the octets' };

const lastAlert = (agent: ScomoAgent): GenericAlert | undefined => agent.alerts.at(-1);

describe('the SCOMO agent', () => {
  it('shows what is installed, below a root of its type', () => {
    const { tree } = agentOf();
    const answer = queryTree(tree, './SCM?list=StructData', 'dms', 'xml');
    const items = answer.kind === 'found' ? answer.items : [];
    const value = (uri: string) => items.find((item) => item.uri === `./SCM/Inventory/Deployed/clock/${uri}`)?.value;
    expect(items[0]).toMatchObject({ format: 'node', type: 'urn:oma:mo:oma-scomo:1.0' });
    expect(
      ['ID', 'Name', 'Version', 'State', 'Status', 'PkgIDRef'].map((leaf) =>
        tree.text(`./SCM/Inventory/Deployed/clock/${leaf}`),
      ),
    ).toEqual(['com.example.clock', 'Clock', '1.4', '20', '10', 'com.example.clock']);
    expect(value('ID')).toEqual(utf8('com.example.clock'));
    expect(value('Operations/Remove')).toBeUndefined();
  });

  it('accepts an installation with 202, does it later, and says so as the sheet shows it', () => {
    const { tree, agent, deliver, changes } = agentOf();
    const base = deliver('p1', GAME);
    expect([tree.text(`${base}/State`), tree.text(`${base}/Status`)]).toEqual(['10', '10']);
    expect(tree.exec(`${base}/Operations/Install`, 'c-17', undefined, 'dms')).toBe(202);
    expect(agent.alerts).toEqual([]);
    expect(agent.components).toEqual([CLOCK]);
    agent.settle();
    // Before the first change, and with the last one.
    expect(changes()).toBe(2);
    expect(agent.components[1]).toEqual({
      node: 'game',
      id: 'com.fun.game',
      name: 'game',
      version: '2.0',
      pkgIdRef: 'com.fun.game',
      state: 20,
      sha256: hexOf(nodeDigest.sha256(utf8('the octets'))),
      size: 10,
    });
    expect([tree.text(`${base}/State`), tree.text(`${base}/Status`)]).toEqual(['20', '10']);
    expect(tree.find(`${base}/Data`)).toBe(404);
    expect(tree.text('./SCM/Inventory/Deployed/game/State')).toBe('20');

    const alert = lastAlert(agent);
    expect(alert).toMatchObject({
      source: './SCM/Inventory/Delivered/p1/Operations/Install',
      target: './SCM/Inventory/Deployed/game',
      type: 'urn:oma:at:scomo:1.0:OperationComplete',
      format: 'xml',
      mark: 'informational',
      correlator: 'c-17',
      data: '<ResultCode>1200</ResultCode><Identifier>com.fun.game</Identifier>',
    });
  });

  it("writes an alert with the fields of the sheet's example, escaped once", () => {
    const { agent, deliver, run } = agentOf();
    run(`${deliver('p1', GAME)}/Operations/Install`, 'c-17');
    const alert = agent.alerts[0];
    const command = alert === undefined ? undefined : { ...genericAlertCommand(alert), cmdId: '2' };
    const text = new TextDecoder().decode(
      encodeMessage(
        {
          header: {
            verDtd: '1.2',
            verProto: 'DM/1.2',
            sessionId: '1',
            msgId: 1,
            target: { uri: 't' },
            source: { uri: 's' },
          },
          commands: command === undefined ? [] : [command],
          final: true,
        },
        'xml',
      ),
    );
    expect(text).toContain(
      '<Alert><CmdID>2</CmdID><Data>1226</Data><Correlator>c-17</Correlator>' +
        '<Item><Target><LocURI>./SCM/Inventory/Deployed/game</LocURI></Target>' +
        '<Source><LocURI>./SCM/Inventory/Delivered/p1/Operations/Install</LocURI></Source>' +
        '<Meta><Format xmlns="syncml:metinf">xml</Format><Type xmlns="syncml:metinf">urn:oma:at:scomo:1.0:OperationComplete</Type>' +
        '<Mark xmlns="syncml:metinf">informational</Mark></Meta>' +
        '<Data>',
    );
    const back = decodeMessage(utf8(text), 'xml').message.commands[0];
    expect(back?.kind === 'Alert' ? readOperationComplete(back) : []).toEqual([
      {
        resultCode: 1200,
        identifier: 'com.fun.game',
        operation: './SCM/Inventory/Delivered/p1/Operations/Install',
        node: './SCM/Inventory/Deployed/game',
        correlator: 'c-17',
      },
    ]);
  });

  it('leaves a component inactive when it was told to', () => {
    const { tree, deliver, run } = agentOf();
    run(`${deliver('p1', GAME)}/Operations/InstallInactive`);
    expect(tree.text('./SCM/Inventory/Deployed/game/State')).toBe('10');
  });

  it('gives a newer package of a known component the node that it has', () => {
    const { tree, agent, deliver, run } = agentOf();
    run(`${deliver('up', { ...GAME, PkgID: 'com.example.clock', Name: 'Clock II' })}/Operations/Install`);
    expect(agent.components).toHaveLength(1);
    expect(agent.components[0]).toMatchObject({ node: 'clock', version: '2.0', name: 'Clock II' });
    expect(tree.text('./SCM/Inventory/Deployed/clock/Version')).toBe('2.0');
    expect(lastAlert(agent)?.target).toBe('./SCM/Inventory/Deployed/clock');
  });

  it('gives two components of one name nodes of their own', () => {
    const { agent, deliver, run } = agentOf();
    run(`${deliver('one', { ...GAME, PkgID: 'a', Name: 'clock' })}/Operations/Install`);
    run(`${deliver('two', { ...GAME, PkgID: 'b', Name: 'clock' })}/Operations/Install`);
    expect(agent.components.map(({ node }) => node)).toEqual(['clock', 'clock-2', 'clock-3']);
  });

  it.each([
    ['without Data', { PkgID: 'x', Name: 'x' }, '60'],
    ['with empty Data', { PkgID: 'x', Data: '' }, '60'],
    // Its octets are there, whatever they are of.
    ['without PkgID', { Name: 'x', Data: 'x' }, '50'],
  ])('fails to install a package %s, and says so in its Status', (_what, parts, status) => {
    const { tree, agent, deliver, run } = agentOf();
    const base = deliver('p1', parts);
    expect(run(`${base}/Operations/Install`, 'c')).toBe(202);
    expect(tree.text(`${base}/Status`)).toBe(status);
    expect(lastAlert(agent)).toMatchObject({ mark: 'warning', correlator: 'c' });
    expect(lastAlert(agent)?.data).toContain('<ResultCode>1405</ResultCode>');
    expect(lastAlert(agent)?.target).toBeUndefined();
    expect(agent.components).toEqual([CLOCK]);
  });

  it('fails to install a package twice, since its octets have become the component', () => {
    const { tree, agent, deliver, run } = agentOf();
    const base = deliver('p1', GAME);
    run(`${base}/Operations/Install`);
    run(`${base}/Operations/Install`);
    expect(agent.alerts.map(({ data }) => /\d+/.exec(data)?.[0])).toEqual(['1200', '1405']);
    expect(new Set(agent.alerts.map(({ id }) => id)).size).toBe(2);
    expect(agent.components).toHaveLength(2);
    // What is installed is no package whose installation has failed.
    expect([tree.text(`${base}/State`), tree.text(`${base}/Status`)]).toEqual(['20', '10']);
  });

  it('takes other octets of a package as a new delivery, and says so before it is installed', () => {
    const { tree, agent, deliver, run } = agentOf();
    const base = deliver('p1', GAME);
    const states = () => ['State', 'Status'].map((leaf) => tree.text(`${base}/${leaf}`));
    const bring = (value: string) =>
      tree.add(`${base}/Data`, { format: 'bin', type: undefined, value: utf8(value) }, 'dms');
    run(`${base}/Operations/Install`);
    expect(bring('newer')).toBe(200);
    agent.settle();
    expect(states()).toEqual(['10', '10']);
    tree.drop(`${base}/Data`);
    run(`${base}/Operations/Install`);
    expect(states()).toEqual(['10', '60']);
    bring('newer');
    run(`${base}/Operations/InstallInactive`);
    expect([...states(), agent.components[1]?.size, agent.components.length]).toEqual(['20', '10', 5, 2]);
  });

  it('takes name and version from the package where it names none', () => {
    const { agent, deliver, run } = agentOf();
    run(`${deliver('p1', { PkgID: 'com.fun', Data: 'x' })}/Operations/Install`);
    expect(agent.components[1]).toMatchObject({ node: 'com.fun', name: 'com.fun', version: '1.0' });
  });

  it.each([
    ['version=2.0', '2.0'],
    ['quiet;version=3&x', '3'],
    ['quiet version=4', '4'],
    ['myversion=5', '1.0'],
    ['', '1.0'],
  ])('reads the version of InstallParams %j', (params, version) => {
    const { agent, deliver, run } = agentOf();
    run(`${deliver('p1', { ...GAME, InstallParams: params })}/Operations/Install`);
    expect(agent.components[1]?.version).toBe(version);
  });

  it('removes a component', () => {
    const { tree, agent, run } = agentOf();
    expect(run('./SCM/Inventory/Deployed/clock/Operations/Remove', 'c')).toBe(202);
    expect(agent.components).toEqual([]);
    expect(tree.find('./SCM/Inventory/Deployed/clock')).toBe(404);
    expect(lastAlert(agent)).toMatchObject({ correlator: 'c', target: './SCM/Inventory/Deployed/clock' });
    expect(lastAlert(agent)?.data).toBe('<ResultCode>1200</ResultCode><Identifier>com.example.clock</Identifier>');
  });

  it('removes a component that was updated, once', () => {
    const { tree, agent, deliver, run } = agentOf();
    run(`${deliver('up', { ...GAME, PkgID: 'com.example.clock' })}/Operations/Install`);
    const uri = './SCM/Inventory/Deployed/clock/Operations/Remove';
    tree.exec(uri, 'a', undefined, 'dms');
    tree.exec(uri, 'b', undefined, 'dms');
    agent.settle();
    expect(agent.alerts.slice(1).map(({ data }) => /\d+/.exec(data)?.[0])).toEqual(['1200', '1408']);
  });

  it('removes a package and leaves what came of it', () => {
    const { tree, agent, deliver, run } = agentOf();
    const base = deliver('p1', GAME);
    run(`${base}/Operations/Install`);
    run(`${base}/Operations/Remove`);
    expect(tree.find(base)).toBe(404);
    expect(agent.components).toHaveLength(2);
    expect(lastAlert(agent)).toMatchObject({ target: base, mark: 'informational' });
    expect(lastAlert(agent)?.data).toContain('com.fun.game');
  });

  it('says that a package is gone when it was removed in between', () => {
    const { tree, agent, deliver } = agentOf();
    const base = deliver('p1', GAME);
    tree.exec(`${base}/Operations/Remove`, undefined, undefined, 'dms');
    tree.exec(`${base}/Operations/Remove`, undefined, undefined, 'dms');
    tree.exec(`${base}/Operations/Install`, undefined, undefined, 'dms');
    agent.settle();
    expect(agent.alerts.map(({ data }) => /\d+/.exec(data)?.[0])).toEqual(['1200', '1408', '1405']);
  });

  it.each([
    ['Install', './SCM/Inventory/Delivered/p1', '50', 'com.fun.game'],
    ['Remove', './SCM/Inventory/Delivered/p1', '20', 'com.fun.game'],
    ['Remove', './SCM/Inventory/Deployed/clock', '20', 'com.example.clock'],
  ])('fails to %s %s when it was told to, and keeps everything', (operation, base, status, identifier) => {
    const { tree, agent, deliver, run } = agentOf({ failWith: 1407 });
    deliver('p1', GAME);
    run(`${base}/Operations/${operation}`, 'c');
    expect(tree.text(`${base}/Status`)).toBe(status);
    expect(lastAlert(agent)).toMatchObject({ mark: 'warning', correlator: 'c' });
    expect(lastAlert(agent)?.data).toBe(`<ResultCode>1407</ResultCode><Identifier>${identifier}</Identifier>`);
    expect(agent.components).toEqual([CLOCK]);
    expect(typeof tree.find('./SCM/Inventory/Delivered/p1/Data')).toBe('object');
  });

  it('keeps alerts until they are acknowledged, one by one, and says when that changes', () => {
    const { agent, deliver, run, changes } = agentOf();
    const base = deliver('p1', GAME);
    run(`${base}/Operations/Install`, 'a');
    run(`${base}/Operations/Remove`, 'b');
    const [first, second] = agent.alerts;
    if (first !== undefined) agent.acknowledged(first);
    expect(agent.alerts).toEqual([second]);
    expect(changes()).toBe(4);
    agent.settle();
    expect(changes()).toBe(4);
  });

  it('takes nothing that the object has no place for', () => {
    const { tree, deliver } = agentOf();
    const base = deliver('p1', GAME);
    const add = (uri: string) => tree.add(uri, { format: 'chr', type: undefined, value: utf8('x') }, 'dms');
    expect(add(`${base}/Frob`)).toBe(405);
    expect(add('./SCM/Inventory/Deployed/x')).toBe(405);
    expect(queryTree(tree, `${base}/Data`, 'dms', 'xml')).toMatchObject({ code: 405 });
    // Operations are there to be executed.
    for (const uri of [`${base}/Operations/InstallInactive`, './SCM/Inventory/Deployed/clock/Operations/Activate']) {
      expect(queryTree(tree, uri, 'dms', 'xml')).toMatchObject({ code: 405 });
    }
    for (const name of ['Name', 'EnvType', 'PkgType', 'Description']) expect(add(`${base}/${name}-`)).toBe(405);
    for (const name of ['EnvType', 'PkgType', 'Description']) expect(add(`${base}/${name}`)).toBe(200);
    expect(tree.replace(`${base}/Data`, { format: 'bin', type: undefined, value: utf8('new') }, 'dms')).toBe(200);
    expect(tree.delete('./SCM', 'dms')).toBe(405);
    expect(tree.delete(base, 'dms')).toBe(200);
  });

  it('may stand under another name', () => {
    const { tree } = agentOf({ root: 'Software' });
    expect(tree.text('./Software/Inventory/Deployed/clock/ID')).toBe('com.example.clock');
    expect(tree.find('./SCM')).toBe(404);
  });
});

describe('an operation on a component', () => {
  const uri = (operation: string) => `./SCM/Inventory/Deployed/clock/Operations/${operation}`;
  const codes = (agent: ScomoAgent) => agent.alerts.map(({ data }) => Number(/\d+/.exec(data)?.[0]));

  it('switches it off and on, under either spelling, and is refused when there is nothing to switch', () => {
    const { tree, agent, run } = agentOf();
    const state = () => tree.text('./SCM/Inventory/Deployed/clock/State');
    expect(run(uri('Activate'))).toBe(405);
    expect(run(uri('Deactive'), 'c')).toBe(202);
    expect(state()).toBe('10');
    expect(run(uri('Deactivate'))).toBe(405);
    expect(run(uri('Activate'), 'd')).toBe(202);
    expect(state()).toBe('20');
    expect(tree.text('./SCM/Inventory/Deployed/clock/Status')).toBe('10');
    expect(codes(agent)).toEqual([1200, 1200]);
    expect(agent.alerts[0]?.target).toBe('./SCM/Inventory/Deployed/clock');
    // Orders behind each other count for what the ones before leave.
    tree.exec(uri('Deactivate'), undefined, undefined, 'dms');
    tree.exec(uri('Activate'), undefined, undefined, 'dms');
    agent.settle();
    expect(state()).toBe('20');
  });

  it.each([
    ['Activate', 10, 1409, '40'],
    ['Deactivate', 20, 1410, '60'],
    ['Remove', 20, 1408, '20'],
  ] as const)('fails to %s when it was told to, and says so in its Status', (operation, state, code, status) => {
    const record = { components: [{ ...CLOCK, state }], alerts: [], pending: [] };
    const { tree, agent, run } = agentOf({ failWith: code, record });
    run(uri(operation), 'c');
    expect(tree.text('./SCM/Inventory/Deployed/clock/Status')).toBe(status);
    expect(codes(agent)).toEqual([code]);
    expect(agent.components).toEqual(record.components);
  });

  it('is begun by the device itself and reported without a Correlator to any server', () => {
    const { agent } = agentOf();
    expect(agent.begin('deactivate', CLOCK.id)).toBe(true);
    expect(agent.begin('deactivate', CLOCK.id)).toBe(false);
    expect(agent.begin('remove', 'nothing')).toBe(false);
    expect(agent.alerts).toMatchObject([{ source: uri('Deactivate'), data: expect.stringContaining('1200') }]);
    expect(agent.alerts[0]).not.toHaveProperty('server');
    expect(agent.alerts[0]).not.toHaveProperty('correlator');
  });

  it('ends with a success of the maker in the place of 1200, and is done', () => {
    const { agent, run } = agentOf({ failWith: 1250 });
    run(uri('Remove'));
    expect(codes(agent)).toEqual([1250]);
    expect(agent.components).toEqual([]);
  });
});

describe('a download', () => {
  const BASE = './SCM/Download/p1';
  const JOB = { PkgID: 'com.fun.game', PkgURL: 'http://h/p', Name: 'game', InstallParams: 'version=2.0' };

  function downloading(options: Partial<ScomoAgentOptions> = {}, leaves: Readonly<Record<string, string>> = JOB) {
    const asked: string[] = [];
    const made = agentOf({
      fetch: async (url) => {
        asked.push(url);
        return { kind: 'fetched', content: utf8('the octets'), type: 'x/y' };
      },
      ...options,
    });
    const { tree, agent } = made;
    expect(tree.add(BASE, { format: 'node', type: undefined, value: undefined }, 'dms')).toBe(200);
    for (const [name, value] of Object.entries(leaves)) {
      expect(tree.add(`${BASE}/${name}`, { format: 'chr', type: undefined, value: utf8(value) }, 'dms')).toBe(200);
    }
    const order = async (operation: string) => {
      const code = tree.exec(`${BASE}/Operations/${operation}`, 'c', undefined, 'dms');
      agent.settle();
      await agent.idle();
      return code;
    };
    const result = () => Number(/\d+/.exec(agent.alerts.at(-1)?.data ?? '')?.[0]);
    return { ...made, asked, order, result };
  }

  it('brings a package that waits, and its job goes', async () => {
    const { tree, order, agent, asked } = downloading();
    expect(tree.text(`${BASE}/Status`)).toBe('10');
    expect(await order('Download')).toBe(202);
    expect(asked).toEqual(['http://h/p']);
    expect(tree.find(BASE)).toBe(404);
    const delivered = './SCM/Inventory/Delivered/p1';
    expect(['State', 'Status', 'PkgID', 'Name'].map((leaf) => tree.text(`${delivered}/${leaf}`))).toEqual([
      '10',
      '10',
      'com.fun.game',
      'game',
    ]);
    expect(tree.find(`${delivered}/Data`)).toMatchObject({ type: 'x/y', value: utf8('the octets') });
    expect(agent.alerts).toMatchObject([{ target: delivered, correlator: 'c', data: expect.stringContaining('1200') }]);
    expect(agent.components).toEqual([CLOCK]);
  });

  it.each([
    ['DownloadInstall', 20],
    ['DownloadInstallActivate', 20],
    ['DownloadInstallInactive', 10],
    ['DownlaodInstallInactive', 10],
  ])('with %s is installed and left in state %i', async (operation, state) => {
    let released = 0;
    const fetch = async () =>
      ({
        kind: 'fetched',
        content: utf8('o'),
        type: '',
        release: () => {
          released += 1;
        },
      }) as const;
    const { order, agent, tree } = downloading({ fetch });
    expect(await order(operation)).toBe(202);
    expect(agent.components[1]).toMatchObject({ id: 'com.fun.game', version: '2.0', state });
    expect(tree.text('./SCM/Inventory/Delivered/p1/State')).toBe('20');
    expect(agent.alerts).toMatchObject([{ target: './SCM/Inventory/Deployed/game' }]);
    expect(tree.find(BASE)).toBe(404);
    expect(released).toBe(1);
  });

  it.each<readonly [string, Partial<ScomoAgentOptions>, object, string, number, string | undefined]>([
    [
      'the server refuses the device',
      { fetch: async () => ({ kind: 'failed', code: 1403 }) },
      {},
      'Download',
      1403,
      '20',
    ],
    ['a success is no content', { fetch: async () => ({ kind: 'failed', code: 1200 }) }, {}, 'Download', 1412, '20'],
    [
      'nothing comes',
      { fetch: async () => ({ kind: 'fetched', content: utf8(''), type: '' }) },
      {},
      'Download',
      1402,
      '20',
    ],
    ['the address is none', {}, { PkgURL: 'file:///etc/passwd' }, 'DownloadInstall', 1402, '20'],
    ['it is told to', { failWith: 1500 }, {}, 'DownloadInstall', 1500, '20'],
    ['the installation is told to fail', { failWith: 1405 }, {}, 'DownloadInstall', 1405, '60'],
    ['the environment is another', { environments: ['e'] }, { EnvType: 'f' }, 'DownloadInstall', 1413, '60'],
    ['it is not signed, and its octets are not kept', { verify: () => false }, {}, 'DownloadInstall', 1407, '70'],
  ])('ends at its Status when %s', async (_why, options, leaves, operation, code, status) => {
    const { tree, order, result, agent } = downloading(options, { ...JOB, ...leaves });
    expect(await order(operation)).toBe(202);
    expect(result()).toBe(code);
    expect(tree.text(`${BASE}/Status`)).toBe(status);
    expect(agent.components).toEqual([CLOCK]);
    // It may be ordered again.
    expect(tree.exec(`${BASE}/Operations/Download`, undefined, undefined, 'dms')).toBe(202);
  });

  it('that did not pass the check leaves a node without octets that says why', async () => {
    let released = 0;
    const release = () => {
      released += 1;
    };
    const fetch = async () => ({ kind: 'fetched', content: utf8('o'), type: '', release }) as const;
    const { tree, order } = downloading({ verify: () => false, fetch });
    await order('DownloadInstall');
    const delivered = './SCM/Inventory/Delivered/p1';
    expect([tree.text(`${delivered}/Status`), tree.text(`${delivered}/State`)]).toEqual(['60', '10']);
    expect(tree.text(`${delivered}/Ext/Problem`)).toContain('is not signed');
    expect([tree.find(`${delivered}/Data`), released]).toEqual([404, 1]);
  });

  it('that a server has left is begun by the device itself, as is the installation of a package', async () => {
    const { tree, agent, deliver } = downloading();
    expect(agent.begin('download-install', 'com.other')).toBe(false);
    expect(agent.begin('download-install', JOB.PkgID)).toBe(true);
    await agent.idle();
    expect(agent.components[1]).toMatchObject({ id: JOB.PkgID, state: 20 });
    expect(tree.find(BASE)).toBe(404);
    deliver('p2', { ...GAME, PkgID: 'com.fun.maps', EnvType: 'java' });
    expect([agent.begin('install', 'com.fun.none'), agent.begin('install', 'com.fun.maps')]).toEqual([false, true]);
    // A component says for which environment its package was.
    expect(tree.text(`./SCM/Inventory/Deployed/${agent.components[2]?.node}/EnvType`)).toBe('java');
    expect(agent.alerts).toMatchObject([
      { source: `${BASE}/Operations/DownloadInstall`, data: expect.stringContaining('1200') },
      { source: './SCM/Inventory/Delivered/p2/Operations/Install', data: expect.stringContaining('1200') },
    ]);
    for (const alert of agent.alerts) expect(alert).not.toHaveProperty('correlator');
  });

  it('that the device cannot do ends with 1411', async () => {
    const { tree, agent } = agentOf();
    tree.add(BASE, { format: 'node', type: undefined, value: undefined }, 'dms');
    for (const leaf of ['PkgID', 'PkgURL'])
      tree.add(`${BASE}/${leaf}`, { format: 'chr', type: undefined, value: utf8('http://h/') }, 'dms');
    tree.exec(`${BASE}/Operations/Download`, undefined, undefined, 'dms');
    agent.settle();
    await agent.idle();
    expect(agent.alerts[0]?.data).toContain('1411');
  });

  it('without PkgID or PkgURL, or while it is under way, is refused; what comes behind it waits', async () => {
    const { order } = downloading({}, { PkgID: 'x' });
    expect(await order('Download')).toBe(405);
    const { tree, agent } = downloading();
    tree.exec(`${BASE}/Operations/Download`, 'first', undefined, 'dms');
    agent.settle();
    expect(tree.text(`${BASE}/Status`)).toBe('30');
    expect(tree.exec(`${BASE}/Operations/Download`, undefined, undefined, 'dms')).toBe(405);
    tree.exec('./SCM/Inventory/Deployed/clock/Operations/Remove', 'second', undefined, 'dms');
    agent.settle();
    expect(agent.alerts).toEqual([]);
    expect(agent.record.pending.map(({ correlator }) => correlator)).toEqual(['first', 'second']);
    await agent.idle();
    expect(agent.alerts.map(({ correlator }) => correlator)).toEqual(['first', 'second']);
  });

  it('whose job is deleted meanwhile is cancelled', async () => {
    const { tree, agent } = downloading();
    tree.exec(`${BASE}/Operations/DownloadInstall`, 'c', undefined, 'dms');
    agent.settle();
    tree.delete(BASE, 'dms');
    await agent.idle();
    expect(agent.alerts[0]?.data).toBe('<ResultCode>1401</ResultCode><Identifier>com.fun.game</Identifier>');
    expect(agent.components).toEqual([CLOCK]);
  });

  it('whose job is deleted has nothing to do with another job of that name, and is not begun when it waited', async () => {
    const { tree, agent, asked } = downloading();
    tree.exec(`${BASE}/Operations/DownloadInstall`, 'first', undefined, 'dms');
    agent.settle();
    tree.delete(BASE, 'dms');
    const other = './SCM/Download/p2';
    for (const base of [BASE, other]) {
      tree.add(base, { format: 'node', type: undefined, value: undefined }, 'dms');
      for (const leaf of ['PkgID', 'PkgURL'])
        tree.add(`${base}/${leaf}`, { format: 'chr', type: undefined, value: utf8(`http://h/${leaf}`) }, 'dms');
    }
    tree.exec(`${other}/Operations/Download`, 'second', undefined, 'dms');
    tree.delete(other, 'dms');
    await agent.idle();
    expect(agent.alerts.map(({ correlator, data }) => [correlator, /\d+/.exec(data)?.[0]])).toEqual([
      ['first', '1401'],
      ['second', '1401'],
    ]);
    expect([tree.text(`${BASE}/Status`), tree.find('./SCM/Inventory/Delivered/p1')]).toEqual(['10', 404]);
    expect(asked).toEqual(['http://h/p']);
  });
});

describe('a package of several components', () => {
  const need = (id: string) => [{ id }];
  const BUNDLE = writeSoftware(
    [
      { id: CLOCK.id, name: 'Clock', version: '2.0', needs: need('b'), content: utf8('clock') },
      { id: 'b', name: 'B', version: '1.0', needs: need('c'), content: utf8('b') },
      { id: 'c', name: 'C', version: '1.0', needs: need(CLOCK.id), content: utf8('c') },
    ],
    { digest: nodeDigest },
  );
  const deployed = (tree: ManagementTree) => {
    const answer = queryTree(tree, './SCM/Inventory/Deployed?list=StructData', 'dms', 'xml');
    const items = answer.kind === 'found' ? answer.items : [];
    return new Map(items.map((item) => [item.uri, String(item.value)]));
  };
  const delivered = (options: Partial<ScomoAgentOptions> = {}) => {
    const made = agentOf(options);
    const base = made.deliver('suite', { PkgID: 'suite' });
    made.tree.add(`${base}/Data`, { format: 'bin', type: undefined, value: BUNDLE }, 'dms');
    return { ...made, base };
  };

  it('is installed whole: a known component is updated, the others are new, one alert names the package', () => {
    const { agent, run, base, tree } = delivered();
    run(`${base}/Operations/Install`, 'c');
    expect(agent.components.map(({ id, version, node }) => [id, version, node])).toEqual([
      [CLOCK.id, '2.0', 'clock'],
      ['b', '1.0', 'B'],
      ['c', '1.0', 'C'],
    ]);
    expect(agent.alerts).toMatchObject([
      { target: base, data: '<ResultCode>1200</ResultCode><Identifier>suite</Identifier>' },
    ]);
    expect(tree.text(`${base}/State`)).toBe('20');
  });

  it.each([1, 2, 3])('is not installed at all when its component %i fails', (failAt) => {
    const { agent, run, base, tree } = delivered({ failAt });
    const before = deployed(tree);
    run(`${base}/Operations/Install`, 'c');
    expect(deployed(tree)).toEqual(before);
    expect(before.size).toBeGreaterThan(5);
    expect(agent.components).toEqual([CLOCK]);
    expect(tree.text(`${base}/Status`)).toBe('50');
    expect(tree.text(`${base}/Ext/Problem`)).toContain('told to fail');
    expect(agent.alerts).toMatchObject([{ mark: 'warning', data: expect.stringContaining('1405') }]);
    expect(agent.record.before).toBeUndefined();
  });

  it('is there whole or not at all whenever the device ends', () => {
    const kept: ScomoRecord[] = [];
    const { agent, run, base } = delivered({ onChange: () => void kept.push(structuredClone(agent.record)) });
    run(`${base}/Operations/Install`, 'c');
    // Before it, one for each component, and the end.
    expect(kept).toHaveLength(5);
    for (const [index, record] of kept.entries()) {
      const again = delivered({ record });
      const at = again.agent.components.length;
      again.agent.resume();
      const isWhole = index === kept.length - 1;
      expect(again.agent.components.map(({ version }) => version)).toEqual(isWhole ? ['2.0', '1.0', '1.0'] : ['1.4']);
      expect([...deployed(again.tree).keys()].filter((uri) => uri.endsWith('/ID'))).toHaveLength(isWhole ? 3 : 1);
      expect(at).toBeGreaterThan(0);
      // Who ordered it hears of it once.
      expect(again.agent.alerts.map(({ correlator, data }) => [correlator, /\d+/.exec(data)?.[0]])).toEqual([
        ['c', isWhole ? '1200' : '1405'],
      ]);
      expect(again.agent.record.pending).toEqual([]);
    }
  });

  it('goes down in the middle when it is told to, and does nothing more until its next start', () => {
    const { agent, run, base } = delivered({ stopsInInstall: true });
    run(`${base}/Operations/Install`, 'c');
    run('./SCM/Inventory/Deployed/clock/Operations/Remove', 'd');
    expect(agent.alerts).toEqual([]);
    expect(agent.record).toMatchObject({ before: [CLOCK], pending: [{ correlator: 'c' }, { correlator: 'd' }] });
  });
});

describe('a bundle of packages', () => {
  const bundled = (options: Partial<ScomoAgentOptions> = {}) => {
    const made = agentOf(options);
    made.deliver('one', { PkgID: 'a', Data: 'x' });
    made.deliver('two', { PkgID: 'b', Data: 'y' });
    const base = './SCM/Ext/Bundles/both';
    const node = { format: 'node', type: undefined, value: undefined };
    expect(made.tree.add(base, node, 'dms')).toBe(200);
    const refs = { format: 'chr', type: undefined, value: utf8('one b') };
    expect(made.tree.add(`${base}/PkgRefs`, refs, 'dms')).toBe(200);
    return { ...made, base };
  };
  const statuses = (tree: ManagementTree) =>
    ['one', 'two'].map((name) => tree.text(`./SCM/Inventory/Delivered/${name}/Status`));

  it('is installed by one operation, and goes', () => {
    const { agent, tree, run, base } = bundled();
    expect(run(`${base}/Operations/InstallInactive`, 'c')).toBe(202);
    expect(agent.components.map(({ id, state }) => `${id} ${state}`)).toEqual([`${CLOCK.id} 20`, 'a 10', 'b 10']);
    expect(agent.alerts).toHaveLength(1);
    expect(tree.find(base)).toBe(404);
  });

  it('may name a package twice, which is installed once', () => {
    const { agent, tree, run, base } = bundled();
    tree.set(`${base}/PkgRefs`, 'one a one');
    run(`${base}/Operations/Install`, 'c');
    expect(agent.components.map(({ id }) => id)).toEqual([CLOCK.id, 'a']);
    expect(agent.alerts[0]?.data).toContain('1200');
  });

  it('is not installed at all when one of them fails, which alone says so', () => {
    const { agent, tree, run, base } = bundled();
    tree.delete('./SCM/Inventory/Delivered/two/Data', undefined);
    run(`${base}/Operations/Install`, 'c');
    expect(agent.components).toEqual([CLOCK]);
    expect(statuses(tree)).toEqual(['10', '60']);
    expect(agent.alerts[0]?.data).toContain('1405');
    const failing = bundled({ failAt: 2 });
    failing.run(`${failing.base}/Operations/Install`, 'c');
    expect(failing.agent.components).toEqual([CLOCK]);
    expect(statuses(failing.tree)).toEqual(['10', '50']);
  });
});

describe('installations that are ordered in one Atomic', () => {
  const [ONE, TWO] = ['one', 'two'].map((name) => `./SCM/Inventory/Delivered/${name}`);
  const ordered = (options: Partial<ScomoAgentOptions> = {}) => {
    const made = agentOf(options);
    made.deliver('one', { PkgID: 'a', Data: 'x' });
    made.deliver('two', { PkgID: 'b', Data: 'y' });
    const log = made.tree.startUndo();
    const codes = [
      made.tree.exec(`${ONE}/Operations/InstallInactive`, 'c1', undefined, 'dms'),
      made.tree.exec(`${TWO}/Operations/Install`, 'c2', undefined, 'dms'),
    ];
    return { ...made, log, codes };
  };
  const ends = (agent: ScomoAgent) =>
    agent.alerts.map(({ correlator, data }) => `${correlator} ${/\d+/.exec(data)?.[0]}`);

  it('are done together, each as it was ordered and with an alert of its own', () => {
    const { agent, log, codes } = ordered();
    log.end();
    agent.settle();
    expect(codes).toEqual([202, 202]);
    expect(agent.components.map(({ id, state }) => `${id} ${state}`)).toEqual([`${CLOCK.id} 20`, 'a 10', 'b 20']);
    expect(ends(agent)).toEqual(['c1 1200', 'c2 1200']);
    // Each says what came of it, as it does alone.
    expect(agent.alerts.map(({ target }) => target)).toEqual([
      './SCM/Inventory/Deployed/a',
      './SCM/Inventory/Deployed/b',
    ]);
  });

  it('leave everything as it was when one fails; the others say that they were taken back', () => {
    const { agent, log, tree } = ordered({ failAt: 2 });
    log.end();
    agent.settle();
    expect(agent.components).toEqual([CLOCK]);
    expect(ends(agent)).toEqual(['c1 1473', 'c2 1405']);
    expect([ONE, TWO].map((base) => tree.text(`${base}/Status`))).toEqual(['10', '50']);
  });

  it('are forgotten when the Atomic fails', () => {
    const { agent, log } = ordered();
    expect(log.undoTo(0)).toBe(true);
    log.end();
    agent.settle();
    expect(agent.alerts).toEqual([]);
    expect(agent.components).toEqual([CLOCK]);
  });

  it('of another Atomic have nothing to do with them', () => {
    const { agent, log, tree } = ordered({ failAt: 2 });
    log.end();
    const other = tree.startUndo();
    tree.exec('./SCM/Inventory/Deployed/clock/Operations/Remove', 'c3', undefined, 'dms');
    other.end();
    agent.settle();
    expect(ends(agent)).toEqual(['c1 1473', 'c2 1405', 'c3 1200']);
  });

  it('are taken back together when the device goes down in between', () => {
    const { agent, log } = ordered({ stopsInInstall: true });
    log.end();
    agent.settle();
    const again = agentOf({ record: structuredClone(agent.record) });
    again.agent.resume();
    expect(again.agent.components).toEqual([CLOCK]);
    expect(ends(again.agent)).toEqual(['c1 1405', 'c2 1405']);
  });
});

describe('a node name made of a text', () => {
  it.each([
    ['game', 'game'],
    ['My game (2)', 'My-game-2-'],
    ['a/b', 'a-b'],
    ['..', 'x'],
    ['.', 'x'],
    ['', 'x'],
    ['é', '-'],
    ['n'.repeat(70), 'n'.repeat(60)],
  ])('%j', (text, name) => {
    expect(nodeName(text)).toBe(name);
  });
});

describe('a completion alert as others write it', () => {
  const alert = (item: object, more: Partial<AlertCommand> = {}): AlertCommand => ({
    kind: 'Alert',
    cmdId: '1',
    code: 1226,
    items: [{ source: { uri: './op' }, ...item }],
    ...more,
  });
  const TYPE = 'urn:oma:at:scomo:1.0:OperationComplete';
  const data = '<ResultCode>1200</ResultCode><Identifier>x</Identifier>';

  it.each([
    ['bare', { meta: { type: TYPE }, data }, 1200],
    ['with the prefix of the text', { meta: { type: `Reversed-Domain-Name: ${TYPE}` }, data }, 1200],
    [
      'of the early draft',
      { meta: { type: 'org.openmobilealliance.dm.softwarecomponent.OperationComplete' }, data },
      1200,
    ],
    ['with blanks in the code', { meta: { type: TYPE }, data: '<ResultCode> 1405 </ResultCode>' }, 1405],
    ['as octets', { meta: { type: TYPE }, data: utf8(data) }, 1200],
  ])('%s is read', (_how, item, resultCode) => {
    expect(readOperationComplete(alert(item))).toMatchObject([{ resultCode, operation: './op' }]);
  });

  it.each([
    ['of another type', { meta: { type: 'urn:other' }, data }],
    ['without type', { data }],
    ['without data', { meta: { type: TYPE } }],
    ['without a code', { meta: { type: TYPE }, data: '<Identifier>x</Identifier>' }],
    ['with a code that is no number', { meta: { type: TYPE }, data: '<ResultCode>ok</ResultCode>' }],
    ['with its code out of sight', { meta: { type: TYPE }, data: `${' '.repeat(5000)}${data}` }],
  ])('%s is none', (_how, item) => {
    expect(readOperationComplete(alert(item))).toEqual([]);
  });

  it('with Type in the Meta of the command, several items and signs to escape is read', () => {
    const command = alert(
      { data: '<ResultCode>1200</ResultCode><Identifier>a&amp;lt;&lt;b&gt;</Identifier>' },
      { meta: { type: TYPE } },
    );
    const twice = { ...command, items: [...command.items, ...command.items] };
    expect(readOperationComplete(twice).map(({ identifier }) => identifier)).toEqual(['a&lt;<b>', 'a&lt;<b>']);
  });

  it('of several components, one of which has failed, begins with that one', () => {
    const item = (code: number) => ({
      data: `<ResultCode>${code}</ResultCode><Identifier>c${code}</Identifier>`,
      meta: { type: TYPE },
    });
    const command = alert({}, {});
    const several = { ...command, items: [item(1200), item(1250), item(1405), item(1406)] };
    expect(readOperationComplete(several).map(({ resultCode }) => resultCode)).toEqual([1405, 1406, 1200, 1250]);
  });
});

describe('an agent that begins nothing', () => {
  it('ends each operation with its result code, and nothing has changed', async () => {
    const fetched: string[] = [];
    const fetch = async (url: string) => {
      fetched.push(url);
      return { kind: 'failed' as const, code: 1402 };
    };
    const { tree, agent, deliver, run } = agentOf({ refuseWith: 1450, fetch });
    const base = deliver('p1', GAME);
    const job = './SCM/Download/d1';
    tree.add(job, { format: 'node', type: undefined, value: undefined }, 'dms');
    for (const [leaf, value] of [
      ['PkgID', 'far'],
      ['PkgURL', 'http://h.example/p'],
    ] as const) {
      tree.add(`${job}/${leaf}`, { format: 'chr', type: undefined, value: utf8(value) }, 'dms');
    }
    const uris = [
      `${base}/Operations/Install`,
      `${job}/Operations/DownloadInstall`,
      './SCM/Inventory/Deployed/clock/Operations/Deactivate',
      './SCM/Inventory/Deployed/clock/Operations/Remove',
    ];
    for (const [index, uri] of uris.entries()) expect(run(uri, `c${index}`)).toBe(202);
    await agent.idle();
    expect(agent.alerts.map(({ source, correlator, data, mark }) => [source, correlator, data, mark])).toEqual(
      ['com.fun.game', 'far', 'com.example.clock', 'com.example.clock'].map((id, index) => [
        uris[index],
        `c${index}`,
        `<ResultCode>1450</ResultCode><Identifier>${id}</Identifier>`,
        'warning',
      ]),
    );
    expect(agent.components).toEqual([CLOCK]);
    expect([tree.text(`${base}/Status`), tree.text(`${job}/Status`), fetched]).toEqual(['10', '10', []]);
  });
});
