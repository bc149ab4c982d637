import { describe, expect, it } from 'vitest';
import { utf8 } from '../../../src-main/base/bytes.ts';
import { nodeDigest } from '../../../src-main/base/node/digest.ts';
import { genericAlertCommand } from '../../../src-main/dm/generic-alert.ts';
import { ManagementTree } from '../../../src-main/dm/tree/management-tree.ts';
import { queryTree } from '../../../src-main/dm/tree/query.ts';
import { FumoAgent, type FumoAgentOptions } from '../../../src-main/fumo/agent/fumo-agent.ts';
import type { FetchedPackage } from '../../../src-main/fumo/fetch-package.ts';
import { readFirmwareComplete, readFirmwareRequest } from '../../../src-main/fumo/firmware-alert.ts';
import { writeFirmware } from '../../../src-main/fumo/firmware-package.ts';
import { RESULT_CODES } from '../../../src-main/fumo/result-codes.ts';

const X = './FwUpdate/Package1';
const PACKAGE = writeFirmware({ model: 'V1', from: ['1.0'], to: '2.0' }, utf8('payload'), nodeDigest);
const URL = 'http://server.example/fw.bin';

function deviceOf(
  options: Partial<FumoAgentOptions> = {},
  answer: FetchedPackage = { kind: 'fetched', content: PACKAGE },
) {
  const tree =
    options.tree ??
    new ManagementTree({
      format: 'node',
      children: { DevDetail: { format: 'node', children: { FwV: { format: 'chr', value: '1.0' } } } },
    });
  const fetched: string[] = [];
  const states: string[] = [];
  const agent = new FumoAgent({
    tree,
    digest: nodeDigest,
    model: 'V1',
    fetch: async (url) => {
      fetched.push(url);
      return answer;
    },
    onChange: () => void states.push(tree.text(`${X}/State`) ?? ''),
    ...options,
  });
  const replace = (path: string, value: string | Uint8Array, format = 'chr') =>
    tree.replace(
      `${X}/${path}`,
      { format, type: undefined, value: typeof value === 'string' ? utf8(value) : value },
      'dms',
    );
  const deliver = (value: Uint8Array = PACKAGE) => replace('Update/PkgData', value, 'bin');
  const exec = (path: string, correlator?: string) => tree.exec(`${X}/${path}`, correlator, undefined, 'dms');
  const run = async (path: string, correlator?: string) => {
    const code = exec(path, correlator);
    agent.settle();
    await agent.idle();
    return code;
  };
  const acknowledge = () => {
    for (const alert of agent.alerts) agent.acknowledged(alert);
  };
  const last = () => agent.alerts.at(-1);
  const version = () => tree.text('./DevDetail/FwV');
  const hasData = () => {
    const node = tree.find(`${X}/Update/PkgData`);
    return typeof node !== 'number' && (node.value?.length ?? 0) > 0;
  };
  return { tree, agent, fetched, states, replace, deliver, exec, run, acknowledge, last, version, hasData };
}

