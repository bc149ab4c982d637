/** How nonces outlive sessions that end, break off or are forgotten, with the virtual handset, DMS and PC. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { equalBytes, utf8 } from '../../../src-main/base/bytes.ts';
import { milliseconds, seconds } from '../../../src-main/base/durations.ts';
import { nodeDigest, nodeRandom } from '../../../src-main/base/node/digest.ts';
import { createMemoryBearer } from '../../../src-main/bearer/memory/memory-bearer.ts';
import type { UntimedEvent } from '../../../src-main/contract/events.ts';
import type { Account } from '../../../src-main/dm/account.ts';
import { DEFAULT_NONCE, DEFAULT_NONCE_ASCII } from '../../../src-main/dm/auth/credentials.ts';
import { verifyNotification } from '../../../src-main/dm/notification/verify-notification.ts';
import type { Procedure } from '../../../src-main/dm/server/work.ts';
import type { SessionOutcome } from '../../../src-main/dm/session-outcome.ts';
import type { Envelope, MessageLink } from '../../../src-main/link/message-link.ts';
import { manageHandset } from '../../../src-main/management-server/manage-handset.ts';
import type { ManageOptions } from '../../../src-main/management-server/manage-options.ts';
import { ask, getCommand } from '../../../src-main/scomo/procedure/commands.ts';
import { DmService } from '../../../src-main/virtual/dms/dm-service.ts';
import { type JobStore, openJobStore } from '../../../src-main/virtual/dms/job-store.ts';
import { type KnownDevices, openKnownDevices } from '../../../src-main/virtual/dms/known-devices.ts';
import { createNotificationQueue } from '../../../src-main/virtual/dms/notifications.ts';
import { createDemoPackages } from '../../../src-main/virtual/dms/packages.ts';
import { answerNotification } from '../../../src-main/virtual/handset/answer-notification.ts';
import type { Handset, SessionPlan } from '../../../src-main/virtual/handset/handset.ts';
import { runHandsetSession } from '../../../src-main/virtual/handset/handset-session.ts';
import { HandsetStateFile } from '../../../src-main/virtual/handset/handset-state.ts';
import { gist, statusesOf } from '../../support/dm-pair.ts';
import { profileOf } from '../../support/profile-of.ts';
import { plugIn, startBench } from '../offline/bench.ts';
import { ACCOUNT, handsetOf } from '../virtual-handset/handset-fixture.ts';

const signal = new AbortController().signal;
const URL_OF_DMS = 'http://dms.example/dm';
const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});
function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'nonce-life-'));
  folders.push(made);
  return made;
}

interface Dms {
  readonly service: DmService;
  readonly jobs: JobStore;
  readonly devices: KnownDevices;
  /** What a poll gets; `ignored` names the last one. */
  readonly poll: (ignored?: string) => Promise<{ readonly id: string; readonly body: Uint8Array } | undefined>;
}

async function dmsOf(account: Account = ACCOUNT, state?: string): Promise<Dms> {
  const jobs = await openJobStore();
  const notifications = createNotificationQueue({ repeatAfter: seconds(1000) });
  const devices = await openKnownDevices(state === undefined ? {} : { state });
  const service = new DmService({
    accounts: [account],
    jobs,
    notifications,
    packages: createDemoPackages(),
    devices,
    faults: [],
    digest: nodeDigest,
    random: nodeRandom,
    emit: () => undefined,
    url: () => URL_OF_DMS,
  });
  const poll = async (ignored?: string) => {
    const due = await notifications.wait('IMEI:004999010640000', {
      time: milliseconds(0),
      signal,
      ...(ignored === undefined ? {} : { ignored }),
    });
    return due[0];
  };
  return { service, jobs, devices, poll };
}

