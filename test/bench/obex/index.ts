/**
 * `bench obex [--rounds N] [--megabytes N]`: our OBEX client and server over TCP loopback, packets of 64 KB, against
 * openobex in C, the same objects, one after the other in each round; against plain sockets that pass the same packets;
 * into a file against into nothing; through the process that has the native modules against without it, on loopback and
 * at the speed of a cable. Each end has a core of its own; what the host of a virtual machine disturbs is measured
 * again. Exit 0: all goals are met; 1: one is not; 2: no verdict (anchor missing, too noisy).
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { judge, median, type Round } from '../codec/rounds.ts';
import { numberAfter } from '../number-after.ts';
import { undisturbed } from '../stolen.ts';
import { buildObexAnchor, CORES, keepOnCore, type ObexAnchor } from './anchor.ts';
import type { EndAnswer, EndRequest } from './end.ts';

const ROUNDS = 7;
/** Of an object: what a processor's caches nearly hold, and no disk begins to write while it comes. */
const MEGABYTES = 32;
/** Objects of a measurement, one after the other: a single one is over before either side has found its pace. */
const OBJECTS = 12;
const LIMIT = 60_000;
/** Octets a second of a fast cable (High-Speed USB, as handsets have it), and the part of the object that it carries. */
const CABLE = 20_000_000;
const CABLE_PART = 1 / 16;
/** Milliseconds that each runs before it counts: V8 is done with compiling after some 40,000 packets. */
const WARM_UP = 6000;

interface Case {
  readonly name: string;
  /** Undefined: shown, not judged. */
  readonly goal: number | undefined;
  readonly against: string;
  readonly anchor: () => Promise<number> | number;
  readonly subject: () => Promise<number> | number;
}

export async function run(args: readonly string[]): Promise<number> {
  const anchor = await buildObexAnchor();
  if (typeof anchor === 'string') {
    console.log(`bench obex: no verdict: ${anchor}`);
    return 2;
  }
  const bytes = numberAfter(args, '--megabytes', MEGABYTES) * 1024 * 1024;
  const ends = new Ends(bytes);
  try {
    return await measure(await casesOf(anchor, ends, bytes), bytes, numberAfter(args, '--rounds', ROUNDS));
  } finally {
    ends.close();
    anchor.close();
  }
}

/** One of our ends, in a process of its own. */
class End {
  readonly #child: ChildProcess = fork(fileURLToPath(new URL('end.ts', import.meta.url)));