describe('the update object', () => {
  it('has the nodes of the standard, each with its format and rights', () => {
    const { tree } = deviceOf();
    const answer = queryTree(tree, `${X}?list=Struct`, 'dms', 'xml');
    const shown = answer.kind === 'found' ? answer.items.map(({ uri, format, type }) => [uri, format, type]) : [];
    expect(shown[0]).toEqual([X, 'node', 'urn:oma:mo:oma-fumo:1.0']);
    expect(shown.map(([uri, format]) => `${String(uri).slice(X.length + 1)} ${format}`).slice(1)).toEqual([
      'PkgName chr',
      'PkgVersion chr',
      'Download node',
      'Download/PkgURL chr',
      'Update node',
      'DownloadAndUpdate node',
      'DownloadAndUpdate/PkgURL chr',
      'State int',
      'Ext node',
    ]);
    expect(queryTree(tree, `${X}/Update/PkgData`, 'dms', 'xml')).toMatchObject({ code: 405 });
    const set = (path: string) =>
      tree.replace(`${X}/${path}`, { format: 'chr', type: undefined, value: utf8('1') }, 'dms');
    expect(['PkgName', 'PkgVersion', 'Download/PkgURL', 'State', 'Ext'].map(set)).toEqual([200, 200, 200, 405, 405]);
    expect(tree.exec(`${X}/State`, undefined, undefined, 'dms')).toBe(405);
    expect(tree.delete(X, 'dms')).toBe(405);
  });

  it('takes a package by PkgData and updates by it: 10, 50, 60, 90, then 100 when the report is taken', async () => {
    const { agent, tree, deliver, exec, last, version, acknowledge, hasData } = deviceOf();
    expect(deliver()).toBe(200);
    expect(tree.text(`${X}/State`)).toBe('50');
    expect(exec('Update', 'fw-1')).toBe(202);
    expect([tree.text(`${X}/State`), version(), agent.alerts.length]).toEqual(['60', '1.0', 0]);
    agent.settle();
    expect([tree.text(`${X}/State`), version(), hasData()]).toEqual(['90', '2.0', true]);
    expect(last()).toMatchObject({
      source: X,
      type: 'org.openmobilealliance.dm.firmwareupdate.update',
      format: 'int',
      mark: 'informational',
      correlator: 'fw-1',
      data: '200',
    });
    acknowledge();
    expect([tree.text(`${X}/State`), hasData(), agent.alerts.length]).toEqual(['100', false, 0]);
    expect(deliver()).toBe(200);
    expect(tree.text(`${X}/State`)).toBe('50');
  });

  it('downloads and waits: 30, then 50, with a report of its own', async () => {
    const { tree, replace, exec, agent, fetched, last, run, version } = deviceOf();
    expect(replace('Download/PkgURL', URL)).toBe(200);
    expect(exec('Download', 'd')).toBe(202);
    expect([tree.text(`${X}/State`), fetched]).toEqual(['30', []]);
    agent.settle();
    agent.settle();
    await agent.idle();
    expect([tree.text(`${X}/State`), fetched]).toEqual(['50', [URL]]);
    expect(last()).toMatchObject({
      type: 'org.openmobilealliance.dm.firmwareupdate.download',
      correlator: 'd',
      data: '200',
    });
    expect(await run('Update', 'u')).toBe(202);
    expect([tree.text(`${X}/State`), version(), agent.alerts.length]).toEqual(['90', '2.0', 2]);
  });

  it('does both with one report', async () => {
    const { replace, run, agent, last, version } = deviceOf();
    replace('DownloadAndUpdate/PkgURL', URL);
    expect(await run('DownloadAndUpdate', 'both')).toBe(202);
    expect([agent.state, agent.alerts.length, version()]).toEqual([90, 1, '2.0']);
    expect(last()).toMatchObject({
      type: 'org.openmobilealliance.dm.firmwareupdate.downloadandupdate',
      correlator: 'both',
      data: '200',
    });
  });

  it('leaves the Correlator out where the Exec had none, and where the handset began', async () => {
    const { run, deliver, agent, last, acknowledge } = deviceOf();
    deliver();
    await run('Update');
    expect(last()).not.toHaveProperty('correlator');
    acknowledge();
    expect(agent.begin('update')).toBe(false);
    deliver(writeFirmware({ model: 'V1', from: ['2.0'], to: '3.0' }, utf8('p'), nodeDigest));
    expect(agent.begin('update')).toBe(true);
    expect(last()).toMatchObject({ data: '200' });
    expect(last()).not.toHaveProperty('correlator');
  });

  it('refuses with 405 what lacks something or cannot be now', async () => {
    const never = new Promise<FetchedPackage>(() => {});
    const { exec, replace, deliver, agent } = deviceOf({ fetch: () => never });
    expect(['Download', 'Update', 'DownloadAndUpdate'].map((node) => exec(node))).toEqual([405, 405, 405]);
    replace('Download/PkgURL', URL);
    expect(exec('DownloadAndUpdate')).toBe(405);
    expect(exec('Download')).toBe(202);
    agent.settle();
    expect([exec('Download'), exec('Update'), deliver(), replace('Download/PkgURL', 'http://other')]).toEqual([
      405, 405, 405, 405,
    ]);
    expect(agent.state).toBe(30);
  });

  it('lets PkgData and PkgURL exclude each other', () => {
    const { tree, replace, deliver, hasData, agent } = deviceOf();
    const urls = () => ['Download', 'DownloadAndUpdate'].map((name) => tree.text(`${X}/${name}/PkgURL`));
    replace('Download/PkgURL', URL);
    replace('DownloadAndUpdate/PkgURL', URL);
    expect([agent.state, urls()]).toEqual([10, [URL, URL]]);
    deliver();
    expect([agent.state, urls(), hasData()]).toEqual([50, ['', ''], true]);
    replace('Download/PkgURL', URL);
    expect([agent.state, hasData()]).toEqual([10, false]);
    deliver();
    deliver(new Uint8Array(0));
    expect([agent.state, hasData()]).toEqual([10, false]);
  });

  it('is what it was when an Atomic is rolled back', () => {
    const { tree, deliver, replace, hasData, agent } = deviceOf();
    replace('Download/PkgURL', URL);
    const log = tree.startUndo();
    deliver();
    expect([agent.state, tree.text(`${X}/Download/PkgURL`)]).toEqual([50, '']);
    expect(log.undoTo(0)).toBe(true);
    log.end();
    expect([agent.state, tree.text(`${X}/State`), tree.text(`${X}/Download/PkgURL`), hasData()]).toEqual([
      10,
      '10',
      URL,
      false,
    ]);
  });

  it('is at its end as before when an Atomic after it is rolled back', async () => {
    const { tree, deliver, replace, run, agent } = deviceOf({}, { kind: 'failed', code: 503 });
    replace('Download/PkgURL', URL);
    await run('Download');
    const log = tree.startUndo();
    replace('DownloadAndUpdate/PkgURL', URL);
    deliver();
    expect([agent.state, tree.text(`${X}/State`)]).toEqual([50, '50']);
    expect(log.undoTo(0)).toBe(true);
    log.end();
    expect([agent.state, tree.text(`${X}/State`), tree.text(`${X}/Download/PkgURL`)]).toEqual([20, '20', URL]);
  });

  it('tells the server that ordered it, and whoever comes of what it began itself', async () => {
    const { agent, deliver, run } = deviceOf();
    deliver();
    await run('Update', 'c');
    agent.request('user');
    expect(agent.alerts.map(({ server }) => server)).toEqual(['dms', undefined]);
    agent.forgetServer('dms');
    expect(agent.alerts.map(({ server }) => server)).toEqual([undefined]);
  });

  it.each<readonly [string, Uint8Array, string, number]>([
    ['another model', writeFirmware({ model: 'V2', from: [], to: '2.0' }, utf8('p'), nodeDigest), '403', 80],
    ['another base', writeFirmware({ model: 'V1', from: ['9'], to: '2.0' }, utf8('p'), nodeDigest), '403', 80],
    ['a damaged payload', PACKAGE.subarray(0, -1), '402', 80],
    ['no format that we know', utf8('PC-AGENT-FIRMWARE 9\n{}\n'), '405', 80],
  ])('reports %s, changes nothing, and keeps no such package', async (_what, content, code, after) => {
    const { deliver, run, last, agent, version, acknowledge, hasData } = deviceOf();
    deliver(content);
    await run('Update', 'c');
    expect([agent.state, version()]).toEqual([70, '1.0']);
    expect(last()).toMatchObject({ data: code, mark: 'critical', correlator: 'c' });
    acknowledge();
    expect([agent.state, hasData()]).toEqual([after, false]);
  });

  it.each<readonly [string, FetchedPackage | 'rejects' | 'none', string, string]>([
    ['is refused', { kind: 'failed', code: 406 }, URL, '406'],
    ['is called a failure with a code of success', { kind: 'failed', code: 200 }, URL, '409'],
    ['is empty', { kind: 'fetched', content: new Uint8Array(0) }, URL, '402'],
    ['has no URL that is one', { kind: 'fetched', content: PACKAGE }, 'ftp://server/x', '411'],
    ['has a URL of 10 MB', { kind: 'fetched', content: PACKAGE }, `http://a/${'x'.repeat(10_000_000)}`, '411'],
    ['is not built', 'none', URL, '408'],
  ])('reports a download that %s', async (_what, answer, url, code) => {
    const { replace, run, last, agent } = deviceOf(
      answer === 'none' ? ({ fetch: undefined } as object) : {},
      typeof answer === 'string' ? undefined : answer,
    );
    replace('DownloadAndUpdate/PkgURL', url);
    await run('DownloadAndUpdate', 'c');
    expect([agent.state, last()?.data, last()?.mark]).toEqual([20, code, 'critical']);
    expect(last()?.type).toMatch(/\.downloadandupdate$/);
    replace('DownloadAndUpdate/PkgURL', 'http://other.example/');
    expect(agent.state).toBe(10);
  });

  it('takes no package that there is no room for', async () => {
    const { replace, run, last, agent, hasData } = deviceOf({ room: PACKAGE.length - 1 });
    replace('Download/PkgURL', URL);
    await run('Download', 'c');
    expect([agent.state, last()?.data, hasData()]).toEqual([20, '501', false]);
    const enough = deviceOf({ room: PACKAGE.length });
    enough.replace('Download/PkgURL', URL);
    await enough.run('Download', 'c');
    expect([enough.agent.state, enough.last()?.data]).toEqual([50, '200']);
  });

  it('can be made to end with every result code, in the half of the work that the code is of', async () => {
    for (const { from, to, class: kind } of RESULT_CODES) {
      for (const failWith of new Set([from, to])) {
        const { replace, run, last, agent, fetched, version } = deviceOf({ failWith });
        replace('DownloadAndUpdate/PkgURL', URL);
        await run('DownloadAndUpdate', 'c');
        expect(last()?.data).toBe(String(failWith));
        expect(agent.state, String(failWith)).toBe(kind === 'success' ? 90 : kind === 'update' ? 70 : 20);
        expect(fetched.length).toBe(kind === 'success' || kind === 'update' ? 1 : 0);
        expect(version()).toBe(kind === 'success' ? '2.0' : '1.0');
        const other = deviceOf({ failWith });
        other.deliver();
        await other.run('Update');
        expect([other.last()?.data, other.agent.state]).toEqual([String(failWith), kind === 'success' ? 90 : 70]);
      }
    }
  });

  it('may be executed again after a failed update, since the package is still there', async () => {
    const first = deviceOf({ failWith: 410 });
    first.deliver();
    await first.run('Update');
    first.acknowledge();
    expect([first.agent.state, first.hasData()]).toEqual([70, true]);
    const again = deviceOf({ tree: first.tree, record: first.agent.record });
    again.tree.replace(`${X}/Update/PkgData`, { format: 'bin', type: undefined, value: PACKAGE }, 'dms');
    expect(await again.run('Update')).toBe(202);
    expect(again.agent.state).toBe(90);
  });

  it('asks the server for an update, for its user or for itself', () => {
    const { agent } = deviceOf();
    agent.request('user');
    agent.request('device');
    agent.request('device');
    const commands = agent.alerts.map((alert) => genericAlertCommand(alert));
    expect(commands.map(readFirmwareRequest)).toEqual([
      { requester: 'user', object: X },
      { requester: 'device', object: X },
      { requester: 'device', object: X },
    ]);
    expect(commands[0]?.items[0]).toMatchObject({
      data: '',
      meta: { type: 'org.openmobilealliance.dm.firmwareupdate.userrequest' },
    });
    expect(commands.flatMap(readFirmwareComplete)).toEqual([]);
    expect(new Set(agent.alerts.map(({ id }) => id)).size).toBe(3);
  });
});

