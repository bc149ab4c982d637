import { getEventListeners } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import { milliseconds } from '../../src-main/base/durations.ts';
import { PcAgentError } from '../../src-main/base/errors.ts';
import { memoryPair } from '../../src-main/bearer/memory/memory-stream.ts';
import { openObexClientLink } from '../../src-main/link/obex-client-link.ts';
import { dmService } from '../../src-main/link/obex-dm-service.ts';
import { SYNCML_DM_TARGET } from '../../src-main/link/obex-envelope.ts';
import type { ObexServerLink } from '../../src-main/link/obex-server-link.ts';
import { connectFields, packetHeaders } from '../../src-main/obex/packet.ts';
import { serveObex } from '../../src-main/obex/server.ts';
import { ContentType } from '../../src-main/syncml/content-type.ts';
import { inboxService } from '../../src-main/virtual/handset/inbox.ts';
import { fuzzCount } from '../support/fuzz-count.ts';
import { mutations, seededRandom } from '../support/mutate.ts';
import { workTime } from '../support/work-time.ts';
import { hex, RawPeer } from '../unit/obex/raw-peer.ts';
import { EXCHANGE } from '../unit/obex/worked-exchange.ts';

const COUNT = Math.ceil(fuzzCount('obex') / 3);
const SEED = Number(process.env.PC_AGENT_FUZZ_SEED ?? 20_261_121);
/** Slowest that one damaged dialogue may be, on a busy machine. */
const SLOWEST = 2_000;
const MAX_PACKET = 4096;
const SHORT = milliseconds(50);

const never = new AbortController().signal;
const PACKETS = Object.values(EXCHANGE).map(hex);

const NAMED_PUT = '82 00 15 CB 00 00 00 01 01 00 07 00 61 00 00 49 00 06 01 02 03';
const { connect, putNotification, get, putPart1, putPart2, abort, disconnect, setPathToRoot } = EXCHANGE;
const REQUESTS = [
  [connect, putNotification, get, putPart1, putPart2, get, disconnect],
  [connect, putPart1, abort, putPart1, putPart2, disconnect, connect, NAMED_PUT],
  ['80 00 07 10 00 20 00', setPathToRoot, '81 00 03', connect, get, connect, NAMED_PUT],
].map((packets) => packets.map(hex));

const { connected, success, got } = EXCHANGE;
const MORE = '90 00 03';
const ANSWERS = [
  [connected, success, got, success, got, success],
  [connected, MORE, success, '90 00 0C C3 00 00 00 0B 48 00 04 01', got, 'C4 00 03', success],
  [connected, success, 'CF 00 03', got, got, 'D3 00 03', success],
].map((packets) => packets.map(hex));

type Dialogue = readonly Uint8Array[];

/**
 * Dialogues with damage in one to three packets. Mostly the length of a damaged packet is set right again, so that the
 * damage reaches what is behind the framing; packets are also left out, repeated and exchanged.
 */
function* damagedDialogues(fixtures: readonly Dialogue[], count: number): Generator<Dialogue> {
  const random = seededRandom(SEED);
  const index = (length: number): number => Math.floor(random() * length);
  const damaged = mutations(fixtures.flat(), SEED, Number.POSITIVE_INFINITY);
  for (let made = 0; made < count; made += 1) {
    const dialogue = [...(fixtures[index(fixtures.length)] ?? [])];
    for (let injury = index(3); injury >= 0; injury -= 1) {
      // The first packet opens the connection; without it little else is reached.
      const at = random() < 0.1 ? 0 : 1 + index(dialogue.length - 1);
      const kind = random();
      if (kind < 0.1) dialogue.splice(at, 1);
      else if (kind < 0.2) dialogue.splice(at, 0, dialogue[index(dialogue.length)] ?? hex(''));
      else dialogue[at] = framed(damaged.next().value ?? hex(''), random() < 0.8);
    }
    yield dialogue;
  }
}

function framed(packet: Uint8Array, repair: boolean): Uint8Array {
  if (!repair) return packet;
  const whole = new Uint8Array(Math.max(3, packet.length));
  whole.set(packet);
  whole[1] = whole.length >> 8;
  whole[2] = whole.length & 0xff;
  return whole;
}

/** Runs one damaged input to its end; anything but an error of ours, in time, is told with the input. */
async function outcomeOf(dialogue: Dialogue, run: (dialogue: Dialogue) => Promise<void> | void): Promise<string> {
  const told = (): string => dialogue.map((packet) => Buffer.from(packet).toString('hex')).join(' ');
  const start = workTime();
  let outcome = 'fine';
  try {
    await run(dialogue);
  } catch (error) {
    if (!(error instanceof PcAgentError)) throw new Error(told(), { cause: error });
    outcome = error.code;
  }
  if (workTime() - start > SLOWEST) throw new Error(`too slow: ${told()}`);
  return outcome;
}

async function tally(
  dialogues: Iterable<Dialogue>,
  run: (dialogue: Dialogue) => Promise<void> | void,
): Promise<ReadonlyMap<string, number>> {
  const outcomes = new Map<string, number>();
  for (const dialogue of dialogues) {
    const outcome = await outcomeOf(dialogue, run);
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
  }
  return outcomes;
}

function expectOnly(outcomes: ReadonlyMap<string, number>, codes: readonly string[]): void {
  expect([...outcomes.keys()].filter((code) => !codes.includes(code))).toEqual([]);
  // Damage that never shows, or always, would test nothing.
  expect(outcomes.size).toBeGreaterThan(1);
  expect(outcomes.get('fine') ?? 0).toBeGreaterThan(COUNT / 50);
  expect([...outcomes.values()].reduce((sum, count) => sum + count, 0)).toBe(COUNT);
}