/** A link to a DMS in this process; `onSend` sees each message of the handset, `onAnswer` each of the server. */
function linkTo(service: DmService, on: { send?: (said: Envelope) => void; answer?: (answer: Envelope) => void } = {}) {
  let said: Envelope | undefined;
  const heard: Envelope[] = [];
  const link: MessageLink = {
    send: async (envelope) => {
      on.send?.(envelope);
      said = envelope;
    },
    receive: async () => {
      if (said === undefined) throw new TypeError('nothing was said');
      const answer = await service.handle(said, signal);
      if (!('body' in answer)) return undefined;
      on.answer?.(answer);
      heard.push(answer);
      return answer;
    },
    close: async () => undefined,
  };
  return { link, heard };
}

async function run(handset: Handset, service: DmService, plan: SessionPlan = handset.planOwn(URL_OF_DMS)) {
  const { link, heard } = linkTo(service);
  const outcome: SessionOutcome = await runHandsetSession({ handset, plan, link, signal });
  return { outcome, heard };
}

function* nothing(): Generator<never, void, never> {}
function* readModel(): Procedure<unknown> {
  return yield* ask(getCommand('./DevInfo/Mod'));
}

const nonceTold = (envelope: Envelope): string | undefined => {
  const nonce = statusesOf(envelope).find(({ chal, code }) => chal !== undefined && code < 300)?.chal?.nextNonce;
  return typeof nonce === 'string' ? nonce : nonce === undefined ? undefined : Buffer.from(nonce).toString('base64');
};

const TYPES = ['md5', 'mac'] as const;

describe('a proof', () => {
  it.each(TYPES)(
    'of type %s that began a session which was cut off begins no other, after a restart either',
    async (auth) => {
      const account = { ...ACCOUNT, auth };
      const state = folder();
      const { handset } = handsetOf({ accounts: [account] });
      const first = handset.begin(handset.planOwn(URL_OF_DMS)).start();
      const before = await dmsOf(account, state);
      before.jobs.add({ device: handset.device.id, operation: 'inventory' });
      const answer = await before.service.handle(first, signal);
      if (!('body' in answer)) throw new Error(answer.message);
      expect(gist(answer)[0]).toMatch(auth === 'md5' ? /SyncHdr 212 Chal/ : /SyncHdr 200 Chal/);
      // The DMS is killed here; whoever listened plays the same message to the next one.
      const after = await dmsOf(account, state);
      const job = after.jobs.add({ device: handset.device.id, operation: 'inventory' });
      const replayed = await after.service.handle(first, signal);
      if (!('body' in replayed)) throw new Error(replayed.message);
      expect(gist(replayed)[0]).toBe('Status 1/0 SyncHdr 401 Chal');
      expect(after.jobs.get(job.id)?.state).toBe('queued');
      // The handset itself comes in again: [DMP-4-22] one more challenge does it.
      expect((await run(handset, after.service)).outcome).toEqual({ ok: true });
      expect(after.jobs.get(job.id)?.state).toBe('done');
    },
  );

  it('of a server that was told of no new nonce is taken no second time, and its notification still is', async () => {
    const state = folder();
    const bearer = createMemoryBearer();
    const bench = startBench(bearer);
    const said: string[] = [];
    const manage = async (work: ManageOptions<unknown>['work'] = nothing) => {
      said.length = 0;
      const outcome = await manageHandset<unknown>({
        ...bench.manage(),
        work,
        onMessage: (envelope, _direction, { package: number }) => {
          said.push(number === 0 ? 'notification' : (gist(envelope)[0] ?? ''));
        },
      });
      expect(outcome.ok).toBe(true);
    };
    const goodEnds = (events: readonly UntimedEvent[]) =>
      events.filter((event) => event.type === 'session' && event.state === 'done').length;
    const before = await plugIn(bearer, { state: new HandsetStateFile(state) });
    const short = ['notification', 'Alert 1200', 'Status 1/0 SyncHdr 212 Chal'];
    // Nothing to do: the session ends without a word that could tell the server of a nonce.
    await manage();
    expect(said).toEqual(short);
    await before.unplug();
    // The handset is started again. What was shown once is no proof any more, but does no harm where nothing is asked.
    const after = await plugIn(bearer, { state: new HandsetStateFile(state) });
    await manage();
    expect(said).toEqual(short);
    await after.quiet();
    expect([goodEnds(before.events), goodEnds(after.events)]).toEqual([1, 1]);
    // As soon as something is asked, another proof is wanted first; both challenges cross.
    await manage(readModel);
    expect(said).toEqual([
      'notification',
      'Alert 1200',
      'Status 1/0 SyncHdr 401 Chal',
      'Status 1/0 SyncHdr 401 Chal',
      'Status 2/0 SyncHdr 212 Chal',
      'Status 2/0 SyncHdr 212 Chal',
      'Status 3/0 SyncHdr 212',
    ]);
    await manage(readModel);
    expect(said.filter((line) => line.includes('40'))).toEqual([]);
    await after.quiet();
    expect(goodEnds(after.events)).toBe(3);
  });
});

