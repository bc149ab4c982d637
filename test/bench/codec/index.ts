/**
 * `bench codec`: our WBXML reader and writer, all limits on, against libwbxml's in C. Both make a tree of the same
 * messages and write the same trees. Exit 0: all goals met; 1: one is not; 2: no verdict (anchor missing, or too noisy).
 */
import { isDeepStrictEqual } from 'node:util';
import type { Element } from '../../../src-main/base/element.ts';
import { readWbxml } from '../../../src-main/wbxml/reader.ts';
import { WbxmlWriter, writeWbxml } from '../../../src-main/wbxml/writer.ts';
import { asTexts } from '../../support/wbxml-peer.ts';
import { type Anchor, buildAnchor } from './anchor.ts';
import { largeMessage, smallMessage } from './messages.ts';
import { judge, median, type Round } from './rounds.ts';

interface Case {
  readonly name: string;
  readonly mode: 'decode' | 'encode';
  readonly message: Uint8Array;
  /** Undefined: shown, not judged. */
  readonly goal: number | undefined;
  readonly work: () => unknown;
}

const WARM_UP = 500;
const SLICE = 250;

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
      rounds[index]?.push({ anchor: anchor.rate(mode, message, SLICE), subject: rateOf(work, SLICE) });
    }
  }
  const verdicts = cases.map((item, index) => report(item, rounds[index] ?? []));
  if (verdicts.includes('too noisy')) return 2;
  return verdicts.includes('not met') ? 1 : 0;
}

function casesOf(): readonly Case[] {
  const small = smallMessage();
  const large = largeMessage();
  const smallTree = readWbxml(small).root;
  const largeTree = readWbxml(large).root;
  const writer = new WbxmlWriter();
  const encode = (root: Element) => () => writer.write(root, 'syncml');
  return [
    { name: 'decode 2 KB', mode: 'decode', message: small, goal: 8, work: () => readWbxml(small) },
    { name: 'decode 64 KB', mode: 'decode', message: large, goal: 6, work: () => readWbxml(large) },
    {
      name: 'encode 2 KB, into the writer’s buffer',
      mode: 'encode',
      message: small,
      goal: 3.5,
      work: encode(smallTree),
    },
    {
      name: 'encode 64 KB, into the writer’s buffer',
      mode: 'encode',
      message: large,
      goal: 3,
      work: encode(largeTree),
    },
    {
      name: 'encode 2 KB, octets of its own',
      mode: 'encode',
      message: small,
      goal: undefined,
      work: () => writeWbxml(smallTree),
    },
    {
      name: 'encode 64 KB, octets of its own',
      mode: 'encode',
      message: large,
      goal: undefined,
      work: () => writeWbxml(largeTree),
    },
  ];
}

/** Before any figure: what libwbxml makes of the message says the same, and so does what we write. */
function checkEqual(anchor: Anchor, message: Uint8Array): void {
  const ours = readWbxml(message).root;
  if (!isDeepStrictEqual(asTexts(ours), asTexts(readWbxml(anchor.again(message)).root))) {
    throw new Error('libwbxml and our reader do not agree on the message');
  }
  if (!isDeepStrictEqual(writeWbxml(ours), message)) throw new Error('our writer does not give the message back');
}

function rateOf(work: () => unknown, milliseconds: number): number {
  const start = performance.now();
  let done = 0;
  let elapsed = 0;
  while (elapsed < milliseconds) {
    for (let turn = 0; turn < 100; turn += 1) work();
    done += 100;
    elapsed = performance.now() - start;
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
