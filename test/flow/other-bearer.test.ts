import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openPtyPair } from '../../src-main/bearer/pty/pty-pair.ts';
import { type Cable, cableTo } from '../support/cable.ts';
import { ourDms, ourHandset } from '../support/our-three.ts';
import { onStage, type Program, type Stage } from '../support/processes.ts';
import { tcpProxy } from '../support/tcp-proxy.ts';

const SIZE = 600_000;
const RATE = 400_000;
const PACKAGE = 'com.example.big';
/** Within this the work goes on over the other bearer, in milliseconds. */
const SOON = 5000;

interface TwoBearers {
  readonly handset: Program;
  readonly state: string;
  /** The one that is pulled. */
  readonly cable: Cable;
  /** Address of the other one. */
  readonly serial: string;
}

/** A handset with a cable and a serial line, and a PC that has met it at both. */
async function twoBearers(stage: Stage, ...flags: readonly string[]): Promise<TwoBearers> {
  const state = join(stage.folder, 'handset');
  const line = await openPtyPair(new AbortController().signal);
  stage.owns(line.close);
  const second = ['--fault', `duplicate-bearer=serial:${line.far}`];
  const { program: handset, address } = await ourHandset(stage, '--state', state, ...second, ...flags);
  await handset.count(2, 'an address', ({ type }) => type === 'listening');
  const cable = await cableTo(stage, address, RATE);
  const serial = `serial:${line.near}`;
  for (const each of [serial, cable.address]) {
    expect(await stage.agent('inventory', '--handset', each).result()).toMatchObject({ exit: 0 });
  }
  return { handset, state, cable, serial };
}

/** Sessions that the handset began, after those of meeting it. */
const sessionsOf = (handset: Program) => handset.of('session').filter(({ state }) => state === 'started').length - 2;

/** Digests of the messages of one session in their order; what was said twice counts once. */
function saidIn(end: Program, session: unknown, direction: string): readonly unknown[] {
  return end
    .of('message')
    .filter((each) => each.session === session && each.direction === direction && each.package !== 0)
    .filter(({ repeated }) => repeated !== true)
    .map(({ sha256 }) => sha256);
}

function expectSame(one: Program, other: Program, session: unknown): void {
  for (const direction of ['to-dms', 'to-handset']) {
    const said = saidIn(one, session, direction);
    expect(said.length, direction).toBeGreaterThan(5);
    expect(saidIn(other, session, direction), direction).toEqual(said);
  }
}

/** The cable is pulled in mid-delivery; what the PC says of it, and how long that took. */
async function pulled(agent: Program, { cable, serial }: TwoBearers) {
  await cable.passed(SIZE * 0.4);
  const at = performance.now();
  await cable.pull();
  const event = await agent.event('how it goes on', ({ type }) => type === 'continuation');
  expect(performance.now() - at).toBeLessThan(SOON);
  expect(event).toMatchObject({
    from: cable.address,
    over: serial,
    code: expect.stringMatching(/^(bearer|obex)/),
  });
  return event;
}

async function installedOnce({ handset, state }: TwoBearers): Promise<void> {
  await handset.terminate();
  const kept = JSON.parse(await readFile(join(state, 'handset.json'), 'utf8')) as {
    readonly components: readonly { readonly id: string }[];
  };
  expect(kept.components.filter(({ id }) => id === PACKAGE)).toHaveLength(1);
}

async function withPackage(stage: Stage): Promise<string> {
  const file = join(stage.folder, 'big.bin');
  await writeFile(file, randomBytes(SIZE));
  expect(await stage.agent('packages', 'add', file, '--id', PACKAGE, '--version', '2').result()).toMatchObject({
    exit: 0,
  });
  return file;
}

/** A folder of packages that a DM server has. */
async function offeredPackage(stage: Stage): Promise<string> {
  const folder = join(stage.folder, 'packages');
  await mkdir(folder);
  await writeFile(join(folder, 'big.bin'), randomBytes(SIZE));
  await writeFile(join(folder, 'big.bin.json'), JSON.stringify({ id: PACKAGE, name: 'Big', version: '2' }));
  return folder;
}

