import { describe, expect, it } from 'vitest';
import { milliseconds, seconds } from '../../../src-main/base/durations.ts';
import { PcAgentError } from '../../../src-main/base/errors.ts';
import { nodeClock } from '../../../src-main/base/node/clock.ts';
import { createMemoryBearer } from '../../../src-main/bearer/memory/memory-bearer.ts';
import { KeyedLock } from '../../../src-main/cache/keyed-lock.ts';
import type { UntimedEvent } from '../../../src-main/contract/events.ts';
import type { Meeting } from '../../../src-main/handset/meeting.ts';
import { createOwnServer, type OwnServerOptions } from '../../../src-main/operations/own-server.ts';
import type { SessionAudience } from '../../../src-main/operations/session-audience.ts';
import { STANDARD } from '../../../src-main/virtual/handset/profiles.ts';
import { ACCOUNT, DEVICE, dialledSo, installed, plugIn, shelf, startBench } from '../offline/bench.ts';

const GAME = 'com.example.game';
const CONTENT = new Uint8Array(6000).map((_, index) => index);
const CABLE = 'tcp:127.0.0.1:1';
const LINE = 'tcp:127.0.0.1:2';
const nothing = () => undefined;
const SILENT: SessionAudience = { begun: nothing, message: nothing, compared: nothing, ended: nothing };

/** The PC's own server, a handset whose cable is pulled in mid-delivery, and put back where somebody is at a second address. */
async function pulled(options: { readonly keepsSession: boolean; readonly atLine: 'phone' | 'other' | 'nobody' }) {
  const memory = createMemoryBearer();
  const bench = startBench(memory);
  const faults = [{ name: 'cable-at-byte', value: '5000' }];
  const profile = { ...STANDARD, keepsSession: options.keepsSession };
  const phone = await plugIn(memory, { profile, maxMessage: 1500, faults });
  const other = await plugIn(memory, { imei: '490154203237518' }, 'memory:other');
  const dialled: string[] = [];
  /** What becomes of the next times that the second address is dialled. */
  const refused: boolean[] = [];
  const meetings: Meeting[] = [];
  const bearer = dialledSo(async ({ text }, how) => {
    dialled.push(text);
    // It was pulled once.
    if (dialled.length > 1) phone.handset.faults.set([]);
    const away = options.atLine === 'nobody' && dialled.length > 1;
    if (away || (text === LINE && refused.shift() === true)) throw new PcAgentError('bearer/unavailable', 'not there');
    const at = text === LINE && options.atLine === 'other' ? other.address : phone.address;
    return memory.dial(memory.parse(at), how);
  });
  const bearers = { for: () => bearer };
  const ways = [CABLE, LINE].map((address) => ({ address, kind: 'tcp', confidence: 'strong', attached: true }));
  const ends: (string | undefined)[] = [];
  const { source } = shelf({ id: GAME, bytes: CONTENT });
  const server = createOwnServer({
    ...{ bearers, jobs: bench.jobs, turns: new KeyedLock(), keepsSession: () => options.keepsSession },
    clock: { ...nodeClock, sleep: (_time: number, signal: AbortSignal) => nodeClock.sleep(milliseconds(1), signal) },
    handsets: {
      find: () => ({ device: DEVICE, ways }),
      at: () => undefined,
      met: async (meeting: Meeting) => void meetings.push(meeting),
    },
    journal: {
      sessionStarted: () => ({
        number: 1,
        message: () => undefined,
        sessionEnded: ({ state, code }: { state: string; code?: string }) => ends.push(code ?? state),
      }),
    },
    accounts: {
      candidates: () => [{ account: ACCOUNT, nonces: bench.nonces }],
      proven: async () => undefined,
    },
    cache: {
      show: source.find,
      head: source.head,
      pieces: async () => ({
        size: CONTENT.length,
        read: async (from: number, to: number) => CONTENT.subarray(from, to),
      }),
    },
  } as unknown as OwnServerOptions);
  const events: UntimedEvent[] = [];
  const install = () =>
    server.run(
      [{ operation: 'install', package: GAME }],
      { bearer, address: bearer.parse(CABLE), device: DEVICE },
      {
        signal: new AbortController().signal,
        emit: (event: UntimedEvent) => void events.push(event),
        reconnect: options.atLine === 'nobody' ? undefined : seconds(30),
        audience: SILENT,
      },
    );
  return { ...bench, phone, other, install, refused, dialled, ends, events, meetings };
}

describe('the PC’s own server, when a link is lost', () => {
  it('keeps the work that a handset has not begun while that is not where it was to go on', async () => {
    const { install, refused, ends, phone, events } = await pulled({ keepsSession: false, atLine: 'phone' });
    // Somebody is there when it is looked for, and nobody when the session is to begin.
    refused.push(false, true);
    const { jobs } = await install();
    expect(jobs).toMatchObject([{ state: 'done', resultCode: 1200 }]);
    expect(ends).toEqual(['bearer/lost', 'bearer/unavailable', 'done']);
    expect(installed(phone.handset)).toEqual(['2.0']);
    expect(events.filter(({ type }) => type === 'continuation')).toMatchObject([{ from: CABLE, how: 'new-session' }]);
  });

  it('keeps in the end where the handset was then, or that it has left', async () => {
    const back = await pulled({ keepsSession: true, atLine: 'phone' });
    await back.install();
    expect(back.meetings.at(-1)).toMatchObject({
      device: DEVICE,
      address: LINE,
      model: expect.any(String),
      left: false,
    });
    const gone = await pulled({ keepsSession: true, atLine: 'nobody' });
    const { jobs } = await gone.install();
    expect(jobs).toMatchObject([{ state: 'failed' }]);
    expect(gone.meetings.at(-1)).toMatchObject({ device: DEVICE, address: CABLE, left: true });
  });

  it('says nothing more to another handset at the other way, and goes on with the one that is meant', async () => {
    const { install, ends, phone, other, events, dialled } = await pulled({ keepsSession: true, atLine: 'other' });
    const { jobs } = await install();
    expect(jobs).toMatchObject([{ state: 'done', resultCode: 1200 }]);
    // It takes the repeated message and has nothing to say; and a session that it begins is not let begin.
    expect(ends).toEqual(['dm/session-cut', 'dm/other-handset', 'done']);
    expect([installed(phone.handset), installed(other.handset)]).toEqual([['2.0'], []]);
    expect(events.filter(({ type }) => type === 'continuation')).toMatchObject([{ over: CABLE, how: 'new-session' }]);
    expect(dialled.slice(dialled.lastIndexOf(LINE) + 1)).toEqual([CABLE, CABLE]);
  });
});