describe('a nonce that the peer is told of', () => {
  it.each(TYPES)('by the handset is on its disk before the message goes, with %s', async (auth) => {
    const account = { ...ACCOUNT, auth };
    const state = folder();
    const dms = await dmsOf(account);
    const { handset } = handsetOf({ accounts: [account], state: new HandsetStateFile(state) });
    dms.jobs.add({ device: handset.device.id, operation: 'inventory' });
    let told = 0;
    const { link } = linkTo(dms.service, {
      send: (envelope) => {
        const nonce = nonceTold(envelope);
        if (nonce === undefined) return;
        told += 1;
        const disk = JSON.parse(readFileSync(join(state, 'handset.json'), 'utf8'));
        expect(disk.nonces[account.serverId].server).toBe(nonce);
      },
    });
    const plan = handset.planOwn(URL_OF_DMS);
    expect(await runHandsetSession({ handset, plan, link, signal })).toEqual({ ok: true });
    expect(told).toBeGreaterThan(0);
  });

  it.each(TYPES)('by the virtual DMS is on its disk before the message goes, with %s', async (auth) => {
    const account = { ...ACCOUNT, auth };
    const state = folder();
    const dms = await dmsOf(account, state);
    const { handset } = handsetOf({ accounts: [account] });
    dms.jobs.add({ device: handset.device.id, operation: 'inventory' });
    let told = 0;
    const { link } = linkTo(dms.service, {
      answer: (envelope) => {
        const nonce = nonceTold(envelope);
        if (nonce === undefined) return;
        told += 1;
        const disk = JSON.parse(readFileSync(join(state, 'devices.json'), 'utf8'));
        expect(Object.values(disk.nonces)).toMatchObject([{ client: nonce }]);
      },
    });
    const plan = handset.planOwn(URL_OF_DMS);
    expect(await runHandsetSession({ handset, plan, link, signal })).toEqual({ ok: true });
    expect(told).toBeGreaterThan(0);
  });

  it.each(TYPES)('by the PC as server is kept before the message goes, with %s', async (auth) => {
    const bearer = createMemoryBearer();
    const bench = startBench(bearer);
    const options = bench.manage();
    const account = { ...options.account, auth };
    const kept: string[] = [];
    const nonces = {
      ...bench.nonces,
      keep: async (...[device, serverId, next]: Parameters<typeof bench.nonces.keep>) => {
        kept.push(Buffer.from(next.client).toString('base64'));
        await bench.nonces.keep(device, serverId, next);
      },
    };
    await plugIn(bearer, { accounts: [account] });
    const told: boolean[] = [];
    const outcome = await manageHandset<void>({
      ...options,
      account,
      nonces,
      // Told of each message when it has gone: what it tells was kept before that.
      onMessage: (envelope, direction, { package: number }) => {
        const nonce = direction === 'to-handset' && number !== 0 ? nonceTold(envelope) : undefined;
        if (nonce !== undefined) told.push(kept.at(-1) === nonce);
      },
      work: nothing,
    });
    expect(outcome.ok).toBe(true);
    expect(told).toEqual([true]);
  });
});