describe('a bearer that is pulled in mid-delivery, and another one to the same phone', () => {
  it('the session goes on by its last message, where the handset keeps it', () =>
    onStage(async (stage) => {
      await withPackage(stage);
      const phone = await twoBearers(stage, '--profile', 'keeps-session');
      const agent = stage.agent('install', '--handset', phone.cable.address, '--package', PACKAGE, '--offline');
      const event = await pulled(agent, phone);
      expect(event).toMatchObject({ how: 'repeated' });
      expect(await agent.result()).toMatchObject({ exit: 0, jobs: [{ state: 'done', resultCode: 1200 }] });
      expect(agent.of('continuation')).toHaveLength(1);
      expect(sessionsOf(phone.handset)).toBe(1);
      expectSame(agent, phone.handset, event.session);
      await installedOnce(phone);
    }));

  it('a new session begins, where it does not', () =>
    onStage(async (stage) => {
      await withPackage(stage);
      const phone = await twoBearers(stage);
      const agent = stage.agent('install', '--handset', phone.cable.address, '--package', PACKAGE, '--offline');
      const event = await pulled(agent, phone);
      expect(event).toMatchObject({ how: 'new-session' });
      expect(await agent.result()).toMatchObject({ exit: 0, jobs: [{ state: 'done', resultCode: 1200 }] });
      expect(sessionsOf(phone.handset)).toBe(2);
      expectSame(agent, phone.handset, event.session);
      await installedOnce(phone);
    }));

  it('a relayed session goes on, and the DM server notices nothing', () =>
    onStage(async (stage) => {
      const dms = await ourDms(stage, '--packages', await offeredPackage(stage));
      const phone = await twoBearers(stage, '--profile', 'keeps-session');
      const agent = stage.agent('install', '--handset', phone.cable.address, '--package', PACKAGE, '--dms', dms.url);
      const event = await pulled(agent, phone);
      expect(event).toMatchObject({ how: 'repeated' });
      expect(await agent.result()).toMatchObject({ exit: 0, jobs: [{ state: 'done', resultCode: 1200 }] });
      expectSame(dms.program, phone.handset, event.session);
      expectSame(dms.program, agent, event.session);
      await installedOnce(phone);
    }));

  it('a relayed session is asked for anew by the DM server, where the handset does not keep it', () =>
    onStage(async (stage) => {
      const dms = await ourDms(stage, '--packages', await offeredPackage(stage));
      const phone = await twoBearers(stage);
      const agent = stage.agent('install', '--handset', phone.cable.address, '--package', PACKAGE, '--dms', dms.url);
      const event = await pulled(agent, phone);
      expect(event).toMatchObject({ how: 'new-session' });
      expect(await agent.result()).toMatchObject({ exit: 0, jobs: [{ state: 'done', resultCode: 1200 }] });
      // Who it is it has told over OBEX.
      expect(sessionsOf(phone.handset)).toBe(2);
      expectSame(dms.program, phone.handset, event.session);
      expectSame(dms.program, agent, event.session);
      await installedOnce(phone);
    }));

  it('a download by URL goes on where it stopped', () =>
    onStage(async (stage) => {
      const file = await withPackage(stage);
      const offer = stage.agent('packages', 'offer', PACKAGE);
      let pieces = 0;
      const wire = await tcpProxy(stage, await offer.address(), {
        piece: 20_000,
        onAnswer: async (request) => {
          if (request.includes('.dd')) return undefined;
          pieces += 1;
          return pieces === 15 ? 'cut' : undefined;
        },
      });
      const got = await stage.agent('virtual-handset', '--download', wire.url.href).result();
      expect(got).toMatchObject({ exit: 0, download: { object: { size: SIZE } } });
      const { kept } = await offer.event('how it goes on', ({ type }) => type === 'continuation');
      expect(wire.requests.map(({ range }) => range)).toContain(`bytes=${String(kept)}-`);
      expect(kept).toBeGreaterThan(200_000);
      expect(await offer.result()).toMatchObject({ exit: 0, notification: { code: 900 } });
      expect(offer.of('continuation')).toMatchObject([{ how: 'resumed' }]);
      expect((await readFile(file)).length).toBe(SIZE);
    }));
});