function decode([packet = hex('')]: Dialogue): void {
  for (const fixed of [0, 2, 4]) {
    try {
      if (fixed === 4) connectFields(packet);
      packetHeaders(packet, fixed);
    } catch (error) {
      if (!(error instanceof PcAgentError)) throw error;
      if (error.offset === undefined || error.offset > packet.length) throw new TypeError(`offset ${error.offset}`);
      if (fixed === 0) throw error;
    }
  }
}

/** An owner that takes and gives messages until the link ends. */
async function own(link: ObexServerLink): Promise<void> {
  try {
    for (;;) {
      const message = await link.receive(never);
      if (message === undefined) return;
      await link.send({ contentType: ContentType.DmWbxml, body: hex(EXCHANGE.message) }, never);
    }
  } catch (error) {
    if (!(error instanceof PcAgentError)) throw error;
  }
}

async function throwAtServer(requests: Dialogue): Promise<void> {
  const random = seededRandom(requests.length);
  const [near, far] = memoryPair({ pieceLength: (available) => 1 + Math.floor(random() * available) });
  const owners: Promise<void>[] = [];
  const services = [dmService({ onLink: (link) => owners.push(own(link)) }), inboxService({ capacity: 10_000 })];
  let over = false;
  const served = serveObex(near, { services, signal: never, maxPacket: MAX_PACKET }).finally(() => {
    over = true;
  });
  served.catch(() => undefined);
  const peer = new RawPeer(far);
  const answers = readAnswers(peer);
  for (const request of requests) {
    if (over) break;
    const before = answers.count;
    await peer.send(request).catch(allowLost);
    // Half a packet has no answer, nor has a GET that nobody has anything for.
    for (let turn = 0; turn < 20 && answers.count === before && !over; turn += 1) await new Promise(setImmediate);
  }
  await far.close();
  await Promise.all([...owners, answers.done]);
  await served;
}

/** Every answer of the server is itself a good packet. */
function readAnswers(peer: RawPeer): { count: number; readonly done: Promise<void> } {
  const answers = { count: 0, done: Promise.resolve() };
  answers.done = (async () => {
    for (let packet = await peer.packet(); packet !== undefined; packet = await peer.packet()) {
      answers.count += 1;
      expect(packet.length).toBeGreaterThanOrEqual(3);
      expect(packet[0]).toBeGreaterThanOrEqual(0x90);
      packetHeaders(packet, packet.length >= 7 && packet[3] === 0x10 ? 4 : 0);
    }
  })().catch(allowLost);
  return answers;
}

function allowLost(error: unknown): void {
  if (!(error instanceof PcAgentError && error.code === 'bearer/lost')) throw error;
}

async function throwAtClient(answers: Dialogue): Promise<void> {
  const [near, far] = memoryPair();
  const answering = answerEach(new RawPeer(far), answers);
  try {
    const link = await openObexClientLink(near, {
      target: SYNCML_DM_TARGET,
      signal: never,
      getTypes: [ContentType.DmWbxml, ContentType.DmXml],
      maxPacket: MAX_PACKET,
      maxMessage: 1000,
      // Some damage leaves the client without the answer that it waits for.
      timeouts: { response: SHORT, firstPacket: SHORT, message: SHORT, abort: SHORT, disconnect: SHORT },
    });
    try {
      for (let turn = 0; turn < 2 && link.endedBy === undefined; turn += 1) {
        await link.send({ contentType: ContentType.DmWbxml, body: new Uint8Array(50) }, never);
        await link.receive(never);
      }
    } finally {
      await link.close('done');
    }
  } finally {
    await answering;
  }
}

/** Answers each request by the next packet, then ends the stream. */
async function answerEach(peer: RawPeer, answers: Dialogue): Promise<void> {
  try {
    for (const answer of answers) {
      if ((await peer.packet()) === undefined) break;
      await peer.send(answer);
      // The rest of a packet that says it is longer never comes.
      if (((answer[1] ?? 0) << 8) + (answer[2] ?? 0) > answer.length || answer.length < 3) break;
    }
  } catch (error) {
    allowLost(error);
  }
  await peer.stream.close();
}

describe(`OBEX, ${COUNT} mutations each`, () => {
  const limit = 30_000 + COUNT * 20;

  // Whoever serves for days has one signal for all of them.
  afterEach(() => expect(getEventListeners(never, 'abort')).toEqual([]));

  it('reads damaged packets, or says what is wrong and where', { timeout: limit }, async () => {
    expectOnly(
      await tally(
        [...mutations(PACKETS, SEED, COUNT)].map((packet) => [packet]),
        decode,
      ),
      ['fine', 'obex/header-length', 'obex/header-truncated', 'obex/packet-truncated'],
    );
  });

  it('serves damaged dialogues to their end', { timeout: limit }, async () => {
    expectOnly(await tally(damagedDialogues(REQUESTS, COUNT), throwAtServer), [
      'fine',
      'bearer/lost',
      'obex/packet-length',
      'obex/packet-too-long',
    ]);
  });

  it('as a client, bears damaged answers', { timeout: limit }, async () => {
    expectOnly(await tally(damagedDialogues(ANSWERS, COUNT), throwAtClient), [
      'fine',
      'bearer/lost',
      'obex/response',
      'obex/who-mismatch',
      'obex/connection-id-missing',
      'obex/out-of-step',
      'obex/object-too-long',
      'obex/disconnected',
      'obex/timeout',
      'obex/header-length',
      'obex/header-truncated',
      'obex/packet-truncated',
      'obex/packet-length',
      'obex/packet-too-long',
    ]);
  });
});
