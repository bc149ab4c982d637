import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { textOf, utf8 } from '../../../src-main/base/bytes.ts';
import { milliseconds } from '../../../src-main/base/durations.ts';
import { isPcAgentError } from '../../../src-main/base/errors.ts';
import { nodeDigest, nodeRandom } from '../../../src-main/base/node/digest.ts';
import type { AuthType } from '../../../src-main/dm/auth/credentials.ts';
import { Installer } from '../../../src-main/scomo/agent/installer.ts';
import { DmService } from '../../../src-main/virtual/dms/dm-service.ts';
import type { DmServiceOptions } from '../../../src-main/virtual/dms/dm-service-options.ts';
import { openJobStore } from '../../../src-main/virtual/dms/job-store.ts';
import { openKnownDevices } from '../../../src-main/virtual/dms/known-devices.ts';
import { createNotificationQueue } from '../../../src-main/virtual/dms/notifications.ts';
import { createDemoPackages } from '../../../src-main/virtual/dms/packages.ts';
import { answerNotification } from '../../../src-main/virtual/handset/answer-notification.ts';
import { PROFILES, STANDARD } from '../../../src-main/virtual/handset/profiles.ts';
import { byHand, gist, readEnvelope, statusXml } from '../../support/dm-pair.ts';
import { ACCOUNT, handsetOf } from '../virtual-handset/handset-fixture.ts';
import { own, talk } from './talk.ts';

const never = new AbortController().signal;

async function serviceOf(options: Partial<DmServiceOptions> = {}) {
  const events: Record<string, unknown>[] = [];
  const jobs = await openJobStore();
  const notifications = createNotificationQueue();
  const devices = await openKnownDevices({});
  const service = new DmService({
    accounts: [ACCOUNT],
    jobs,
    notifications,
    packages: createDemoPackages(),
    devices,
    faults: [],
    digest: nodeDigest,
    random: nodeRandom,
    emit: (event) => void events.push(event),
    url: () => 'http://127.0.0.1:1/dm',
    ...options,
  });
  return { service, events, jobs, notifications, devices };
}

async function dueFor(notifications: ReturnType<typeof createNotificationQueue>, device: string): Promise<Uint8Array> {
  const [first] = await notifications.wait(device, { time: milliseconds(0), signal: never });
  if (first === undefined) throw new Error('no notification is due');
  return first.body;
}

