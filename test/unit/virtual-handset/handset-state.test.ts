import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { utf8 } from '../../../src-main/base/bytes.ts';
import { isPcAgentError } from '../../../src-main/base/errors.ts';
import { nodeDigest } from '../../../src-main/base/node/digest.ts';
import { writeSoftware } from '../../../src-main/scomo/software-package.ts';
import type { Handset } from '../../../src-main/virtual/handset/handset.ts';
import { EMPTY_STATE, HandsetStateFile } from '../../../src-main/virtual/handset/handset-state.ts';
import { ACCOUNT, handsetOf } from './handset-fixture.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'handset-'));
  folders.push(made);
  return made;
}

const NONCES = { nonces: { 'dms.example': { client: 'YQ==', server: 'Yg==' } } };

describe("a handset's state", () => {
  it('is empty in a new folder, which it makes, and nothing is written before something changes', () => {
    const place = join(folder(), 'deep', 'down');
    expect(new HandsetStateFile(place).state).toEqual(EMPTY_STATE);
    expect(readdirSync(place)).toEqual([]);
  });

  it('is on disk when a change returns, whole, and nothing else is left beside it', () => {
    const place = folder();
    new HandsetStateFile(place).change(NONCES);
    expect(readdirSync(place)).toEqual(['handset.json']);
    expect(JSON.parse(readFileSync(join(place, 'handset.json'), 'utf8'))).toEqual({
      version: 1,
      alerts: [],
      ...NONCES,
    });
    expect(new HandsetStateFile(place).state).toMatchObject(NONCES);
  });

  it('is the old one when the process died while it wrote the new one', () => {
    const place = folder();
    new HandsetStateFile(place).change(NONCES);
    writeFileSync(join(place, `handset.json.${process.pid}.tmp`), '{"version":1,"comp');
    const again = new HandsetStateFile(place);
    expect(again.state).toMatchObject(NONCES);
    again.change({ nonces: {} });
    expect(readdirSync(place)).toEqual(['handset.json']);
  });

  it('stays as it was when the disk does not take the new one', () => {
    const place = folder();
    const file = new HandsetStateFile(place);
    file.change(NONCES);
    mkdirSync(join(place, `handset.json.${process.pid}.tmp`));
    expect(() => file.change({ nonces: {} })).toThrow();
    expect(new HandsetStateFile(place).state).toMatchObject(NONCES);
  });

  it.each([
    ['empty', ''],
    ['cut', '{"version":1,'],
    ['no object', '[]'],
    ['of another version', '{"version":2}'],
    ['without version', '{}'],
    ['with alerts that are none', '{"version":1,"alerts":[{"id":1}]}'],
    ['with components that are none', '{"version":1,"components":[{}]}'],
    ['with nonces that are none', '{"version":1,"nonces":{"a":1}}'],
  ])('is refused as settings/invalid when the file is %s', (_how, text) => {
    const place = folder();
    writeFileSync(join(place, 'handset.json'), text);
    let code = 'nothing';
    try {
      new HandsetStateFile(place);
    } catch (error) {
      if (isPcAgentError(error)) code = error.code;
    }
    expect(code).toBe('settings/invalid');
    // What was there is not touched: a person may want to mend it.
    expect(readFileSync(join(place, 'handset.json'), 'utf8')).toBe(text);
  });

  it('is refused as settings/unreadable when there is no file to read in its place', () => {
    const place = folder();
    mkdirSync(join(place, 'handset.json'));
    expect(() => new HandsetStateFile(place)).toThrow(expect.objectContaining({ code: 'settings/unreadable' }));
  });

  it('without a folder is kept as long as the process', () => {
    const file = new HandsetStateFile(undefined);
    file.change(NONCES);
    expect(file.state).toMatchObject(NONCES);
    expect(new HandsetStateFile(undefined).state).toEqual(EMPTY_STATE);
  });
});

describe('a handset that starts again', () => {
  it('has the software, the alerts and the nonces that it had', () => {
    const place = folder();
    const { handset } = handsetOf({ state: new HandsetStateFile(place) });
    handset.device.tree.exec('./SCM/Inventory/Deployed/clock/Operations/Remove', 'c', undefined, 'virtual-dms');
    handset.device.settle();
    new HandsetStateFile(place);
    const again = handsetOf({ state: new HandsetStateFile(place) }).handset;
    expect(again.device.agent.components.map(({ node }) => node)).toEqual(['notes']);
    expect(again.device.waitingAlerts()).toEqual(handset.device.waitingAlerts());
    expect(again.device.waitingAlerts()).toHaveLength(1);
    expect(again.nonces.of(ACCOUNT)).toEqual(handset.nonces.of(ACCOUNT));
  });

  it('has done what it accepted in a session that broke off', () => {
    const { handset } = handsetOf();
    const plan = handset.planOwn('http://dms.example/dm');
    const session = handset.begin(plan);
    session.start();
    handset.device.tree.exec('./SCM/Inventory/Deployed/clock/Operations/Remove', 'c', undefined, 'virtual-dms');
    handset.finish(plan.account, session);
    expect(handset.device.agent.components.map(({ node }) => node)).toEqual(['notes']);
    expect(handset.device.waitingAlerts()).toHaveLength(1);
  });

  it('keeps no nonce of a server that did not prove itself', () => {
    const { handset } = handsetOf();
    const before = handset.nonces.of(ACCOUNT);
    const session = handset.begin(handset.planOwn('http://dms.example/dm'));
    session.start();
    session.wire.prover.learn(212, { type: 'syncml:auth-md5', nextNonce: 'ZXZpbA==' });
    handset.finish(ACCOUNT, session);
    expect(handset.nonces.of(ACCOUNT)).toEqual(before);
  });
});

