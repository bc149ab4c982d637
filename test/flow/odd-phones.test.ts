/** Odd handsets and odd DM servers, each a process, through the relay: what is installed is what was offered. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { virtualImei } from '../../src-main/base/imei.ts';
import { expectInstalled, expectTransparent, GAME, type OurDms, ourDms } from '../support/our-three.ts';
import { onStage, type Program, type Stage } from '../support/processes.ts';

/** More than fits a message. */
const LARGE = 'größer <&> "5" '.repeat(6000);
const FOLDER = './SCM/Inventory/Delivered/kept';

const deviceOf = (imei: string) => `IMEI:${imei}`;

/** The handset's own words: its session went well, and it holds what the server offers. */
async function expectHolds(handset: Program, dms: OurDms, result = handset.result()): Promise<void> {
  const held = await result;
  expect(held, handset.name).toMatchObject({ exit: 0, ok: true, sessions: [{ ok: true }] });
  const components = held.components as readonly { readonly id: string; readonly sha256: string }[];
  const offered = (await dms.client.packages()).find(({ id }) => id === GAME)?.sha256;
  expect(offered).toMatch(/^[0-9a-f]{64}$/);
  expect(components.find(({ id }) => id === GAME)?.sha256).toBe(offered);
  expect(handset.of('error')).toEqual([]);
}

/** Message by message, in the one session of this handset. */
function expectUnchanged(handset: Program, dms: OurDms): void {
  const [session] = handset.of('session');
  expectTransparent(handset, dms.program, String(session?.id));
}

const said = (end: Program | undefined, way: string) =>
  end?.of('message').filter(({ direction }) => direction === way) ?? [];

const commands = [
  { kind: 'Add', target: FOLDER, format: 'node' },
  { kind: 'Add', target: `${FOLDER}/PkgID`, format: 'chr', type: 'text/plain', data: LARGE },
  { kind: 'Get', target: `${FOLDER}/PkgID` },
];

/** A handset that calls, by its profile; another nonce than the server's makes the server challenge it. */
const CALLERS = [
  ['md5-without-nonce'],
  ['forgets-after-auth', '--nonce', 'b3RoZXI='],
  ['cdata-first-chunk', '--encoding', 'xml'],
  ['cdata-first-chunk', '--encoding', 'wbxml'],
  ['empty-end'],
  ['xml-only'],
  ['status-order'],
  ['data-before-refs', '--encoding', 'xml'],
  ['data-before-refs', '--encoding', 'wbxml'],
] as const;
/** A handset that is called. */
const CALLED = [
  'decimal-session',
  'small-packets',
  'empty-end',
  'connection-id-always',
  'xml-only',
  'md5-without-nonce',
] as const;

describe('odd handsets', () => {
  let stage: Stage;
  let dms: OurDms;
  const { promise: over, resolve: end } = Promise.withResolvers<void>();
  let played: Promise<void>;

  beforeAll(async () => {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    played = onStage(async (given) => {
      stage = given;
      dms = await ourDms(stage);
      resolve();
      await over;
    });
    played.catch(reject);
    await promise;
  });
  afterAll(async () => {
    end();
    await played;
  });

  it('that call have a package installed, over one relay', async () => {
    const handsets = CALLERS.map((flags, index) => ({ flags, imei: virtualImei(100 + index) }));
    const count = String(CALLERS.length);
    const relay = stage.agent('relay', '--listen', 'tcp:127.0.0.1:0', '--dms', dms.url, '--count', count);
    const jobs = await Promise.all(
      handsets.map(async ({ imei }) => [
        await dms.client.post(deviceOf(imei), 'install', { package: GAME }),
        await dms.client.post(deviceOf(imei), 'commands', { commands }),
      ]),
    );
    const where = await relay.address();
    const programs = handsets.map(({ flags: [profile, ...more], imei }) =>
      stage.agent('virtual-handset', '--connect', where, '--profile', profile, '--imei', imei, ...more),
    );
    for (const program of programs) {
      await expectHolds(program, dms);
      expectUnchanged(program, dms);
    }
    expect(await relay.result()).toMatchObject({ exit: 0, state: 'done', sessionCount: CALLERS.length });
    for (const [install = '', read = ''] of jobs) {
      expectInstalled(await dms.client.job(install));
      const job = await dms.client.job(read);
      expect(job.replies?.map(({ code }) => code)).toEqual([200, 200, 200]);
      expect(job.replies?.[2]?.items[0]?.data === LARGE).toBe(true);
    }
    const sentBy = (name: string) => said(programs[CALLERS.findIndex(([profile]) => profile === name)], 'to-dms');
    const typesOf = (name: string) => new Set(sentBy(name).map(({ contentType }) => contentType));
    expect([...typesOf('xml-only')]).toEqual(['application/vnd.syncml.dm+xml']);
    // Both were challenged: who says package 1 again with the Statuses has more to say, who forgets it has less.
    const [first = 0, second] = sentBy('forgets-after-auth').map(({ bytes }) => Number(bytes));
    const [whole = 0, again] = sentBy('md5-without-nonce').map(({ bytes }) => Number(bytes));
    expect(second).toBeLessThan(first);
    expect(again).toBeGreaterThan(whole);
  });

  it.each(CALLED)('that are called have a package installed: %s', async (profile) => {
    const imei = virtualImei(200 + CALLED.indexOf(profile));
    const install = await dms.client.post(deviceOf(imei), 'install', { package: GAME });
    const flags = ['--listen', 'tcp:127.0.0.1:0', '--profile', profile, '--imei', imei];
    const handset = stage.agent('virtual-handset', ...flags);
    const trigger = ['--trigger', dms.client.triggerUrl(deviceOf(imei)), '--count', '1'];
    const relay = stage.agent('relay', '--handset', await handset.address(), '--dms', dms.url, ...trigger);
    expect(await relay.result()).toMatchObject({ exit: 0, state: 'done' });
    expectInstalled(await dms.client.job(install));
    await expectHolds(handset, dms, handset.terminate());
    expectUnchanged(handset, dms);
  });
});

describe('odd DM servers', () => {
  it.each(['jsessionid', 'cookies'])(
    '[DMP-12-11] install a package on a handset behind the relay, over OBEX and HTTP, and on one that posts itself: %s',
    (profile) =>
      onStage(async (stage) => {
        const dms = await ourDms(stage, '--profile', profile);
        const imeis = [virtualImei(300), virtualImei(301), virtualImei(302)] as const;
        const jobs = await Promise.all(
          imeis.map((imei) => dms.client.post(deviceOf(imei), 'install', { package: GAME })),
        );
        const listen = (address: string) => stage.agent('relay', '--listen', address, '--dms', dms.url, '--count', '1');
        const relays = [listen('tcp:127.0.0.1:0'), listen('http://127.0.0.1:0/dm')];
        const places = [...(await Promise.all(relays.map((relay) => relay.address()))), dms.url];
        const handsets = places.map((place, index) =>
          stage.agent('virtual-handset', '--connect', place, '--imei', imeis[index] ?? ''),
        );
        for (const handset of handsets) {
          await expectHolds(handset, dms);
          expectUnchanged(handset, dms);
        }
        for (const [index, relay] of relays.entries()) {
          expect(await relay.result()).toMatchObject({ exit: 0, state: 'done' });
          // No message found its way past the relay.
          expect(said(relay, 'to-dms')).toHaveLength(said(handsets[index], 'to-dms').length);
        }
        for (const job of await dms.client.jobs(jobs)) expectInstalled(job);
        expect(await dms.program.terminate()).toMatchObject({ exit: 0, ok: true, failedSessions: 0 });
      }),
  );
});