describe('the DM server of the virtual DMS', () => {
  it.each(['none', 'basic', 'md5', 'mac'] as const)(
    'does the jobs of a handset session after session, each begun by its notification, with %s',
    async (auth: AuthType) => {
      const account = { ...ACCOUNT, auth };
      const { service, jobs, notifications, events } = await serviceOf({ accounts: [account] });
      const { handset } = handsetOf({ accounts: [account] });
      const device = handset.device.id;
      const done: string[] = [];
      for (const request of [
        { operation: 'inventory' as const },
        { operation: 'install' as const, package: 'com.example.game' },
        { operation: 'remove' as const, component: 'com.example.game' },
        { operation: 'inventory' as const },
      ]) {
        const job = jobs.add({ device, ...request });
        service.notify(job);
        const answer = answerNotification(handset, await dueFor(notifications, device));
        expect(answer).toMatchObject({ kind: 'session', plan: { alert: 1200 } });
        // The nonces agree: no session has to fall back on the default one.
        if (answer.kind !== 'session') throw new Error(answer.code);
        expect(answer.plan.nonce).toBeUndefined();
        expect((await talk(service, handset, answer.plan)).outcome).toEqual({ ok: true });
        done.push(`${jobs.get(job.id)?.state} ${jobs.get(job.id)?.resultCode ?? jobs.get(job.id)?.inventory?.length}`);
      }
      expect(done).toEqual(['done 2', 'done 1200', 'done 1200', 'done 2']);
      expect(events.filter(({ type, state }) => type === 'session' && state === 'done')).toHaveLength(4);
      expect(events.filter(({ type }) => type === 'error')).toEqual([]);
    },
  );

  it('makes notifications whose ids have a letter in hex', async () => {
    const { service, jobs, notifications } = await serviceOf();
    for (let count = 0; count < 30; count += 1) {
      const device = `IMEI:${count}`;
      service.notify(jobs.add({ device, operation: 'inventory' }));
      const body = await dueFor(notifications, device);
      expect((((body[21] ?? 0) << 8) | (body[22] ?? 0)).toString(16)).toMatch(/[a-f]/);
    }
  });

  it('settles a job by an alert that comes in a later session', async () => {
    const { service, jobs } = await serviceOf();
    const { handset } = handsetOf();
    const job = jobs.add({ device: handset.device.id, operation: 'install', package: 'com.example.game' });
    let most = 3;
    // The link breaks once the handset has accepted the installation and before its alert gets through.
    for (; handset.device.agent.components.length === 2; most += 1) {
      if (most > 30) throw new Error('it never installs');
      const again = handsetOf();
      const fresh = await serviceOf();
      const copy = fresh.jobs.add({
        device: again.handset.device.id,
        operation: 'install',
        package: 'com.example.game',
      });
      await talk(fresh.service, again.handset, own(again.handset), most);
      if (again.handset.device.agent.components.length === 3 && fresh.jobs.get(copy.id)?.state === 'running') break;
    }
    await talk(service, handset, own(handset), most);
    expect(jobs.get(job.id)?.state).toBe('running');
    expect(handset.device.waitingAlerts()).toHaveLength(1);
    expect((await talk(service, handset, own(handset))).outcome).toEqual({ ok: true });
    expect(jobs.get(job.id)).toMatchObject({ state: 'done', resultCode: 1200 });
    expect(handset.device.waitingAlerts()).toEqual([]);
  });

  it.each([
    ['install', 1405],
    ['remove', 1408],
  ] as const)('says that an operation to %s failed on the handset', async (operation, code) => {
    const { service, jobs } = await serviceOf();
    const { handset } = handsetOf({ faults: [{ name: 'install-fails', value: String(code) }] });
    const job = jobs.add({
      device: handset.device.id,
      operation,
      package: 'com.example.game',
      component: 'com.example.clock',
    });
    expect((await talk(service, handset, own(handset))).outcome).toEqual({ ok: true });
    expect(jobs.get(job.id)).toMatchObject({ state: 'failed', resultCode: code });
  });

  it.each([
    ['a package that it does not have', { operation: 'install', package: 'nothing' }, 'there is no package nothing'],
    ['a component that is not there', { operation: 'remove', component: 'nothing' }, 'nothing is not installed'],
  ] as const)('says so when a job names %s', async (_what, request, message) => {
    const { service, jobs } = await serviceOf();
    const { handset } = handsetOf();
    const job = jobs.add({ device: handset.device.id, ...request });
    expect((await talk(service, handset, own(handset))).outcome).toEqual({ ok: true });
    expect(jobs.get(job.id)).toMatchObject({ state: 'failed', message });
  });

  it('says which Status a handset refused with', async () => {
    const { service, jobs } = await serviceOf();
    const { handset } = handsetOf({ faults: [{ name: 'storage-full', value: '100' }] });
    const job = jobs.add({ device: handset.device.id, operation: 'install', package: 'com.example.game' });
    expect((await talk(service, handset, own(handset))).outcome).toEqual({ ok: true });
    expect(jobs.get(job.id)).toMatchObject({ state: 'failed', message: expect.stringContaining('420') });
  });

  it('says by its own name that a handset does not let it', async () => {
    const { service, jobs } = await serviceOf();
    const { handset } = handsetOf({ accounts: [{ ...ACCOUNT, rights: ['Get'] }] });
    const job = jobs.add({ device: handset.device.id, operation: 'install', package: 'com.example.game' });
    expect((await talk(service, handset, own(handset))).outcome).toEqual({ ok: true });
    expect(jobs.get(job.id)).toMatchObject({
      state: 'failed',
      message: 'the handset does not allow Delivered to the server dms.example (status 425)',
    });
  });

  it('leaves jobs alone when the handset cannot prove itself, and forgets no nonce', async () => {
    const { service, jobs, events, devices } = await serviceOf();
    const { handset } = handsetOf({ faults: [{ name: 'wrong-password' }] });
    const before = devices.noncesOf(handset.device.id, ACCOUNT);
    const job = jobs.add({ device: handset.device.id, operation: 'inventory' });
    expect((await talk(service, handset, own(handset))).outcome).toMatchObject({ code: 'dm/auth-refused' });
    expect(jobs.get(job.id)?.state).toBe('queued');
    expect(devices.noncesOf(handset.device.id, ACCOUNT)).toEqual(before);
    expect(events.filter(({ type }) => type === 'error')).toMatchObject([{ code: 'dm/auth-refused' }]);
    // The same handset with its right password is served.
    expect((await talk(service, handsetOf().handset, own(handset))).outcome).toEqual({ ok: true });
    expect(jobs.get(job.id)?.state).toBe('done');
  });

  it('fails the jobs of a session that breaks a rule, once', async () => {
    const { service, jobs, events } = await serviceOf();
    const { handset } = handsetOf({ faults: [{ name: 'missing-status' }] });
    const job = jobs.add({ device: handset.device.id, operation: 'inventory' });
    await talk(service, handset, own(handset));
    expect(events.filter(({ type }) => type === 'error')).toMatchObject([{ code: 'dm/status-missing' }]);
    expect(['queued', 'failed']).toContain(jobs.get(job.id)?.state);
    expect(events.filter(({ state }) => state === 'failed')).toHaveLength(1);
  });

  it('answers the last message again as before, and does not do the work twice', async () => {
    const { service, jobs, events } = await serviceOf();
    const { handset } = handsetOf();
    jobs.add({ device: handset.device.id, operation: 'inventory' });
    const first = handset.begin(own(handset)).start();
    const answer = await service.handle(first, never);
    expect(await service.handle(first, never)).toEqual(answer);
    expect(events.filter(({ state }) => state === 'started')).toHaveLength(1);
  });

  it('begins anew when a handset uses an id again after the end', async () => {
    const { service, events } = await serviceOf();
    const { handset } = handsetOf();
    const plan = own(handset);
    expect((await talk(service, handset, plan)).outcome).toEqual({ ok: true });
    expect((await talk(service, handset, plan)).outcome).toEqual({ ok: true });
    expect(events.filter(({ type, state }) => type === 'session' && state === 'done')).toHaveLength(2);
  });

  it('begins anew when a handset was cut off and uses its id again: nothing of the old session is left', async () => {
    const account = { ...ACCOUNT, auth: 'none' as const };
    const { service, events, jobs } = await serviceOf({ accounts: [account] });
    const { handset } = handsetOf({ accounts: [account] });
    const plan = own(handset);
    const lost = jobs.add({ device: handset.device.id, operation: 'inventory' });
    await service.handle(handset.begin(plan).start(), never);
    const job = jobs.add({ device: handset.device.id, operation: 'inventory' });
    // The very same octets would be the last message once more.
    handset.device.tree.set('./DevInfo/Lang', 'fr');
    expect((await talk(service, handset, plan)).outcome).toEqual({ ok: true });
    expect([lost, job].map(({ id }) => jobs.get(id)?.state)).toEqual(['done', 'done']);
    expect(events).toContainEqual(expect.objectContaining({ type: 'error', code: 'dm/session-cut' }));
    expect(service.runningSessions()).toBe(0);
  });

  it('gives up the session that a handset has left when it comes with another, and what it was about to do there', async () => {
    const account = { ...ACCOUNT, auth: 'none' as const };
    for (const leftAfter of [0, 60_000]) {
      const { service, jobs } = await serviceOf({ accounts: [account], leftAfter });
      const { handset } = handsetOf({ accounts: [account] });
      const commands = [{ kind: 'Get' as const, target: './DevInfo/Mod' }];
      const job = jobs.add({ device: handset.device.id, operation: 'commands', commands });
      await service.handle(handset.begin(own(handset)).start(), never);
      expect(jobs.get(job.id)?.state).toBe('running');
      expect((await talk(service, handset, own(handset))).outcome).toEqual({ ok: true });
      // One that was heard of just now may go on beside it, over another link.
      const left = { state: 'failed', message: 'dm/session-cut' };
      expect(jobs.get(job.id)).toMatchObject(leftAfter === 0 ? left : { state: 'running' });
    }
  });

  it('asks anew for the work of a session whose link was lost, and fails free commands, which may have been done', async () => {
    const account = { ...ACCOUNT, auth: 'none' as const };
    const commands = [{ kind: 'Get' as const, target: './DevInfo/Mod' }];
    const install = { operation: 'install' as const, package: 'com.example.game' };
    const works = [install, { operation: 'commands' as const, commands }];
    for (const [index, work] of works.entries()) {
      const { service, jobs, notifications, events } = await serviceOf({ accounts: [account] });
      const { handset } = handsetOf({ accounts: [account] });
      const device = handset.device.id;
      jobs.onQueued((job) => service.notify(job));
      const job = jobs.add({ device, ...work });
      await dueFor(notifications, device);
      await talk(service, handset, own(handset), index === 0 ? 3 : 1);
      expect(jobs.get(job.id)?.state).toBe('running');
      const sessionId = String(events.find(({ type, state }) => type === 'session' && state === 'started')?.id);
      service.lose('IMEI:490154203237518', sessionId);
      service.lose(device, 'FFFF');
      expect(jobs.get(job.id)?.state).toBe('running');
      service.lose(device, sessionId);
      service.lose(device, sessionId);
      expect(service.runningSessions()).toBe(0);
      const due = await notifications.wait(device, { time: milliseconds(0), signal: never });
      expect(due).toHaveLength(index === 0 ? 1 : 0);
      if (index === 0) expect((await talk(service, handset, own(handset))).outcome).toEqual({ ok: true });
      const end = index === 0 ? { state: 'done' } : { state: 'failed', message: 'dm/session-cut' };
      expect(jobs.get(job.id)).toMatchObject(end);
    }
  });

  it('has nothing done twice whose answer was lost with the link', async () => {
    const account = { ...ACCOUNT, auth: 'none' as const };
    const installing = vi.spyOn(Installer.prototype, 'install');
    onTestFinished(() => installing.mockRestore());
    for (let most = 3; most < 14; most += 1) {
      const { service, jobs, events } = await serviceOf({ accounts: [account] });
      const { handset } = handsetOf({ accounts: [account] });
      const device = handset.device.id;
      installing.mockClear();
      const install = { device, operation: 'install' as const, package: 'com.example.game' };
      const remove = { device, operation: 'remove' as const, component: 'com.example.game' };
      for (const work of [install, remove]) {
        const begun = events.length;
        const job = jobs.add(work);
        // What it says to the last message that it hears does not arrive.
        await talk(service, handset, own(handset), most);
        const session = events.slice(begun).find(({ type, state }) => type === 'session' && state === 'started');
        service.lose(device, String(session?.id));
        await talk(service, handset, own(handset));
        await talk(service, handset, own(handset));
        const where = `${work.operation} lost after message ${most}`;
        const there = handset.device.agent.components.filter(({ id }) => id === 'com.example.game').length;
        expect([jobs.get(job.id)?.state, there], where).toEqual(['done', work === install ? 1 : 0]);
      }
      expect(installing).toHaveBeenCalledTimes(1);
    }
  });

  it('asks anew at once for a session that was lost before its work began', async () => {
    const { service, jobs, notifications } = await serviceOf();
    const { handset } = handsetOf();
    const device = handset.device.id;
    jobs.onQueued((job) => service.notify(job));
    jobs.add({ device, operation: 'inventory' });
    await dueFor(notifications, device);
    const first = handset.begin({ ...own(handset), nonce: utf8('not the one') }).start();
    await service.handle(first, never);
    service.lose(device, readEnvelope(first).header.sessionId);
    await dueFor(notifications, device);
  });

  it('holds a thousand sessions; one that gives way has failed, and so has its job', async () => {
    const account = { ...ACCOUNT, auth: 'none' as const };
    const { service, jobs } = await serviceOf({ accounts: [account] });
    const { handset } = handsetOf({ accounts: [account] });
    const commands = [{ kind: 'Get' as const, target: './DevInfo/Mod' }];
    const job = jobs.add({ device: handset.device.id, operation: 'commands', commands });
    await service.handle(handset.begin(own(handset)).start(), never);
    expect(jobs.get(job.id)?.state).toBe('running');
    for (let count = 0; count < 1000; count += 1) {
      await service.handle(
        byHand('<Alert><CmdID>1</CmdID><Data>1201</Data></Alert>', { source: `IMEI:${count}` }),
        never,
      );
    }
    expect(jobs.get(job.id)).toMatchObject({ state: 'failed', message: 'dm/session-cut' });
  });

  it('refuses what cannot be used in the session that it names, by the Status of its header', async () => {
    const account = { ...ACCOUNT, auth: 'none' as const };
    const { service, jobs } = await serviceOf({ accounts: [account] });
    const { handset } = handsetOf({ accounts: [account], encoding: 'xml' });
    jobs.add({ device: handset.device.id, operation: 'inventory' });
    const plan = own(handset);
    await service.handle(handset.begin(plan).start(), never);
    const bad = byHand('', { msgId: 2, session: plan.sessionId, source: handset.device.id });
    const body = utf8(textOf(bad.body).replace(/<Target>.*<\/Target>/, ''));
    const answer = await service.handle({ ...bad, body }, never);
    expect(gist('body' in answer ? answer : undefined)).toEqual(['Status 2/0 SyncHdr 412', 'Final']);
  });

  it('keeps two handsets with the same SessionID apart', async () => {
    const { service, jobs } = await serviceOf();
    const one = handsetOf().handset;
    const two = handsetOf({ imei: '004999010640018' }).handset;
    const all = [one, two].map((handset) => jobs.add({ device: handset.device.id, operation: 'inventory' }));
    const plans = [one, two].map((handset) => ({ ...own(handset), sessionId: 'AA' }));
    const ends = await Promise.all(
      [one, two].map((handset, index) => talk(service, handset, plans[index] ?? own(handset))),
    );
    expect(ends.map(({ outcome }) => outcome)).toEqual([{ ok: true }, { ok: true }]);
    expect(all.map(({ id }) => jobs.get(id)?.state)).toEqual(['done', 'done']);
  });
});

