import { connect } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { seconds } from '../../../../src-main/base/durations.ts';
import { nodeClock } from '../../../../src-main/base/node/clock.ts';
import type { Discovery } from '../../../../src-main/bearer/discovery.ts';
import { KeyedLock } from '../../../../src-main/cache/keyed-lock.ts';
import type { HostChange } from '../../../../src-main/contract/host-state.ts';
import { ABSENT } from '../../../../src-main/contract/operation-verdict.ts';
import { createHandsetRegistry } from '../../../../src-main/handset/registry.ts';
import { HandsetDesk, type HandsetDeskOptions } from '../../../../src-main/host/handsets/handset-desk.ts';
import { childProcesses } from '../../../support/child-processes.ts';
import { cacheRigs } from '../../cache/rig.ts';

const { open } = cacheRigs();
const context = { emit: () => undefined, signal: new AbortController().signal, part: async () => undefined };
const FIRST = 'IMEI:004999010640000';
const REAL = 'IMEI:351234567890120';
const OTHER = 'IMEI:004999010640000';
const NOTHING_ATTACHED: Discovery = { look: async () => [], watch: (_onChange, signal) => aborted(signal) };

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

async function rig(options: Partial<HandsetDeskOptions> = {}) {
  const { store, cache, folder } = await open();
  const changes: HostChange[] = [];
  const waiting = new Set<() => void>();
  const turns = new KeyedLock();
  const changed = (change: HostChange): void => {
    changes.push(change);
    for (const wake of waiting) wake();
  };
  const handsets = createHandsetRegistry({
    store,
    clock: nodeClock,
    onChange: (record, how) => desk.onChange(record, how),
    onGone: (record) => desk.onForgotten(record),
    standingOf: (address) => desk.standingOf(address),
  });
  const desk: HandsetDesk = new HandsetDesk({
    ...{ handsets, cache, turns, changed, clock: nodeClock },
    folder: join(folder, 'virtual-handsets'),
    note: (text) => expect.unreachable(text),
    discovery: NOTHING_ATTACHED,
    identify: async () => expect.unreachable('nothing is attached'),
    ...options,
  });
  onTestFinished(() => desk.close());
  /** Resolves when a change is as wanted, among those that came and those to come. */
  const change = (wanted: (change: HostChange) => boolean): Promise<void> =>
    new Promise((resolve) => {
      const look = (): void => {
        if (!changes.some(wanted)) return;
        waiting.delete(look);
        resolve();
      };
      waiting.add(look);
      look();
    });
  return { desk, handsets, cache, turns, changes, change, call: desk.handlers };
}

const standing = (device: string, presence: string) => (change: HostChange) =>
  change.kind === 'handset' && change.handset.device === device && change.handset.presence === presence;

describe('handsets that were met', () => {
  it('are attached from then on, by the bearer of their address, and looked for while somebody follows', async () => {
    let there = false;
    const { desk, handsets, changes, change } = await rig({
      reach: async () => ({ presence: there ? 'attached' : 'away' }),
      lookEvery: seconds(0.01),
    });
    await handsets.met({ device: REAL, address: 'tcp:h:1' });
    expect(desk.state.handsets).toMatchObject([
      { device: REAL, presence: 'attached', virtual: false, bearers: [{ kind: 'tcp', address: 'tcp:h:1' }] },
    ]);
    desk.followed(1);
    await change(standing(REAL, 'away'));
    changes.splice(0);
    there = true;
    await change(standing(REAL, 'attached'));
    desk.followed(0);
    await desk.close();
    expect(changes).toHaveLength(1);
  });

  it('are away when their session was lost, though what it had heard of them is kept', async () => {
    const { desk, handsets } = await rig();
    await handsets.met({ device: REAL, address: 'tcp:h:1' });
    await handsets.met({ device: REAL, address: 'tcp:h:1', model: 'P1', left: true });
    expect(desk.state.handsets).toMatchObject([{ device: REAL, model: 'P1', presence: 'away' }]);
  });

  it('show how fast each way to them was, where that was measured', async () => {
    const { desk, handsets } = await rig({
      rate: (address) => (address === 'tcp:h:1' ? 41_234.6 : undefined),
      reach: async () => ({ presence: 'attached' }),
    });
    await handsets.met({ device: REAL, address: 'tcp:h:1' });
    await handsets.met({ device: OTHER, address: 'tcp:h:2' });
    const chips = desk.state.handsets.flatMap(({ bearers }) => bearers.map(({ address, rate }) => [address, rate]));
    expect(Object.fromEntries(chips)).toEqual({ 'tcp:h:1': 41_235, 'tcp:h:2': undefined });
  });

  it('are renamed and forgotten, but not in the middle of a session', async () => {
    const { desk, handsets, turns, changes, call } = await rig();
    await handsets.met({ device: REAL, address: 'tcp:h:1' });
    const renamed = await call['handsets.rename']({ device: '351234567890120', alias: 'Anna' }, context);
    expect(renamed.handset).toMatchObject({ device: REAL, alias: 'Anna', presence: 'attached' });
    for (const key of ['tcp:h:1', `device ${REAL}`]) {
      const end = await turns.take(key);
      const early = call['handsets.forget']({ device: 'anna' }, context);
      await expect(early).rejects.toMatchObject({ code: 'handset/busy' });
      end();
    }
    expect(await call['handsets.forget']({ device: 'anna' }, context)).toEqual({ forgotten: REAL });
    expect(changes.at(-1)).toEqual({ kind: 'handset-gone', device: REAL });
    expect(desk.state.handsets).toEqual([]);
    const again = call['handsets.forget']({ device: REAL }, context);
    await expect(again).rejects.toMatchObject({ code: 'handset/unknown' });
  });
});

