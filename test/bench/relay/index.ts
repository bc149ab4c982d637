/**
 * `bench relay [--rounds N] [--json | --journal]`: CPU per round trip of the relay, watcher on, against a bare node:http and undici
 * forwarder, the same messages of 2 KB, 1 and 64 handsets, each process measured by itself; then memory over 1,000
 * sessions. Exit 0: the goals are met; 1: one is not; 2: too noisy to say.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { judge, median, type Round } from '../codec/rounds.ts';
import { numberAfter } from '../number-after.ts';
import { type BenchHandset, httpHandset, obexHandset, startDms } from './load.ts';
import { type BenchMessages, benchMessages, ROUND_TRIPS } from './messages.ts';
import type { Figures, TargetKind, TargetMessage, TargetRequest } from './target.ts';

/** At most this many times the CPU of the forwarder. */
const CPU_GOAL = { plain: 2, journal: 3 } as const;
/** Growth of the heap over 1,000 sessions that still counts as flat: noise of the collector. */
const FLAT_BYTES = 2 * 1024 * 1024;
const MEMORY_SESSIONS = 1000;
/** Sessions of a slice; with one handset they take about as long as more with 64. */
const SLICE = { 1: 25, 64: 96 } as const;

const WARM_UP = 250;

type Handsets = keyof typeof SLICE;

export async function run(args: readonly string[]): Promise<number> {
  const rounds = numberAfter(args, '--rounds', 9);
  const messages = benchMessages();
  const dms = await startDms(messages);
  const events = args.includes('--json') ? 'json' : args.includes('--journal') ? 'journal' : 'counted';
  const goal = events === 'journal' ? CPU_GOAL.journal : CPU_GOAL.plain;
  const start = (kind: TargetKind): Promise<Target> => Target.start(kind, dms.url, messages, events);
  const forwarder = await start('forwarder');
  const relays = [await start('relay-http'), await start('relay-obex')];
  try {
    const sizes = [...messages.requests, ...messages.answers].map(({ length }) => length);
    console.log(
      `messages of ${Math.min(...sizes)} to ${Math.max(...sizes)} bytes, ${ROUND_TRIPS} round trips a session`,
    );
    const verdicts: string[] = [];
    for (const relay of relays) {
      for (const handsets of [1, 64] as const)
        verdicts.push(await compare({ relay, forwarder, handsets, rounds, goal }));
    }
    for (const relay of relays) verdicts.push(await memory(relay));
    if (verdicts.includes('not met')) return 1;
    return verdicts.includes('too noisy') ? 2 : 0;
  } finally {
    for (const target of [forwarder, ...relays]) target.stop();
    dms.close();
  }
}

interface Comparison {
  readonly relay: Target;
  readonly forwarder: Target;
  readonly handsets: Handsets;
  readonly rounds: number;
  readonly goal: number;
}

async function compare({ relay, forwarder, handsets, rounds, goal }: Comparison): Promise<string> {
  const sessions = SLICE[handsets];
  for (const target of [forwarder, relay]) await target.warmUp();
  const done: Round[] = [];
  const slices = { relay: [] as Slice[], forwarder: [] as Slice[] };
  for (let round = 0; round < rounds; round += 1) {
    // The order turns, so that neither is always the one after a pause.
    const order = round % 2 === 0 ? [forwarder, relay] : [relay, forwarder];
    for (const target of order) {
      slices[target === relay ? 'relay' : 'forwarder'].push(await target.slice(handsets, sessions));
    }
    done.push({ anchor: 1 / cpuOf(slices.forwarder.at(-1)), subject: 1 / cpuOf(slices.relay.at(-1)) });
  }
  const { ratio, spread, verdict } = judge(done, 1 / goal);
  const shown = verdict === 'too noisy' ? verdict : `goal ${goal}x: ${verdict}`;
  console.log(
    `${relay.kind}, ${handsets} handset(s): ${(1 / ratio).toFixed(2)}x the forwarder's CPU (spread of the anchor ${spread.toFixed(2)}), ${shown}`,
  );
  for (const [name, each] of Object.entries(slices)) console.log(`  ${name}: ${describe(each)}`);
  return verdict;
}

function cpuOf(slice: Slice | undefined): number {
  return slice === undefined ? Number.NaN : slice.figures.cpu / slice.times.length;
}