describe('the types of what the DM server sends', () => {
  it('[DMP-7-05][DMP-7-06][DMP-7-14] are the bare ones of the message that it answers, however that is written', async () => {
    for (const [encoding, written, type] of [
      ['wbxml', 'Application/VND.SyncML.DM+WBXML; verproto=1.2', 'application/vnd.syncml.dm+wbxml'],
      ['xml', 'application/vnd.syncml.DM+xml;charset="UTF-8"', 'application/vnd.syncml.dm+xml'],
    ] as const) {
      const { service } = await serviceOf();
      const { handset } = handsetOf({ encoding });
      const first = handset.begin(own(handset)).start();
      expect(first.contentType).toBe(type);
      const answer = await service.handle({ ...first, contentType: written }, never);
      expect('body' in answer ? answer.contentType : answer).toBe(type);
      expect(gist('body' in answer ? answer : undefined)[0]).toBe('Status 1/0 SyncHdr 212 Chal');
    }
  });

  it('[DMP-7-15] refuses credentials by a message, which HTTP carries like any other', async () => {
    const { service } = await serviceOf();
    const { handset } = handsetOf({ faults: [{ name: 'wrong-password' }] });
    const answer = await service.handle(handset.begin(own(handset)).start(), never);
    expect(gist('body' in answer ? answer : undefined)[0]).toBe('Status 1/0 SyncHdr 401 Chal');
  });
});