/** A start of the device: what its disk holds goes into a new tree. */
function restarted(before: ReturnType<typeof deviceOf>, options: Partial<FumoAgentOptions> = {}) {
  const after = deviceOf({ ...options, record: structuredClone(before.agent.record) });
  for (const path of ['Update/PkgData', 'Download/PkgURL', 'DownloadAndUpdate/PkgURL', 'State']) {
    const old = before.tree.find(`${X}/${path}`);
    const now = after.tree.find(`${X}/${path}`);
    if (typeof old !== 'number' && typeof now !== 'number') now.value = old.value;
  }
  return after;
}

describe('a device that begins nothing', () => {
  it('says so with its result code, and has changed nothing', async () => {
    const { agent, deliver, run, version, hasData, fetched, replace } = deviceOf({ refuseWith: 450 });
    deliver();
    expect(await run('Update', 'fw-1')).toBe(202);
    expect([agent.state, version(), hasData()]).toEqual([50, '1.0', true]);
    expect(agent.alerts).toMatchObject([{ correlator: 'fw-1', data: '450', mark: 'critical' }]);
    replace('Download/PkgURL', URL);
    expect(await run('Download')).toBe(202);
    expect([agent.state, fetched]).toEqual([10, []]);
    expect(agent.alerts).toHaveLength(2);
    expect(await run('Update')).toBe(405);
  });

  it('has not begun it at its next start either', async () => {
    const before = deviceOf({ refuseWith: 450 });
    before.deliver();
    expect(before.exec('Update', 'c')).toBe(202);
    const after = restarted(before);
    after.agent.resume();
    expect([after.agent.state, after.version(), after.last()?.data]).toEqual([50, '1.0', '450']);
  });
});