describe('a session of its own accord', () => {
  it('has an id from 1 and Alert 1201', () => {
    for (const octets of [
      [0, 0],
      [0, 1],
      [0x1a, 0x2b],
    ]) {
      const { handset } = handsetOf({ random: { bytes: () => Uint8Array.from(octets) } });
      const id = Math.max(1, (octets[0] ?? 0) * 256 + (octets[1] ?? 0));
      expect(handset.planOwn('x', 9)).toMatchObject({
        sessionId: id.toString(16).toUpperCase(),
        alert: 1201,
        packetRoom: 9,
      });
    }
  });
});

describe('a handset that ends between two of its files', () => {
  const DELIVERED = './SCM/Inventory/Delivered';
  const SUITE = writeSoftware(
    [
      { id: 'com.example.clock', name: 'Clock', version: '2.0', needs: [], content: utf8('clock') },
      { id: 'b', name: 'B', version: '1.0', needs: [], content: utf8('b') },
    ],
    { digest: nodeDigest },
  );
  const content = (value: string | Uint8Array, format = 'chr') => ({
    format,
    type: undefined,
    value: typeof value === 'string' ? utf8(value) : value,
  });
  const NODE = { format: 'node', type: undefined, value: undefined };

  /** The folder as it is each time that the state is about to be written, and at the end. */
  async function momentsOf(prepare: (handset: Handset) => string): Promise<readonly string[]> {
    const place = folder();
    const state = new HandsetStateFile(place);
    const options = { state, fetchSoftware: async () => ({ kind: 'fetched', content: SUITE, type: '' }) as const };
    const { handset } = handsetOf(options);
    const uri = prepare(handset);
    handset.keepTree();
    const moments: string[] = [];
    const copy = () => {
      moments.push(folder());
      cpSync(place, moments.at(-1) ?? '', { recursive: true });
    };
    const change = state.change.bind(state);
    state.change = (part) => {
      copy();
      change(part);
    };
    expect(handset.device.tree.exec(uri, 'c', undefined, ACCOUNT.serverId)).toBe(202);
    handset.keepAccepted();
    handset.device.settle();
    await handset.device.agent.idle();
    copy();
    return moments;
  }

  async function startedFrom(place: string) {
    const state = new HandsetStateFile(place);
    const options = { state, fetchSoftware: async () => ({ kind: 'fetched', content: SUITE, type: '' }) as const };
    const { device } = handsetOf(options).handset;
    await device.agent.idle();
    const { tree, agent } = device;
    const delivered = tree.find(DELIVERED);
    return {
      versions: agent.components.map(({ id, version }) => `${id} ${version}`),
      shown: ['clock', 'notes', 'B'].map((node) => tree.text(`./SCM/Inventory/Deployed/${node}/Version`)),
      packages:
        typeof delivered === 'number'
          ? []
          : [...delivered.children.values()].map(({ name }) => {
              const leaf = (what: string) => tree.text(`${DELIVERED}/${name}/${what}`);
              return `${name} ${leaf('State')} ${leaf('Status')} ${leaf('Data') === undefined ? '' : 'data'}`;
            }),
      codes: agent.alerts.map(({ data }) => /\d+/.exec(data)?.[0]),
    };
  }

  const OLD = { versions: ['com.example.clock 1.4', 'com.example.notes 1.0'], shown: ['1.4', '1.0', undefined] };
  const NEW = {
    versions: ['com.example.clock 2.0', 'com.example.notes 1.0', 'b 1.0'],
    shown: ['2.0', '1.0', '1.0'],
    packages: ['p1 20 10 '],
    codes: ['1200'],
  };

  it('has installed a package whole, or not at all and says so', async () => {
    const moments = await momentsOf(({ device: { tree } }) => {
      tree.add(`${DELIVERED}/p1`, NODE, ACCOUNT.serverId);
      tree.add(`${DELIVERED}/p1/PkgID`, content('suite'), ACCOUNT.serverId);
      tree.add(`${DELIVERED}/p1/Data`, content(SUITE, 'bin'), ACCOUNT.serverId);
      return `${DELIVERED}/p1/Operations/Install`;
    });
    const found = await Promise.all(moments.map(startedFrom));
    for (const each of found) {
      const failed = { ...OLD, packages: ['p1 10 50 data'], codes: ['1405'] };
      const notBegun = { ...OLD, packages: ['p1 10 10 data'], codes: [] };
      expect([failed, notBegun, NEW]).toContainEqual(each);
    }
    expect(found.at(-1)).toEqual(NEW);
  });

  const JOB = './SCM/Download/p1';
  const ordering = (operation: string) =>
    momentsOf(({ device: { tree } }) => {
      tree.add(JOB, NODE, ACCOUNT.serverId);
      tree.add(`${JOB}/PkgID`, content('suite'), ACCOUNT.serverId);
      tree.add(`${JOB}/PkgURL`, content('http://h/suite'), ACCOUNT.serverId);
      return `${JOB}/Operations/${operation}`;
    });

  it('has downloaded and installed a package, or says of the package that it has failed', async () => {
    const found = await Promise.all((await ordering('DownloadInstall')).map(startedFrom));
    for (const each of found) {
      const failed = { ...OLD, packages: ['p1 10 50 data'], codes: ['1405'] };
      expect([failed, { ...OLD, packages: [], codes: [] }, NEW]).toContainEqual(each);
    }
    expect(found.map(({ codes }) => codes[0])).toContain('1405');
  });

  it('has downloaded a package once', async () => {
    const moments = await ordering('Download');
    const found = await Promise.all(moments.map(startedFrom));
    for (const each of found) {
      const done = { ...OLD, packages: ['p1 10 10 data'], codes: ['1200'] };
      expect([done, { ...OLD, packages: [], codes: [] }]).toContainEqual(each);
    }
  });
});
