import { createHash } from 'node:crypto';
import { appendFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { nodeDigest } from '../../../src-main/base/node/digest.ts';
import type { ParamsOf, RequestName, ResultOf } from '../../../src-main/contract/requests.ts';
import { writeSoftware } from '../../../src-main/scomo/software-package.ts';
import { QUIET, testHome } from '../host/home.ts';
import { ModelledPhone, serverFor } from './modelled-phone.ts';
import { rowsIn } from './rows.ts';

const home = testHome();
const [ONE, TWO, OTHER] = ['tcp:127.0.0.1:650', 'tcp:127.0.0.1:651', 'tcp:127.0.0.1:652'] as const;
const GAME = 'com.example.game';
const octets = (text: string) => new TextEncoder().encode(text);
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** A host, two phones of a model and one of another, and packages in the cache. */
async function bench() {
  const phones = {
    [ONE]: new ModelledPhone('IMEI:490154203237518', 'M1'),
    [TWO]: new ModelledPhone('IMEI:490154203237526', ' m1'),
    [OTHER]: new ModelledPhone('IMEI:490154203237534', 'M2'),
  };
  const own = home.places();
  const digests = new Map<string, string>();
  const { connection } = await home.host(own, { ownServer: () => serverFor(phones, (id) => digests.get(id)) });
  const ask = <N extends RequestName>(name: N, params: ParamsOf<N>): Promise<ResultOf<N>> =>
    connection.request(name, params, QUIET);
  const add = async (id: string, version: string, parts?: readonly (readonly [id: string, version: string])[]) => {
    const contents = (parts ?? [[id, version] as const]).map(([part, each]) => ({
      ...{ id: part, name: `the ${part}`, version: each, needs: [], content: octets(`${part} ${each}`) },
    }));
    const bytes = parts === undefined ? octets(`${id} ${version}`) : writeSoftware(contents, { digest: nodeDigest });
    const file = join(own.state, 'added.bin');
    writeFileSync(file, bytes);
    await ask('packages.add', { files: [{ file, id, version }] });
    for (const phone of Object.values(phones)) phone.knows(id, bytes, contents);
    digests.set(id, sha256(bytes));
    return sha256(bytes);
  };
  /** Puts it on the phone without anybody's order. */
  const has = (phone: ModelledPhone, ...texts: readonly string[]) => {
    for (const text of texts) {
      const [id = '', version = '', state = 'active', pkgId = id] = text.split(' ');
      phone.components.push({ id, name: `the ${id}`, version, state, pkgId });
    }
  };
  return { phone: phones[ONE], twin: phones[TWO], other: phones[OTHER], own, ask, add, has };
}

const ordersOf = (phone: ModelledPhone) =>
  phone.sessions.flat().map(({ operation, package: id, component, inactive }) => {
    return `${operation} ${id ?? component ?? ''}${inactive === true ? ' inactive' : ''}`;
  });

const listed = (phone: ModelledPhone) => phone.components.map(({ id, version, state }) => `${id} ${version} ${state}`);

describe('a component', () => {
  it('is kept on the disk, taken off, and put back as it was; its package cannot be removed meanwhile', async () => {
    const { phone, own, ask, add, has } = await bench();
    const digest = await add(GAME, '2.0');
    has(phone, 'notes 1.0', `${GAME} 2.0 inactive`);
    const before = structuredClone(phone.components);
    const rows: unknown[] = [];
    phone.before = () => void rows.push(...rowsIn(join(own.state, 'pc-agent.db'), 'SELECT state FROM archives'));
    const { archive, jobs } = await ask('archive', { handset: ONE, component: GAME, note: 'level 7' });
    expect(jobs).toMatchObject([{ state: 'done', component: GAME }]);
    expect(rows).toEqual([{ state: 'pending' }]);
    expect(listed(phone)).toEqual(['notes 1.0 active']);
    expect(archive).toMatchObject({ component: GAME, state: 'inactive', model: 'M1', note: 'level 7' });
    expect(archive?.package).toEqual({ id: GAME, version: '2.0', sha256: digest });
    const id = archive?.id ?? '';
    await expect(ask('packages.remove', { id: GAME })).rejects.toMatchObject({
      code: 'cache/needed-by-archive',
      details: { id: GAME, neededBy: [`archive ${id} of ${GAME}`] },
    });
    // A newer package of that id takes its place, and yet what was there is what is put back.
    await add(GAME, '3.0');
    phone.before = () => undefined;
    expect(await ask('restore', { handset: ONE, archive: id })).toMatchObject({
      jobs: [{ state: 'done', package: GAME }],
      remaining: { missing: [], outdated: [], extra: [] },
    });
    expect(phone.installed).toEqual([digest]);
    expect(phone.components).toEqual(before);
    expect(ordersOf(phone)).toEqual([`remove ${GAME}`, `install ${GAME} inactive`]);
    const { archives } = await ask('archives.list', { device: phone.device });
    expect(archives).toMatchObject([{ id, restoredAt: expect.any(String) }]);
    expect(archives[0]?.code).toBeUndefined();
    expect(await ask('restore', { handset: ONE, archive: id })).toMatchObject({
      jobs: [{ state: 'skipped', code: 'offline/nothing-to-do' }],
    });
    expect(readdirSync(own.content, { recursive: true }).some((name) => String(name).endsWith(digest))).toBe(true);
    expect(await ask('archives.remove', { archive: id })).toEqual({ removed: id });
    expect(readdirSync(own.content, { recursive: true }).some((name) => String(name).endsWith(digest))).toBe(false);
    await expect(ask('archives.remove', { archive: id })).rejects.toMatchObject({ code: 'archive/unknown' });
    expect(await ask('packages.remove', { id: GAME })).toEqual({ removed: [GAME] });
  });

  it('stays where it is unless it could be put back', async () => {
    const { phone, own, ask, add, has } = await bench();
    has(phone, `${GAME} 2.0`);
    const archive = (component = GAME) => ask('archive', { handset: ONE, component });
    await expect(archive()).rejects.toMatchObject({ code: 'archive/package-absent' });
    await expect(archive('toy')).rejects.toMatchObject({ code: 'archive/component-absent' });
    await add(GAME, '3.0');
    await expect(archive()).rejects.toMatchObject({ code: 'archive/package-absent' });
    const digest = await add(GAME, '2.0');
    const file = readdirSync(own.content, { recursive: true }).find((name) => String(name).endsWith(digest));
    const path = join(own.content, String(file));
    const whole = readFileSync(path);
    writeFileSync(path, octets(`${GAME} 2.1`));
    await expect(archive()).rejects.toMatchObject({ code: 'cache/digest-mismatch' });
    await expect(archive()).rejects.toMatchObject({ code: 'cache/quarantined' });
    expect(ordersOf(phone)).toEqual([]);
    await add(GAME, '2.0');
    expect(readFileSync(path)).toEqual(whole);
    const id = (await archive()).archive?.id ?? '';
    appendFileSync(path, 'x');
    await ask('packages.verify', {});
    expect((await ask('archives.list', {})).archives).toMatchObject([{ id, code: 'cache/quarantined' }]);
    await expect(ask('restore', { handset: ONE, archive: id })).rejects.toMatchObject({ code: 'cache/quarantined' });
    const dms = 'http://127.0.0.1:9/dm';
    for (const order of [
      ask('archive', { handset: ONE, component: GAME, dms }),
      ask('restore', { handset: ONE, archive: id, dms }),
    ])
      await expect(order).rejects.toMatchObject({ code: 'archive/own-server-only' });
    expect(ordersOf(phone)).toEqual([`remove ${GAME}`]);
  });

  it.each(['failed', 'refused', 'postponed', 'cancelled'] as const)(
    'whose removal is %s is no archive',
    async (state) => {
      const { phone, ask, add, has } = await bench();
      await add(GAME, '2.0');
      has(phone, `${GAME} 2.0`);
      phone.answers = () => ({ state, code: 'x/y' });
      const result = await ask('archive', { handset: ONE, component: GAME });
      expect(result).toMatchObject({ jobs: [{ state }] });
      expect(result.archive).toBeUndefined();
      expect((await ask('archives.list', {})).archives).toEqual([]);
      expect(await ask('packages.remove', { id: GAME })).toEqual({ removed: [GAME] });
    },
  );

  it('that a person took off in the same moment, and one whose session broke, are settled by what is known', async () => {
    const { phone, ask, add, has } = await bench();
    await add(GAME, '2.0');
    has(phone, `${GAME} 2.0`);
    phone.before = () => {
      throw new Error('the session broke');
    };
    await expect(ask('archive', { handset: ONE, component: GAME })).rejects.toThrow();
    // No job was made of it, so it is on the phone.
    expect((await ask('archives.list', {})).archives).toEqual([]);
    phone.before = () => {
      phone.components = [];
    };
    phone.answers = () => ({ state: 'failed', code: 'scomo/operation-failed' });
    const { archive } = await ask('archive', { handset: ONE, component: GAME });
    expect(archive).toMatchObject({ component: GAME });
  });

  it('comes back alone although its package holds others, which stay as they were', async () => {
    const { phone, twin, other, ask, add, has } = await bench();
    await add('suite', '1.0', [
      ['clock', '2.0'],
      ['zones', '1.0'],
      ['alarm', '1.0'],
    ]);
    // The alarm was removed before, and the zones are not in use.
    has(phone, 'clock 2.0 active suite', 'zones 1.0 inactive suite');
    const before = structuredClone(phone.components);
    const { archive } = await ask('archive', { handset: ONE, component: 'clock' });
    const { id = '' } = archive ?? {};
    expect(await ask('restore', { handset: ONE, archive: id })).toMatchObject({
      remaining: { missing: [], outdated: [], extra: [] },
    });
    expect(phone.components).toEqual(expect.arrayContaining(before));
    expect(phone.components).toHaveLength(2);
    expect(ordersOf(phone)).toEqual(['remove clock', 'install suite', 'deactivate zones', 'remove alarm']);
    await expect(ask('restore', { handset: OTHER, archive: id })).rejects.toMatchObject({
      code: 'archive/other-model',
    });
    expect(ordersOf(other)).toEqual([]);
    // Another one of that model gets it alone as well.
    await ask('restore', { handset: TWO, archive: id });
    expect(listed(twin)).toEqual(['clock 2.0 active']);
  });
});

describe('a snapshot', () => {
  it('is laid beside a phone and put back in one session, on its phone and on another one of that model', async () => {
    const { phone, twin, other, ask, add, has } = await bench();
    await add(GAME, '2.0');
    await add('notes', '1.0');
    await add('suite', '1.0', [
      ['clock', '2.0'],
      ['zones', '1.0'],
    ]);
    has(phone, `${GAME} 2.0`, 'notes 1.0 inactive', 'clock 2.0 active suite', 'zones 1.0 inactive suite');
    const before = structuredClone(phone.components);
    const { snapshot } = await ask('snapshots.take', { handset: ONE, name: 'Bench' });
    expect(snapshot.components.map((each) => [each.id, each.package, each.code])).toEqual([
      [GAME, GAME, undefined],
      ['notes', 'notes', undefined],
      ['clock', 'suite', undefined],
      ['zones', 'suite', undefined],
    ]);
    const looks = phone.sessions.length;
    await expect(ask('snapshots.take', { handset: ONE, name: 'bench' })).rejects.toMatchObject({
      code: 'snapshot/exists',
    });
    expect(phone.sessions).toHaveLength(looks);
    await add(GAME, '3.0');
    phone.components = [];
    has(phone, `${GAME} 3.0`, 'notes 1.0', 'zones 1.0 inactive suite', 'toy 1.0');
    const compared = await ask('snapshots.compare', { handset: ONE, snapshot: 'BENCH' });
    expect(compared).toMatchObject({
      missing: [{ id: 'clock', version: '2.0', package: 'suite' }],
      outdated: [
        { id: GAME, field: 'version', has: '3.0', wanted: '2.0', package: GAME },
        { id: 'notes', field: 'state', has: 'active', wanted: 'inactive' },
      ],
      extra: [{ id: 'toy', version: '1.0' }],
    });
    const left = await ask('snapshots.restore', { handset: ONE, snapshot: snapshot.id });
    expect(left.remaining).toMatchObject({ missing: [], outdated: [], extra: [{ id: 'toy' }] });
    expect(phone.sessions.at(-1)).toHaveLength(4);
    const orders = ['install suite', `install ${GAME}`, 'deactivate zones', 'deactivate notes'];
    expect(ordersOf(phone)).toEqual(orders);
    await ask('snapshots.restore', { handset: ONE, snapshot: 'Bench', removeExtra: true });
    expect(phone.components).toEqual(expect.arrayContaining(before));
    expect(phone.components).toHaveLength(before.length);
    expect(await ask('snapshots.restore', { handset: ONE, snapshot: 'Bench' })).toMatchObject({
      jobs: [{ state: 'skipped' }],
    });
    expect(await ask('snapshots.restore', { handset: TWO, snapshot: 'Bench' })).toMatchObject({
      remaining: { missing: [], outdated: [] },
    });
    expect(twin.components).toEqual(expect.arrayContaining(before));
    await expect(ask('snapshots.restore', { handset: OTHER, snapshot: 'Bench' })).rejects.toMatchObject({
      code: 'snapshot/other-model',
    });
    expect(ordersOf(other)).toEqual([]);
    await expect(ask('packages.remove', { id: 'suite' })).rejects.toMatchObject({ code: 'cache/needed-by-archive' });
    await ask('snapshots.remove', { snapshot: 'Bench' });
    await ask('packages.remove', { id: 'suite' });
    await expect(ask('snapshots.compare', { handset: ONE, snapshot: 'Bench' })).rejects.toMatchObject({
      code: 'snapshot/unknown',
    });
  });

  it('without a package for something is refused while that is missing; what fails is told', async () => {
    const { phone, ask, add, has } = await bench();
    await add(GAME, '2.0');
    has(phone, `${GAME} 2.0`, 'built-in 1.0');
    const { snapshot } = await ask('snapshots.take', { handset: ONE, name: 'Bench' });
    expect(snapshot.components[1]).toMatchObject({ id: 'built-in', code: 'snapshot/package-absent' });
    phone.components = [];
    await expect(ask('snapshots.restore', { handset: ONE, snapshot: 'Bench' })).rejects.toMatchObject({
      code: 'snapshot/package-absent',
      details: { component: 'built-in' },
    });
    expect(ordersOf(phone)).toEqual([]);
    const partly = await ask('snapshots.restore', { handset: ONE, snapshot: 'Bench', partial: true });
    expect(partly.jobs).toMatchObject([
      { state: 'done', package: GAME },
      { state: 'failed', component: 'built-in', code: 'snapshot/still-different' },
    ]);
    expect(partly.remaining).toMatchObject({ missing: [{ id: 'built-in' }], extra: [] });
    phone.components = [];
    has(phone, 'built-in 1.0');
    phone.answers = ({ operation }) =>
      operation === 'install' ? { state: 'refused', code: 'scomo/declined' } : undefined;
    const refused = await ask('snapshots.restore', { handset: ONE, snapshot: 'Bench' });
    expect(refused).toMatchObject({ jobs: [{ state: 'refused' }], remaining: { missing: [{ id: GAME }] } });
    // A handset that says that it has done it and has not.
    phone.answers = () => ({ state: 'done' });
    expect((await ask('snapshots.restore', { handset: ONE, snapshot: 'Bench' })).jobs).toMatchObject([
      { state: 'done', package: GAME },
      { state: 'failed', component: GAME, code: 'snapshot/still-different' },
    ]);
  });

  it('installs again what needed something that came later', async () => {
    const { phone, ask, add, has } = await bench();
    for (const id of ['app', 'library', 'core']) await add(id, '1.0');
    has(phone, 'app 1.0', 'library 1.0', 'core 1.0');
    await ask('snapshots.take', { handset: ONE, name: 'Bench' });
    phone.components = [];
    const needs: Readonly<Record<string, string>> = { app: 'library', library: 'core' };
    phone.answers = ({ package: id = '' }) => {
      const need = needs[id];
      if (need === undefined || phone.components.some((each) => each.id === need)) return undefined;
      return { state: 'failed', code: 'offline/needs-missing' };
    };
    const { jobs } = await ask('snapshots.restore', { handset: ONE, snapshot: 'Bench' });
    expect(jobs.map(({ package: id, state }) => `${id} ${state}`)).toEqual(['core done', 'library done', 'app done']);
    phone.components = [];
    phone.answers = () => ({ state: 'failed', code: 'offline/needs-missing' });
    const { jobs: none } = await ask('snapshots.restore', { handset: ONE, snapshot: 'Bench' });
    expect(none.map(({ code }) => code)).toEqual(Array(3).fill('offline/needs-missing'));
  });

  it('goes to another PC as a file that is checked, and there needs the very bytes', async () => {
    const [here, there] = [await bench(), await bench()];
    await here.add(GAME, '2.0');
    here.has(here.phone, `${GAME} 2.0`, 'built-in 1.0');
    await here.ask('snapshots.take', { handset: ONE, name: 'Bench' });
    const { document } = await here.ask('snapshots.export', { snapshot: 'bench' });
    expect(JSON.stringify(document)).not.toContain('IMEI');
    const { snapshot } = await there.ask('snapshots.import', { document });
    expect(snapshot).toMatchObject({ name: 'Bench', device: '', model: 'M1' });
    const codes = async () =>
      (await there.ask('snapshots.list', {})).snapshots.flatMap(({ components }) => components.map(({ code }) => code));
    expect(await codes()).toEqual(['snapshot/package-absent', 'snapshot/package-absent']);
    await there.add('built-in', '1.0');
    await there.add(GAME, '2.0');
    expect(await codes()).toEqual([undefined, undefined]);
    await there.ask('snapshots.restore', { handset: TWO, snapshot: 'Bench' });
    expect(listed(there.twin)).toEqual([`${GAME} 2.0 active`, 'built-in 1.0 active']);
    // By now they are kept for it.
    await expect(there.ask('packages.remove', { id: GAME })).rejects.toMatchObject({ code: 'cache/needed-by-archive' });
    const [first = { id: '', version: '', state: '' }] = document.components;
    const bad: readonly [string, object][] = [
      ['host/params-invalid', { format: 'other' }],
      ['host/params-invalid', { formatVersion: 2 }],
      ['host/params-invalid', { name: '' }],
      ['host/params-invalid', { name: ' \u3000 ' }],
      ['host/params-invalid', { name: 'x\u001b[2J' }],
      ['host/params-invalid', { name: 'x'.repeat(61) }],
      ['host/params-invalid', { takenAt: 'yesterday' }],
      ['host/params-invalid', { components: Array(1001).fill(first) }],
      ['host/params-invalid', { components: [{ ...first, id: 'x'.repeat(257) }] }],
      ['host/params-invalid', { components: [{ ...first, package: { id: 'a', version: '1', sha256: 'A' } }] }],
      ['snapshot/data-invalid', { name: 'doubled', components: [first, first] }],
      ['snapshot/exists', { name: 'BENCH' }],
    ];
    for (const [code, change] of bad) {
      const wrong = { ...document, ...change } as typeof document;
      await expect(
        there.ask('snapshots.import', { document: wrong }),
        JSON.stringify(change).slice(0, 80),
      ).rejects.toMatchObject({ code });
    }
    // What a handset says is capped by the same rule.
    here.phone.components.push({ id: 'x'.repeat(300), version: '1', state: 'active' });
    await expect(here.ask('snapshots.take', { handset: ONE, name: 'Long' })).rejects.toMatchObject({
      code: 'snapshot/data-invalid',
    });
  });
});