describe('a handset and a DMS whose nonces have come apart', () => {
  /** The handset has another idea of both nonces than the DMS. */
  function strayed(auth: 'md5' | 'mac', more: Parameters<typeof handsetOf>[0] = {}) {
    const account = { ...ACCOUNT, auth };
    const state = new HandsetStateFile(undefined);
    state.change({ nonces: { [ACCOUNT.serverId]: { client: 'Zm9yZ290dGVu', server: 'Zm9yZ290dGVu' } } });
    return { account, handset: handsetOf({ accounts: [account], state, ...more }).handset };
  }

  it.each(TYPES.flatMap((auth) => ['standard', 'decimal-session'].map((profile) => ({ auth, profile }))))(
    '[DMP-6-12][DMP-6-13][DMP-6-14] begin anew by the default nonce, with $auth, $profile',
    async ({ auth, profile }) => {
      const { account, handset } = strayed(auth, { profile: profileOf(profile) });
      const dms = await dmsOf(account);
      const job = dms.jobs.add({ device: handset.device.id, operation: 'inventory' });
      dms.service.notify(job);
      const first = await dms.poll();
      expect(answerNotification(handset, first?.body ?? utf8(''))).toMatchObject({ code: 'dm/notification-digest' });
      expect(await dms.poll()).toBeUndefined();
      const second = await dms.poll(first?.id);
      const answered = answerNotification(handset, second?.body ?? utf8(''));
      if (answered.kind !== 'session') throw new Error(answered.code);
      expect(answered.plan.nonce).toEqual(DEFAULT_NONCE);
      const { outcome, heard } = await run(handset, dms.service, answered.plan);
      expect(outcome).toEqual({ ok: true });
      // Nobody had to ask twice.
      expect(heard.flatMap((envelope) => statusesOf(envelope)).filter(({ code }) => code >= 400)).toEqual([]);
      expect(dms.jobs.get(job.id)?.state).toBe('done');
      // Both have set the other's nonce: [DMP-6-13]
      const [here, there] = [handset.nonces.of(account), dms.devices.noncesOf(handset.device.id, account)];
      expect(equalBytes(here.client, there.client)).toBe(true);
      for (const nonce of [here.client, here.server, there.server]) {
        expect(nonce.length).toBe(16);
        expect(equalBytes(nonce, DEFAULT_NONCE)).toBe(false);
      }
      // And the next notification is made with that.
      dms.service.notify(dms.jobs.add({ device: handset.device.id, operation: 'inventory' }));
      const next = answerNotification(handset, (await dms.poll())?.body ?? utf8(''));
      if (next.kind !== 'session') throw new Error(next.code);
      expect(next.plan.nonce).toBeUndefined();
      expect((await run(handset, dms.service, next.plan)).outcome).toEqual({ ok: true });
    },
  );

  it('[DMP-6-14] go through stored, zero octets and ASCII, and then begin again', async () => {
    const dms = await dmsOf();
    dms.service.notify(dms.jobs.add({ device: 'IMEI:004999010640000', operation: 'inventory' }));
    const secret = { password: ACCOUNT.serverPassword, nonce: utf8('server nonce') };
    const forms: (string | undefined)[] = [];
    const ids = new Set<string>();
    let ignored: string | undefined;
    for (let count = 0; count < 4; count += 1) {
      const call = await dms.poll(ignored);
      ignored = call?.id;
      const body = call?.body ?? utf8('');
      ids.add(String(((body[21] ?? 0) << 8) | (body[22] ?? 0)));
      forms.push(verifyNotification(body, secret, nodeDigest));
    }
    expect(forms).toEqual(['stored', 'zero-octets', 'ascii', 'stored']);
    expect(ids.size).toBe(4);
  });

  it('[DMP-6-13][DMP-6-14] agree by the ASCII reading where the handset knows no other', async () => {
    const { account, handset } = strayed('md5');
    const dms = await dmsOf(account);
    const job = dms.jobs.add({ device: handset.device.id, operation: 'inventory' });
    dms.service.notify(job);
    let call = await dms.poll();
    for (let count = 0; count < 2; count += 1) call = await dms.poll(call?.id);
    const answered = answerNotification(handset, call?.body ?? utf8(''));
    if (answered.kind !== 'session') throw new Error(answered.code);
    expect(answered.plan.nonce).toEqual(DEFAULT_NONCE_ASCII);
    expect((await run(handset, dms.service, answered.plan)).outcome).toEqual({ ok: true });
    expect(dms.jobs.get(job.id)?.state).toBe('done');
  });

  it('[DMP-6-16] start no session from a notification that has led to one, though its nonce never changes', async () => {
    const { account, handset } = strayed('md5');
    const dms = await dmsOf(account);
    dms.service.notify(dms.jobs.add({ device: handset.device.id, operation: 'inventory' }));
    const call = await dms.poll((await dms.poll())?.id);
    const answered = answerNotification(handset, call?.body ?? utf8(''));
    if (answered.kind !== 'session') throw new Error(answered.code);
    // A link that broke before the server could prove itself may be tried again with the same.
    const cut: MessageLink = {
      send: async () => undefined,
      receive: async () => undefined,
      close: async () => undefined,
    };
    await runHandsetSession({ handset, plan: answered.plan, link: cut, signal });
    const second = answerNotification(handset, call?.body ?? utf8(''));
    if (second.kind !== 'session') throw new Error(second.code);
    expect((await run(handset, dms.service, second.plan)).outcome).toEqual({ ok: true });
    const replayed = answerNotification(handset, call?.body ?? utf8(''));
    expect(replayed).toMatchObject({ kind: 'ignored', code: 'dm/notification-repeated' });
    // Nor after a start of the handset.
    const restarted = handsetOf({ accounts: [account], state: handset.options.state }).handset;
    expect(answerNotification(restarted, call?.body ?? utf8(''))).toMatchObject({ code: 'dm/notification-repeated' });
  });

  it('[DMP-6-13] do not begin by the default nonce when no notification of the DMS did', async () => {
    const account = { ...ACCOUNT, clientNonce: '' };
    const { handset } = handsetOf({ accounts: [account] });
    const dms = await dmsOf();
    const { outcome, heard } = await run(handset, dms.service);
    expect(outcome).toEqual({ ok: true });
    expect(gist(heard[0])[0]).toBe('Status 1/0 SyncHdr 401 Chal');
  });
});

describe('what the virtual DMS knows of a handset', () => {
  const nonces = (text: string) => ({ client: utf8(`c${text}`), server: utf8(`s${text}`) });
  const second: Account = { ...ACCOUNT, serverId: 'second.example' };

  it('is apart for each of its accounts, however the device is written', async () => {
    const state = folder();
    const devices = await openKnownDevices({ state });
    devices.keep('IMEI:1', ACCOUNT, nonces('1'));
    devices.keep('1', second, nonces('2'));
    const again = await openKnownDevices({ state });
    expect(again.noncesOf('imei:1', ACCOUNT)).toEqual(nonces('1'));
    expect(again.noncesOf('IMEI:1', second)).toEqual(nonces('2'));
  });

  it('is still there when it was kept by the device alone', async () => {
    const state = folder();
    const old = { version: 1, nonces: { '1': { client: 'YzE=', server: 'czE=' } } };
    writeFileSync(join(state, 'devices.json'), JSON.stringify(old));
    expect((await openKnownDevices({ state })).noncesOf('IMEI:1', ACCOUNT)).toEqual(nonces('1'));
  });
});