describe('an update that a restart interrupts', () => {
  it('goes on when it is told in the same run that the device is up again', async () => {
    let stopsInUpdate = true;
    const options = {
      get stopsInUpdate() {
        return stopsInUpdate;
      },
    };
    const tree = deviceOf().tree;
    tree.drop('./FwUpdate');
    const states: number[] = [];
    const agent = new FumoAgent(
      Object.defineProperties(
        { tree, digest: nodeDigest, model: 'V1', onChange: () => void states.push(agent.state) },
        Object.getOwnPropertyDescriptors(options),
      ),
    );
    tree.replace(`${X}/Update/PkgData`, { format: 'bin', type: undefined, value: PACKAGE }, 'dms');
    tree.exec(`${X}/Update`, 'c', undefined, 'dms');
    agent.settle();
    expect([agent.state, agent.alerts]).toEqual([60, []]);
    stopsInUpdate = false;
    agent.resume();
    expect([agent.state, agent.alerts[0]?.data, tree.text('./DevDetail/FwV')]).toEqual([90, '200', '2.0']);
  });

  it('goes on at the next start and is reported then, with its Correlator', async () => {
    const before = deviceOf({ stopsInUpdate: true });
    before.deliver();
    expect(await before.run('Update', 'fw-7')).toBe(202);
    before.agent.settle();
    expect([before.agent.state, before.agent.alerts, before.version()]).toEqual([60, [], '1.0']);
    expect(before.deliver()).toBe(405);
    const after = restarted(before, { stopsInUpdate: true });
    after.agent.resume();
    expect([after.agent.state, after.version()]).toEqual([90, '2.0']);
    expect(after.agent.alerts).toMatchObject([{ correlator: 'fw-7', data: '200' }]);
  });

  it('knows at the next start that the new firmware runs already', async () => {
    const before = deviceOf({ stopsInUpdate: true });
    before.deliver();
    await before.run('Update', 'c');
    const after = restarted(before);
    after.tree.set('./DevDetail/FwV', '2.0');
    after.agent.resume();
    expect([after.agent.state, after.version(), after.last()?.data]).toEqual([90, '2.0', '200']);
  });

  it('fails at the next start when the package is gone or damaged', async () => {
    for (const [value, code, state] of [
      [undefined, '410', 80],
      [PACKAGE.subarray(0, 60), '402', 70],
    ] as const) {
      const before = deviceOf({ stopsInUpdate: true });
      before.deliver();
      await before.run('Update', 'c');
      const after = restarted(before);
      const data = after.tree.find(`${X}/Update/PkgData`);
      if (typeof data !== 'number') data.value = value;
      after.agent.resume();
      expect([after.agent.state, after.version(), after.last()?.data]).toEqual([state, '1.0', code]);
    }
  });

  it('begins a download anew that the end of the handset broke off', async () => {
    const before = deviceOf({ fetch: async () => Promise.reject(new Error('the program ends')) });
    before.replace('DownloadAndUpdate/PkgURL', URL);
    await before.run('DownloadAndUpdate', 'c');
    expect([before.agent.state, before.agent.alerts]).toEqual([30, []]);
    const after = restarted(before);
    after.agent.resume();
    await after.agent.idle();
    expect([after.fetched, after.agent.state, after.version()]).toEqual([[URL], 90, '2.0']);
    expect(after.agent.alerts).toMatchObject([{ correlator: 'c', data: '200' }]);
  });

  it('comes to rest when nothing is known of who wanted it', () => {
    for (const state of [20, 30, 40, 50, 60, 70, 80, 90, 100, 12345]) {
      const { agent, tree } = deviceOf({ record: { state, alerts: [] } });
      agent.resume();
      expect([agent.state, tree.text(`${X}/State`), agent.alerts], String(state)).toEqual([10, '10', []]);
    }
  });

  it('waits with cleaning up until the report is taken', async () => {
    const before = deviceOf();
    before.deliver();
    await before.run('Update', 'c');
    const after = restarted(before);
    after.agent.resume();
    expect([after.agent.state, after.agent.alerts.length]).toEqual([90, 1]);
    after.acknowledge();
    const last = restarted(after);
    last.agent.resume();
    expect(last.agent.state).toBe(10);
  });
});