describe('virtual handsets of the host', () => {
  it('come with a card, an address that answers and something to install, and go with their card', async () => {
    const { desk, cache, handsets, call, changes } = await rig();
    const [one, two] = await Promise.all([call['virtual.start']({}, context), call['virtual.start']({}, context)]);
    expect([one.device, two.device].toSorted()).toEqual([FIRST, 'IMEI:004999010640018']);
    expect(desk.state.handsets).toHaveLength(2);
    for (const card of desk.state.handsets) expect(card).toMatchObject({ virtual: true, presence: 'attached' });
    expect(cache.list()).toMatchObject([
      { id: 'com.example.maps.demo', name: 'Demo Maps', version: '1.1', model: 'Virtual Handset', trust: 'verified' },
    ]);
    expect(changes.filter(({ kind }) => kind === 'package')).toMatchObject([
      { package: { source: 'sample package of the demo phone', size: 2_000_003 } },
    ]);
    await answers(one.address);
    expect(await call['virtual.stop']({ device: one.device }, context)).toEqual({ stopped: one.device });
    expect(desk.state.handsets.map(({ device }) => device)).toEqual([two.device]);
    await expect(answers(one.address)).rejects.toThrow(/ECONNREFUSED/);
    // A session that ends late tells of the handset once more.
    await handsets.met({ device: one.device, address: one.address });
    await expect.poll(() => desk.state.handsets.map(({ device }) => device)).toEqual([two.device]);
    expect(await call['handsets.forget']({ device: two.device }, context)).toEqual({ forgotten: two.device });
    await expect(answers(two.address)).rejects.toThrow(/ECONNREFUSED/);
  });

  it('are away when their process ends by itself, and leave a package alone that suits them', async () => {
    const { desk, cache, change, call } = await rig();
    const incoming = await cache.receive(3);
    await incoming.append(new Uint8Array(3));
    await incoming.keep('any.bin', { id: 'any' });
    const { device } = await call['virtual.start']({}, context);
    expect(cache.list().map(({ id }) => id)).toEqual(['any']);
    for (const pid of childProcesses(device.replace('IMEI:', ''))) process.kill(pid, 'SIGKILL');
    await change(standing(device, 'away'));
    expect(desk.state.handsets).toMatchObject([{ device, presence: 'away' }]);
    const again = await call['virtual.start']({}, context);
    expect(again.device).toBe(device);
    expect(desk.state.handsets).toMatchObject([{ device, presence: 'attached', address: again.address }]);
  });

  it('can be told only what there is, each once by its own name, and only when they run', async () => {
    const { handsets, call } = await rig();
    const { faults, profiles } = await call['virtual.catalogue']({}, context);
    const names = faults.map(({ name }) => name);
    for (const name of ['slow-link', 'cable-at-byte', 'duplicate-bearer', 'low-battery', 're-enumerate', 'reboot']) {
      expect(names.filter((each) => each === name)).toHaveLength(1);
    }
    expect(names).not.toContain('wrong-nonce');
    expect(faults.find(({ name }) => name === 'slow-link')?.value).toMatch(/bytes a second/);
    expect(profiles.map(({ name }) => name)).toContain('old-phone');
    await handsets.met({ device: FIRST, address: 'tcp:h:1' });
    await handsets.met({ device: REAL, address: 'tcp:h:2' });
    for (const [device, code] of [
      [FIRST, 'virtual/not-running'],
      [REAL, 'handset/not-virtual'],
      ['nobody', 'handset/unknown'],
    ] as const) {
      await expect(call['virtual.faults']({ device, faults: [] }, context)).rejects.toMatchObject({ code });
    }
    const unknown = call['virtual.start']({ profile: 'no-such' }, context);
    await expect(unknown).rejects.toMatchObject({ code: 'virtual/profile-unknown' });
  });

  it('are not those that a person has', async () => {
    const { handsets, call } = await rig();
    await handsets.met({ device: REAL, address: 'tcp:h:1' });
    const stop = (device: string) => call['virtual.stop']({ device }, context);
    await expect(stop(REAL)).rejects.toMatchObject({ code: 'handset/not-virtual' });
    await expect(stop(FIRST)).rejects.toMatchObject({ code: 'handset/unknown' });
    await handsets.met({ device: FIRST, address: 'http://h:1/' });
    await expect(stop(FIRST)).rejects.toMatchObject({ code: 'virtual/not-running' });
    expect(ABSENT).toContain('virtual/not-running');
    expect(handsets.find(FIRST)).toMatchObject({ address: 'http://h:1/' });
  });

  it('have a number that no other has, and tell of their own address', async () => {
    const { desk, handsets, call } = await rig();
    await handsets.met({ device: FIRST, address: 'http://h:1/' });
    const { device, address } = await call['virtual.start']({}, context);
    expect(device).not.toBe(FIRST);
    await handsets.met({ device, address: 'tcp:h:2' });
    const cards = new Map(desk.state.handsets.map((card) => [card.device, card]));
    expect(cards.get(device)).toMatchObject({ address, faults: [] });
    expect(cards.get(FIRST)?.faults).toBeUndefined();
  });
});

function portOf(address: string): number {
  return Number(address.split(':').at(-1));
}

/** Somebody listens there. */
function answers(address: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(portOf(address), '127.0.0.1');
    socket.once('connect', () => {
      socket.end();
      resolve();
    });
    socket.once('error', reject);
  });
}