  constructor(core: string) {
    keepOnCore(core, this.#child.pid);
  }

  async ask(request: EndRequest): Promise<{ readonly port: number; readonly seconds: number }> {
    this.#child.send(request);
    const [answer] = (await once(this.#child, 'message', { signal: AbortSignal.timeout(LIMIT) })) as [EndAnswer];
    if ('failed' in answer) throw new Error(answer.failed);
    return { port: 0, seconds: Number.NaN, ...answer };
  }

  close(): void {
    this.#child.kill();
  }
}

type Serving = Extract<EndRequest, { kind: 'serve' | 'serve-inbox' | 'serve-ping' }>;
type Transfer = Extract<EndRequest, { kind: 'put' | 'get' | 'ping' }>;

/**
 * The processes of a run. Each kind of transfer has two of its own: V8 makes one that has done three kinds a third
 * slower than one that has done one, and which of them it is slow at is chance.
 */
class Ends {
  readonly #bytes: number;
  readonly #open: End[] = [];

  constructor(bytes: number) {
    this.#bytes = bytes;
  }

  async server(serving: Serving): Promise<{ readonly port: number; readonly end: End }> {
    const end = this.#add(CORES.server);
    return { port: (await end.ask(serving)).port, end };
  }

  /** A client that sends that part of the object; it answers with the seconds that the whole would take. */
  client(wanted: Omit<Transfer, 'bytes' | 'name'>, part = 1): () => Promise<number> {
    const end = this.#add(CORES.client);
    const request = { ...wanted, bytes: Math.ceil(this.#bytes * part), name: 'object' };
    return async () => (await end.ask(request)).seconds / part;
  }

  /** A client and its server. */
  async pair(serving: Serving, wanted: Omit<Transfer, 'bytes' | 'name' | 'port'>, part = 1) {
    const { port } = await this.server(serving);
    return this.client({ ...wanted, port }, part);
  }

  close(): void {
    for (const end of this.#open) end.close();
  }

  #add(core: string): End {
    const end = new End(core);
    this.#open.push(end);
    return end;
  }
}

async function casesOf(anchor: ObexAnchor, ends: Ends, bytes: number): Promise<readonly Case[]> {
  const theirs = (kind: 'put' | 'get', to = anchor.port): number => anchor.seconds(kind, to, bytes);
  const put = await ends.pair({ kind: 'serve' }, { kind: 'put' });
  const cable: Serving = { kind: 'serve', pace: CABLE };
  const { port: ourPort } = await ends.server({ kind: 'serve' });
  const openobex = 'openobex';
  return [
    { name: 'PUT', goal: 0.95, against: openobex, anchor: () => theirs('put'), subject: put },
    {
      ...{ name: 'GET', goal: 0.95, against: openobex },
      ...{ anchor: () => theirs('get'), subject: await ends.pair({ kind: 'serve' }, { kind: 'get' }) },
    },
    {
      ...{ name: 'PUT', goal: 0.9, against: 'plain sockets' },
      ...{ anchor: await ends.pair({ kind: 'serve-ping' }, { kind: 'ping' }), subject: put },
    },
    {
      ...{ name: 'PUT into a file', goal: 0.85, against: 'into nothing' },
      ...{ anchor: put, subject: await intoFile(ends) },
    },
    {
      ...{ name: 'PUT through the child', goal: 0.5, against: 'without it', anchor: put },
      subject: await ends.pair({ kind: 'serve' }, { kind: 'put', throughChild: true }),
    },
    {
      ...{ name: 'PUT through the child over a cable', goal: 0.95, against: 'without it' },
      anchor: await ends.pair(cable, { kind: 'put' }, CABLE_PART),
      subject: await ends.pair(cable, { kind: 'put', throughChild: true }, CABLE_PART),
    },
    {
      ...{ name: 'PUT, our client and its server', goal: undefined, against: openobex },
      ...{ anchor: () => theirs('put'), subject: ends.client({ kind: 'put', port: anchor.port }) },
    },
    {
      ...{ name: 'PUT, its client and our server', goal: undefined, against: openobex },
      ...{ anchor: () => theirs('put'), subject: () => theirs('put', ourPort) },
    },
  ];
}

async function intoFile(ends: Ends): Promise<() => Promise<number>> {
  const { port, end } = await ends.server({ kind: 'serve-inbox' });
  const put = ends.client({ kind: 'put', port });
  return async () => {
    const seconds = await put();
    // A file that is replaced is freed first, which a phone's new pictures have not to wait for.
    await end.ask({ kind: 'empty-inbox' });
    return seconds;
  };
}

async function measure(cases: readonly Case[], bytes: number, count: number): Promise<number> {
  const rounds = cases.map((): Round[] => []);
  for (const transfer of new Set(cases.flatMap(({ anchor, subject }) => [anchor, subject]))) {
    for (const start = performance.now(); performance.now() - start < WARM_UP; ) await transfer();
  }
  for (let round = 0; round < count; round += 1) {
    for (const [index, { anchor, subject }] of cases.entries()) {
      // The order turns, so that neither is always the one after a pause.
      const first = round % 2 === 0 ? await secondsOf(anchor) : Number.NaN;
      const middle = await secondsOf(subject);
      const seconds = { anchor: round % 2 === 0 ? first : await secondsOf(anchor), subject: middle };
      const octets = OBJECTS * bytes;
      rounds[index]?.push({ anchor: octets / seconds.anchor, subject: octets / seconds.subject });
    }
  }
  const verdicts = cases.map((item, index) => report(item, rounds[index] ?? []));
  if (verdicts.includes('not met')) return 1;
  return verdicts.includes('too noisy') ? 2 : 0;
}

/** Of all objects of a measurement. The first is not counted: who has slept has to be woken up. */
async function secondsOf(transfer: () => Promise<number> | number): Promise<number> {
  await transfer();
  let sum = 0;
  for (let object = 0; object < OBJECTS; object += 1) sum += await undisturbed(transfer);
  return sum;
}

function report({ name, goal, against }: Case, rounds: readonly Round[]): string {
  const { ratio, spread, verdict } = judge(rounds, goal ?? 0);
  const shown = goal === undefined ? 'not judged' : `goal ${goal}x: ${verdict}`;
  const rate = (of: (round: Round) => number): string => (median(rounds.map(of)) / 1e6).toFixed(0);
  console.log(
    `${name}: ${ratio.toFixed(2)}x ${against} (${rate((round) => round.subject)} against ${rate((round) => round.anchor)} MB/s, anchor's spread ${spread.toFixed(2)}), ${shown}`,
  );
  return goal === undefined ? 'shown' : verdict;
}
