import { describe, expect, it } from 'vitest';
import { hexOf, utf8 } from '../../../src-main/base/bytes.ts';
import { nodeDigest } from '../../../src-main/base/node/digest.ts';
import { type GenericAlert, genericAlertCommand } from '../../../src-main/dm/generic-alert.ts';
import { ManagementTree } from '../../../src-main/dm/tree/management-tree.ts';
import { queryTree } from '../../../src-main/dm/tree/query.ts';
import { type Component, nodeName } from '../../../src-main/scomo/agent/component.ts';
import { ScomoAgent, type ScomoAgentOptions } from '../../../src-main/scomo/agent/scomo-agent.ts';
import { readOperationComplete } from '../../../src-main/scomo/operation-complete.ts';
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
    ['without Data', { PkgID: 'x', Name: 'x' }],
    ['with empty Data', { PkgID: 'x', Data: '' }],
    ['without PkgID', { Name: 'x', Data: 'x' }],
  ])('fails to install a package %s, and says so in its Status', (_what, parts) => {
    const { tree, agent, deliver, run } = agentOf();
    const base = deliver('p1', parts);
    expect(run(`${base}/Operations/Install`, 'c')).toBe(202);
    expect(tree.text(`${base}/Status`)).toBe('60');
    expect(lastAlert(agent)).toMatchObject({ mark: 'warning', correlator: 'c' });
    expect(lastAlert(agent)?.data).toContain('<ResultCode>1405</ResultCode>');
    expect(lastAlert(agent)?.target).toBeUndefined();
    expect(agent.components).toEqual([CLOCK]);
  });

  it('fails to install a package twice, since its octets have become the component', () => {
    const { agent, deliver, run } = agentOf();
    const base = deliver('p1', GAME);
    run(`${base}/Operations/Install`);
    run(`${base}/Operations/Install`);
    expect(agent.alerts.map(({ data }) => /\d+/.exec(data)?.[0])).toEqual(['1200', '1405']);
    expect(new Set(agent.alerts.map(({ id }) => id)).size).toBe(2);
    expect(agent.components).toHaveLength(2);
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
});