describe('what the DM server refuses', () => {
  it('a body of another type, with 415', async () => {
    const { service, events } = await serviceOf();
    expect(await service.handle({ contentType: 'text/plain', body: utf8('x') }, never)).toMatchObject({ status: 415 });
    expect(events).toMatchObject([{ type: 'error', code: 'syncml/content-type' }]);
  });

  it('a body that cannot be read, with its code and offset', async () => {
    const { service, events } = await serviceOf();
    const broken = { contentType: 'application/vnd.syncml.dm+wbxml', body: Uint8Array.of(2, 0xa4) };
    const error = await service.handle(broken, never).catch((reason: unknown) => reason);
    expect(isPcAgentError(error, 'wbxml')).toBe(true);
    expect(events).toMatchObject([
      { type: 'error', code: expect.stringMatching(/^wbxml\//), offset: expect.any(Number) },
    ]);
  });

  it('a message of a session that was never begun, with 400', async () => {
    const { service, events } = await serviceOf();
    const stray = byHand(statusXml(1, 1, 0, 'SyncHdr', 200), { msgId: 4, source: 'IMEI:1' });
    expect(await service.handle(stray, never)).toMatchObject({ status: 400 });
    expect(events).toMatchObject([{ code: 'dm/session-unknown' }]);
  });

  it('a message with a MsgID of before, with 400, and then all others of that session', async () => {
    const account = { ...ACCOUNT, auth: 'none' as const };
    const { service, jobs } = await serviceOf({ accounts: [account] });
    const { handset } = handsetOf({ accounts: [account], encoding: 'xml' });
    const job = jobs.add({ device: handset.device.id, operation: 'inventory' });
    const session = handset.begin({ ...own(handset), sessionId: 'AB' });
    const first = await service.handle(session.start(), never);
    if (!('body' in first)) throw new Error(first.message);
    expect(gist(first).at(-1)).toBe('Final');
    const step = session.receive(first);
    const from = { source: handset.device.id, session: 'AB', target: 'http://127.0.0.1:1/dm' };
    expect(
      await service.handle(byHand(statusXml(1, 1, 0, 'SyncHdr', 200), { ...from, msgId: 1 }), never),
    ).toMatchObject({ status: 400 });
    if (step.send === undefined) throw new Error('nothing was said');
    expect(readEnvelope(step.send).header.msgId).toBe(2);
    expect('body' in (await service.handle(step.send, never))).toBe(false);
    expect(jobs.get(job.id)?.state).not.toBe('done');
  });

  it('a server password that is wrong on the handset ends on both sides', async () => {
    const { service } = await serviceOf({ faults: [{ name: 'dms-wrong-password' }] });
    const { handset } = handsetOf();
    const { outcome } = await talk(service, handset, own(handset));
    expect(outcome).toMatchObject({ ok: false, code: 'dm/server-not-authenticated' });
  });
});

describe('updates of the firmware that outlast a session', () => {
  const FIRMWARE = 'com.example.firmware';
  const MODEL = 'Virtual Handset';
  const contentOf = async () => {
    const open = await createDemoPackages().open(FIRMWARE);
    await open.refill();
    return { kind: 'fetched' as const, content: open };
  };

  it('go by URL where the package finds no room in the session, and find the object by its type', async () => {
    const { service, jobs } = await serviceOf({ watchPause: 1 });
    const faults = [{ name: 'storage-full', value: '100000' }];
    const profile = PROFILES.find(({ name }) => name === 'fumo-root') ?? STANDARD;
    const { handset } = handsetOf({ model: MODEL, profile, faults, fetchFirmware: contentOf });
    const job = jobs.add({ device: handset.device.id, operation: 'firmware' });
    expect((await talk(service, handset, own(handset))).outcome).toEqual({ ok: true });
    expect(jobs.get(job.id)).toMatchObject({
      ...{ state: 'failed', resultCode: 501, firmwareFacts: { object: './Phone/Package1', after: '1.0', state: 20 } },
      message: 'the handset ended the downloadandupdate with 501: no memory for the download',
    });
  });

  it.each([
    ['accept', 'done'],
    ['reject', 'failed'],
  ] as const)('begin when the person at the handset says so (%s)', async (answer, state) => {
    const { service, jobs } = await serviceOf({ watchPause: 1 });
    const { handset } = handsetOf({ model: MODEL });
    const job = jobs.add({
      ...{ device: handset.device.id, operation: 'firmware' },
      firmware: { update: true, descriptor: false, consent: { text: 'Update now?', policy: 'required' } },
    });
    await talk(service, handset, own(handset), 200, answer);
    expect(jobs.get(job.id)?.state).toBe(state);
    expect(handset.device.firmware.version).toBe(answer === 'accept' ? '2.0' : '1.0');
  });

  it('order the update in the session in which the handset reports its download', async () => {
    const notified: string[] = [];
    const { service, jobs } = await serviceOf({ watchPause: 1 });
    const fetching = Promise.withResolvers<Awaited<ReturnType<typeof contentOf>>>();
    const urls: string[] = [];
    const { handset } = handsetOf({
      model: MODEL,
      fetchFirmware: (url) => {
        urls.push(url);
        return fetching.promise;
      },
    });
    const { firmware } = handset.device;
    const job = jobs.add({
      ...{ device: handset.device.id, operation: 'firmware' },
      firmware: { delivery: 'download', update: true, descriptor: false },
    });
    jobs.onQueued(({ id }) => notified.push(id));
    expect((await talk(service, handset, own(handset))).outcome).toEqual({ ok: true });
    expect(urls).toEqual(['http://127.0.0.1:1/packages/com.example.firmware-2.0.bin']);
    expect([jobs.get(job.id)?.state, firmware.state]).toEqual(['running', 30]);
    // A second order is refused while the first one is at work.
    const second = jobs.add({ device: handset.device.id, operation: 'firmware' });
    await talk(service, handset, own(handset));
    expect(jobs.get(second.id)).toMatchObject({ state: 'failed', message: expect.stringContaining('(state 30)') });
    fetching.resolve(await contentOf());
    await firmware.idle();
    notified.length = 0;
    expect((await talk(service, handset, own(handset))).outcome).toEqual({ ok: true });
    expect(notified).toEqual([job.id]);
    expect(jobs.get(job.id)).toMatchObject({
      state: 'done',
      resultCode: 200,
      firmwareFacts: { before: '1.0', after: '2.0' },
    });
    expect(handset.device.waitingAlerts()).toEqual([]);
  });

  it('are not given up when the link breaks after the handset has begun', async () => {
    for (let most = 3; ; most += 1) {
      if (most > 60) throw new Error('it never updates');
      const { service, jobs } = await serviceOf({ watchPause: 1 });
      const { handset } = handsetOf({ model: MODEL });
      const job = jobs.add({ device: handset.device.id, operation: 'firmware' });
      await talk(service, handset, own(handset), most);
      if (handset.device.firmware.alerts.length === 0) continue;
      expect((await talk(service, handset, own(handset))).outcome).toEqual({ ok: true });
      expect(jobs.get(job.id)).toMatchObject({ state: 'done', resultCode: 200, firmwareFacts: { after: '2.0' } });
      expect([handset.device.firmware.state, handset.device.firmware.alerts]).toEqual([100, []]);
      return;
    }
  });

  it.each([
    [true, 'done'],
    [false, undefined],
  ] as const)('answer a wish of the handset by what is there to offer (%s)', async (offers, state) => {
    const packages = createDemoPackages();
    const { service, jobs } = await serviceOf({
      watchPause: 1,
      packages: offers ? packages : { ...packages, firmware: async () => [] },
    });
    const { handset } = handsetOf({ model: MODEL, fetchFirmware: contentOf });
    expect(handset.beginFirmware('ask-as-device')).toBe(true);
    expect((await talk(service, handset, own(handset))).outcome).toEqual({ ok: true });
    expect(handset.device.waitingAlerts()).toEqual([]);
    expect(jobs.list(handset.device.id)[0]?.state).toBe(state);
    expect(handset.beginFirmware('update')).toBe(false);
  });
});
