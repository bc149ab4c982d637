/**
 * `bench codec`: our WBXML reader and writer, all limits on, against libwbxml's in C. Both make a tree of the same
 * messages and write the same trees; processor time counts. Exit 0: all goals met; 1: one is not; 2: no verdict (anchor missing, or too noisy).
 */
import { isDeepStrictEqual } from 'node:util';
import { encodeMessage } from '../../../src-main/syncml/codec.ts';
import type { Message } from '../../../src-main/syncml/model.ts';
import { writeMessage } from '../../../src-main/syncml/write-message.ts';
import { readWbxml } from '../../../src-main/wbxml/reader.ts';
import { WbxmlWriter, writeWbxml } from '../../../src-main/wbxml/writer.ts';
import { asTexts } from '../../support/wbxml-peer.ts';
import { type Anchor, buildAnchor } from './anchor.ts';
import { largeMessage, smallMessage, wordyMessage } from './messages.ts';
import { judge, median, type Round } from './rounds.ts';

interface Case {
  readonly name: string;
  readonly mode: 'decode' | 'encode';
  readonly message: Uint8Array;
  /** Undefined: shown, not judged. */
  readonly goal: number | undefined;
  readonly work: () => unknown;
}

/** Goals of decoding and encoding; without them a message is shown, not judged. */
interface Sample {
  readonly name: string;
  readonly message: Message;
  readonly goals?: readonly [number, number];
}

const WARM_UP = 500;
const RUN_IN = 100;
const SLICE = 300;

export async function run(args: readonly string[]): Promise<number> {
  const rounds = Number(args[args.indexOf('--rounds') + 1] ?? 7);
  const count = args.includes('--rounds') && rounds > 0 ? rounds : 7;
  const anchor = buildAnchor();
  if (typeof anchor === 'string') {
    console.log(`bench codec: no verdict: ${anchor}`);
    return 2;
  }
  try {
    return measure(anchor, count);
  } finally {
    anchor.close();
  }
}

function measure(anchor: Anchor, count: number): number {
  const cases = casesOf();
  for (const { message } of cases) checkEqual(anchor, message);
  for (const { work } of cases) rateOf(work, WARM_UP);
  const rounds = cases.map((): Round[] => []);
  for (let round = 0; round < count; round += 1) {
    for (let step = 0; step < cases.length; step += 1) {
      // The order turns, so that no case is always the first after a pause.
      const index = (step + round) % cases.length;
      const { mode, message, work } = cases[index] as Case;
      const anchored = anchor.rate(mode, message, SLICE);
      // While the anchor ran, V8 has shrunk its heap; a steady state is compared with a steady state.
      rateOf(work, RUN_IN);
      rounds[index]?.push({ anchor: anchored, subject: rateOf(work, SLICE) });
    }
  }
  const verdicts = cases.map((item, index) => report(item, rounds[index] ?? []));
  if (verdicts.includes('too noisy')) return 2;
  return verdicts.includes('not met') ? 1 : 0;
}

function samples(): readonly Sample[] {
  return [
    { name: '2 KB', message: smallMessage(), goals: [8, 3.5] },
    { name: '64 KB', message: largeMessage(), goals: [6, 3] },
    { name: '2 KB of longer text', message: wordyMessage() },
  ];
}

function casesOf(): readonly Case[] {
  return samples().flatMap(({ name, message, goals }): readonly Case[] => {
    const octets = encodeMessage(message, 'wbxml');
    const root = writeMessage(message);
    const writer = new WbxmlWriter();
    const base = { message: octets, goal: undefined };
    return [
      { ...base, name: `decode ${name}`, mode: 'decode', goal: goals?.[0], work: () => readWbxml(octets) },
      {
        ...base,
        name: `encode ${name}, into the writer’s buffer`,
        mode: 'encode',
        goal: goals?.[1],
        work: () => writer.write(root, 'syncml'),
      },
      { ...base, name: `encode ${name}, octets of its own`, mode: 'encode', work: () => writeWbxml(root) },
    ];
  });
}

/** Before any figure: what libwbxml makes of the message says the same, and so does what we write. */
function checkEqual(anchor: Anchor, message: Uint8Array): void {
  const ours = readWbxml(message).root;
  if (!isDeepStrictEqual(asTexts(ours), asTexts(readWbxml(anchor.again(message)).root))) {
    throw new Error('libwbxml and our reader do not agree on the message');
  }
  if (!isDeepStrictEqual(writeWbxml(ours), message)) throw new Error('our writer does not give the message back');
}

/** Documents a second of processor time, that of V8's own threads included. */
function rateOf(work: () => unknown, milliseconds: number): number {
  const start = process.cpuUsage();
  let done = 0;
  let elapsed = 0;
  while (elapsed < milliseconds) {
    for (let turn = 0; turn < 100; turn += 1) work();
    done += 100;
    const { user, system } = process.cpuUsage(start);
    elapsed = (user + system) / 1000;
  }
  return (done / elapsed) * 1000;
}

function report(item: Case, rounds: readonly Round[]): string {
  const { ratio, spread, verdict } = judge(rounds, item.goal ?? 0);
  const goal = item.goal === undefined ? 'not judged' : `goal ${item.goal}x: ${verdict}`;
  const anchor = Math.round(median(rounds.map((round) => round.anchor)));
  const subject = Math.round(median(rounds.map((round) => round.subject)));
  console.log(
    `${item.name}: ${ratio.toFixed(2)}x libwbxml (${subject} against ${anchor} a second, anchor's spread ${spread.toFixed(2)}), ${goal}`,
  );
  return item.goal === undefined ? 'shown' : verdict;
}

if (import.meta.main) process.exitCode = await run(process.argv.slice(2));