function describe(slices: readonly Slice[]): string {
  const times = slices.flatMap((slice) => slice.times).sort((a, b) => a - b);
  const at = (part: number): string => (times[Math.floor(times.length * part)] ?? Number.NaN).toFixed(2);
  const delay = (name: 'delayP50' | 'delayP99'): string =>
    median(slices.map(({ figures }) => figures[name])).toFixed(2);
  const cpu = median(slices.map(cpuOf)).toFixed(0);
  return `${cpu} us CPU a round trip, p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, event loop late p50 ${delay('delayP50')} ms, p99 ${delay('delayP99')} ms`;
}

async function memory(relay: Target): Promise<string> {
  await relay.slice(64, MEMORY_SESSIONS / 5);
  const heaps: Figures[] = [];
  for (let part = 0; part < 3; part += 1) {
    if (part > 0) await relay.slice(64, MEMORY_SESSIONS / 2);
    heaps.push(await relay.figures());
  }
  const growth = (heaps[2]?.heap ?? 0) - (heaps[0]?.heap ?? 0);
  const flat = growth <= FLAT_BYTES;
  const shown = heaps.map(({ heap, rss }) => `${megabytes(heap)} (rss ${megabytes(rss)})`).join(', ');
  console.log(`${relay.kind}, heap at 0, 500 and 1,000 sessions: ${shown} MB: ${flat ? 'flat' : 'not flat'}`);
  return flat ? 'met' : 'not met';
}

function megabytes(bytes: number): string {
  return (bytes / 1024 / 1024).toFixed(1);
}

interface Slice {
  /** Milliseconds of each round trip. */
  readonly times: readonly number[];
  readonly figures: Figures;
}

/** A measured process and the handsets that use it. */
class Target {
  readonly kind: TargetKind;
  readonly #child: ChildProcess;
  readonly #address: string;
  readonly #messages: BenchMessages;
  #sessions = 0;

  static async start(kind: TargetKind, dms: string, messages: BenchMessages, events: string): Promise<Target> {
    const path = fileURLToPath(new URL('target.ts', import.meta.url));
    const child = fork(path, [kind, dms, events], {
      execArgv: ['--expose-gc'],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    const message = await answerOf(child);
    if (!('address' in message)) throw new Error(`${kind} did not start`);
    return new Target(kind, child, message.address, messages);
  }

  constructor(kind: TargetKind, child: ChildProcess, address: string, messages: BenchMessages) {
    this.kind = kind;
    this.#child = child;
    this.#address = address;
    this.#messages = messages;
  }

  async slice(handsets: number, sessions: number): Promise<Slice> {
    const times: number[] = [];
    const phones = Array.from({ length: handsets }, () => this.#handset());
    await this.#ask('start');
    let left = sessions;
    await Promise.all(
      phones.map(async (phone) => {
        while (left > 0) {
          left -= 1;
          this.#sessions += 1;
          await phone.session(this.#sessions, times);
        }
      }),
    );
    const figures = await this.figures();
    await Promise.all(phones.map((phone) => phone.close()));
    return { times, figures };
  }

  /** The compiler must have seen everything: our code is longer than the forwarder's and takes longer to settle. */
  async warmUp(): Promise<void> {
    if (this.#sessions < WARM_UP) await this.slice(8, WARM_UP);
  }

  async figures(): Promise<Figures> {
    const message = await this.#ask('figures');
    if (!('figures' in message)) throw new Error(`${this.kind} gave no figures`);
    return message.figures;
  }

  stop(): void {
    this.#child.disconnect();
  }

  #handset(): BenchHandset {
    const make = this.kind === 'relay-obex' ? obexHandset : httpHandset;
    return make(this.#address, this.#messages);
  }

  #ask(request: TargetRequest): Promise<TargetMessage> {
    const answer = answerOf(this.#child);
    this.#child.send(request);
    return answer;
  }
}

function answerOf(child: ChildProcess): Promise<TargetMessage> {
  return new Promise((resolve, reject) => {
    const onExit = (code: number | null): void => reject(new Error(`a measured process ended (${code})`));
    child.once('exit', onExit);
    child.once('message', (message) => {
      child.off('exit', onExit);
      resolve(message as TargetMessage);
    });
  });
}
