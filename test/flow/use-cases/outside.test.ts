/** What outside systems ask a DM server for (SCOMO-1): server, relay and handsets as processes of their own. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { nodeDigest } from '../../../src-main/base/node/digest.ts';
import { writeSoftware } from '../../../src-main/scomo/software-package.ts';
import {
  calling,
  DEVICE,
  digestsOf,
  expectTransparent,
  GAME,
  type OurDms,
  ourDms,
  ourHandset,
} from '../../support/our-three.ts';
import { onStage, type Stage } from '../../support/processes.ts';

/** Default of `virtual-handset --model`. */
const MODEL = 'Virtual Handset';
const CLOCK = 'com.example.clock';
const NOTES = 'com.example.notes';
const SUITE = 'com.example.suite';
const ZONES = 'com.example.zones';
const OTHER = '004999010640018';

/** An outside system: what it asks over HTTP, and what it is answered. */
async function ask(dms: OurDms, method: string, path: string, body?: object) {
  const answer = await fetch(new URL(`/api/v1/${path}`, dms.url), {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  });
  const text = await answer.text();
  // biome-ignore lint/suspicious/noExplicitAny: an answer is what the test says it is, and fails there if it is not.
  const json: any = /^[[{]/.test(text) ? JSON.parse(text) : undefined;
  return { status: answer.status, text, json };
}

/** Data of the server-sent events so far; grows while the test goes on. */
async function listening(stage: Stage, dms: OurDms, path: string): Promise<readonly Record<string, unknown>[]> {
  const ending = new AbortController();
  const answer = await fetch(new URL(`/api/v1/${path}`, dms.url), { signal: ending.signal });
  const events: Record<string, unknown>[] = [];
  const read = async (): Promise<void> => {
    let rest = '';
    for await (const text of answer.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) if (line.startsWith('data: ')) events.push(JSON.parse(line.slice('data: '.length)));
    }
  };
  const reading = read().catch(() => undefined);
  stage.owns(async () => {
    ending.abort();
    await reading;
  });
  return events;
}

/** Sessions that the server calls for, through a relay that asks it. */
async function called(stage: Stage, dms: OurDms, address: string, count = 1): Promise<void> {
  const trigger = ['--trigger', dms.client.triggerUrl(DEVICE), '--count', String(count)];
  const relay = stage.agent('relay', '--handset', address, '--dms', dms.url, ...trigger);
  expect(await relay.result()).toMatchObject({ exit: 0 });
}

/** A folder with a suite of two components that needs a third one, and with that. */
function packagesIn(folder: string): string {
  const packages = join(folder, 'packages');
  mkdirSync(packages);
  const octets = (text: string) => new TextEncoder().encode(text.repeat(1000));
  const suite = writeSoftware(
    [
      { id: CLOCK, name: 'Clock', version: '2.0', needs: [{ id: ZONES, version: '1.0' }], content: octets('clock') },
      { id: 'com.example.alarm', name: 'Alarm', version: '1.0', needs: [{ id: CLOCK }], content: octets('alarm') },
    ],
    { digest: nodeDigest },
  );
  const offer = (id: string, bytes: Uint8Array, more: object): void => {
    writeFileSync(join(packages, `${id}.bin`), bytes);
    writeFileSync(join(packages, `${id}.bin.json`), JSON.stringify({ id, name: id, ...more }));
  };
  offer(SUITE, suite, { version: '2.0' });
  offer(ZONES, octets('zones'), { version: '1.0' });
  offer(NOTES, octets('notes'), { version: '1.0' });
  return packages;
}

const alertsIn = (session: object | undefined) => (session as { readonly alerts?: readonly object[] })?.alerts;
const endsAt = (dms: OurDms) => dms.program.of('session').filter(({ state }) => state === 'done');

describe('outside systems', () => {
  it('ACT-07 CMP-06 SCOMO-UC3-A3: work for a model waits for another authority, reaches a handset that was not known, and is followed as it goes on', () =>
    onStage(async (stage) => {
      const dms = await ourDms(stage);
      const handset = await ourHandset(stage);
      const wish = { model: MODEL, operation: 'install', package: GAME };
      const order = await ask(dms, 'POST', 'jobs', { ...wish, approval: 'required', requestedBy: 'Shop' });
      expect(order).toMatchObject({ status: 201, json: { jobs: [] } });
      const events = await listening(stage, dms, `events?device=${DEVICE}`);
      const other = await dms.client.post(DEVICE, 'inventory');
      await called(stage, dms, handset.address);
      // The session that made the handset known did what was free to be done, and nothing else.
      const [, waiting] = await dms.client.all(DEVICE);
      expect(waiting).toMatchObject({ ...wish, state: 'queued', approval: 'awaited', order: order.json.id });
      expect((await dms.client.job(other)).inventory).toHaveLength(2);
      const before = digestsOf(dms.program, 'to-handset').length;
      const approval = `jobs/${waiting?.id}/approval`;
      const self = await ask(dms, 'POST', approval, { authority: 'shop', verdict: 'grant' });
      expect(self).toMatchObject({ status: 409, json: { code: 'approval/same-authority' } });
      expect((await ask(dms, 'POST', approval, { authority: 'Operator', verdict: 'grant' })).status).toBe(200);
      await called(stage, dms, handset.address);
      expect(await dms.client.job(waiting?.id ?? '')).toMatchObject({ state: 'done', resultCode: 1200 });
      expect((await ask(dms, 'GET', `orders/${order.json.id}`)).json.jobs).toMatchObject([{ state: 'done' }]);
      // A package of 300,000 octets took many messages, and each was told of.
      expect(digestsOf(dms.program, 'to-handset').length).toBeGreaterThan(before + 4);
      const told = events.filter(({ job }) => job === waiting?.id);
      const progress = told.filter(({ done }) => done !== undefined);
      expect(progress.length).toBeGreaterThan(3);
      expect(progress.at(-1)).toMatchObject({ state: expect.stringMatching(/running|done/), total: 300_000 });
      expect(told.filter(({ done }) => done === undefined).map(({ state, approval: word }) => [state, word])).toEqual([
        ['queued', 'awaited'],
        ['queued', 'granted'],
        ['running', 'granted'],
        ['done', 'granted'],
      ]);
      expectTransparent(handset.program, dms.program);
      const component = { id: GAME, version: '2.0', state: 20 };
      const end = await handset.program.terminate();
      expect(end).toMatchObject({ components: expect.arrayContaining([expect.objectContaining(component)]) });
    }));

  it('SCOMO-UC3-A0 SCOMO-UC2-A1-2 SCOMO-UC2-A1-3 SCOMO-UC2-A2-1 ACT-12: handsets of a model get what a rule says, those that have it and others get no command, and the server shows what each has and how urgent the rest is', () =>
    onStage(async (stage) => {
      const dms = await ourDms(stage, '--packages', packagesIn(stage.folder), '--state', join(stage.folder, 'dms'));
      const index = await dms.client.packages();
      expect(index.find(({ id }) => id === SUITE)).toMatchObject({
        needs: [{ id: ZONES, version: '1.0', package: ZONES }],
      });
      const rule = { packages: [ZONES, { package: SUITE, urgency: 'critical' }, NOTES] };
      expect((await ask(dms, 'PUT', `rules/${encodeURIComponent(MODEL)}`, rule)).status).toBe(201);
      const own = ['--state', join(stage.folder, 'one')];
      await calling(stage, dms, ...own);
      const made = await dms.client.all(DEVICE);
      expect(made).toMatchObject([
        { operation: 'install', package: ZONES, state: 'done', resultCode: 1200, rule: MODEL },
        { operation: 'update', package: SUITE, state: 'done', resultCode: 1200, rule: MODEL },
      ]);
      const first = digestsOf(dms.program, 'to-handset').length;
      await calling(stage, dms, ...own);
      const second = digestsOf(dms.program, 'to-handset').length - first;
      await calling(stage, dms, '--model', 'Another', '--imei', OTHER);
      expect([(await dms.client.all(DEVICE)).length, (await dms.client.all(OTHER)).length]).toEqual([2, 0]);
      // No alert, since no operation was ordered; fewer messages, since there was only the look at what is there.
      expect(endsAt(dms).map((end) => alertsIn(end)?.length)).toEqual([2, 0, 0]);
      expect(second).toBeLessThan(first);
      const others = (await ask(dms, 'GET', 'devices')).json.devices;
      expect(others).toMatchObject([
        { device: DEVICE, model: MODEL, outdated: 0, missing: 0, firmware: '1.0', lastSession: { state: 'done' } },
        { device: `IMEI:${OTHER}`, model: 'Another', outdated: 1, missing: 0, urgency: 'normal' },
      ]);
      // What this server knows outlives it.
      await dms.program.kill();
      const again = await ourDms(
        stage,
        '--packages',
        join(stage.folder, 'packages'),
        '--state',
        join(stage.folder, 'dms'),
      );
      const { components } = (await ask(again, 'GET', `devices/${OTHER}`)).json;
      expect(components).toMatchObject([
        { id: CLOCK, version: '1.4', newer: { version: '2.0', package: SUITE, urgency: 'normal' } },
        { id: NOTES, version: '1.0' },
      ]);
      expect((await ask(again, 'GET', 'rules')).json.rules).toMatchObject([{ model: MODEL }]);
    }));

  it('SCOMO-UC1 SCOMO-UC1-POST SCOMO-UC1-B1 ACT-12: an inventory is read again and again, compared with a list, exported, and what is missing is installed', () =>
    onStage(async (stage) => {
      const dms = await ourDms(stage);
      const handset = await ourHandset(stage);
      const wanted = [GAME, { id: CLOCK, version: '1.4' }, { id: 'com.example.none', version: '1.0', urgency: 'high' }];
      const { json: schedule } = await ask(dms, 'POST', 'schedules', { device: DEVICE, every: 1, wanted });
      await called(stage, dms, handset.address, 2);
      await ask(dms, 'DELETE', `schedules/${schedule.id}`);
      const checks = (await dms.client.all(DEVICE)).filter(({ state }) => state === 'done');
      expect(checks.length).toBeGreaterThanOrEqual(2);
      for (const check of checks) expect(check).toMatchObject({ operation: 'inventory', schedule: schedule.id });
      await ask(dms, 'POST', 'schedules', { device: DEVICE, every: 100_000, wanted });
      const path = `comparisons?device=${DEVICE}`;
      const compared = (await ask(dms, 'GET', path)).json.comparisons[0];
      expect(compared).toMatchObject({
        missing: [
          { id: GAME, version: '2.0', urgency: 'normal', package: GAME },
          { id: 'com.example.none', urgency: 'high' },
        ],
        outdated: [],
        extra: [{ id: NOTES, version: '1.0' }],
      });
      const csv = (await ask(dms, 'GET', `${path}&format=csv`)).text.split('\r\n');
      expect(csv[1]).toBe(`${DEVICE},${MODEL},${compared.readAt},missing,${GAME},,2.0,normal,${GAME}`);
      expect(csv.slice(2)).toEqual([
        expect.stringContaining(',missing,com.example.none,,1.0,high,'),
        expect.stringContaining(`,extra,${NOTES},1.0,,,`),
        '',
      ]);
      const install = await ask(dms, 'POST', `comparisons/${DEVICE}/install-missing`);
      expect(install.json).toMatchObject({
        jobs: [{ operation: 'install', package: GAME }],
        without: ['com.example.none'],
      });
      await called(stage, dms, handset.address);
      expect(await dms.client.job(install.json.jobs[0].id)).toMatchObject({ state: 'done', resultCode: 1200 });
      const after = (await ask(dms, 'GET', path)).json.comparisons[0];
      expect(after).toMatchObject({ missing: [{ id: 'com.example.none' }], outdated: [], extra: [{ id: NOTES }] });
      expect(Date.parse(after.readAt)).toBeGreaterThan(Date.parse(compared.readAt));
      expectTransparent(handset.program, dms.program);
    }));
});
