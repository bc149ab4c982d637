/**
 * `bench obex [--rounds N] [--megabytes N]`: our OBEX client and server over TCP loopback, packets of 64 KB, against
 * openobex in C, the same object, one after the other in each round; against plain sockets that pass the same packets;
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
const MEGABYTES = 128;
const LIMIT = 60_000;
/** Octets a second of a fast cable (High-Speed USB, as handsets have it), and the part of the object that it carries. */
const CABLE = 20_000_000;
const CABLE_PART = 1 / 8;
/** Milliseconds that each of ours runs before it counts: V8 is done with compiling after some 40,000 packets. */
const WARM_UP = 8000;

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
  const ends = [new End(CORES.server), new End(CORES.client)] as const;
  try {
    const bytes = numberAfter(args, '--megabytes', MEGABYTES) * 1024 * 1024;
    return await measure(await casesOf(anchor, ends, bytes), bytes, numberAfter(args, '--rounds', ROUNDS));
  } finally {
    for (const end of ends) end.close();
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

async function casesOf(
  anchor: ObexAnchor,
  [server, client]: readonly [End, End],
  bytes: number,
): Promise<readonly Case[]> {
  const { port } = await server.ask({ kind: 'serve' });
  const { port: cablePort } = await server.ask({ kind: 'serve', pace: CABLE });
  const { port: inboxPort } = await server.ask({ kind: 'serve-inbox' });
  const { port: pingPort } = await server.ask({ kind: 'serve-ping' });
  const ours = async (kind: 'put' | 'get' | 'ping', to: number): Promise<number> =>
    (await client.ask({ kind, port: to, bytes, name: 'object' })).seconds;
  const theirs = (kind: 'put' | 'get', to = anchor.port): number => anchor.seconds(kind, to, bytes);
  const put = () => ours('put', port);
  const child = async (to: number, part = 1): Promise<number> => {
    const wanted = {
      kind: 'put',
      port: to,
      bytes: Math.ceil(bytes * part),
      name: 'object',
      throughChild: true,
    } as const;
    return (await client.ask(wanted)).seconds / part;
  };
  const intoFile = async (): Promise<number> => {
    const seconds = await ours('put', inboxPort);
    // A file that is replaced is freed first, which a phone's new pictures have not to wait for.
    await server.ask({ kind: 'empty-inbox' });
    return seconds;
  };
  const overCable = async (): Promise<number> => {
    const wanted = { kind: 'put', port: cablePort, bytes: Math.ceil(bytes * CABLE_PART), name: 'object' } as const;
    return (await client.ask(wanted)).seconds / CABLE_PART;
  };
  const openobex = 'openobex';
  return [
    { name: 'PUT', goal: 0.95, against: openobex, anchor: () => theirs('put'), subject: put },
    { name: 'GET', goal: 0.95, against: openobex, anchor: () => theirs('get'), subject: () => ours('get', port) },
    { name: 'PUT', goal: 0.9, against: 'plain sockets', anchor: () => ours('ping', pingPort), subject: put },
    {
      name: 'PUT into a file',
      goal: 0.85,
      against: 'into nothing',
      anchor: put,
      subject: intoFile,
    },
    {
      ...{ name: 'PUT through the child', goal: 0.5, against: 'without it' },
      ...{ anchor: put, subject: () => child(port) },
    },
    {
      ...{ name: 'PUT through the child over a cable', goal: 0.95, against: 'without it' },
      ...{ anchor: overCable, subject: () => child(cablePort, CABLE_PART) },
    },
    {
      ...{ name: 'PUT, our client and its server', goal: undefined, against: openobex },
      ...{ anchor: () => theirs('put'), subject: () => ours('put', anchor.port) },
    },
    {
      ...{ name: 'PUT, its client and our server', goal: undefined, against: openobex },
      ...{ anchor: () => theirs('put'), subject: () => theirs('put', port) },
    },
  ];
}

async function measure(cases: readonly Case[], bytes: number, count: number): Promise<number> {
  const rounds = cases.map((): Round[] => []);
  for (const { anchor, subject } of cases) {
    await anchor();
    for (const start = performance.now(); performance.now() - start < WARM_UP; ) await subject();
  }
  for (let round = 0; round < count; round += 1) {
    for (const [index, { anchor, subject }] of cases.entries()) {
      // The order turns, so that neither is always the one after a pause.
      const first = round % 2 === 0 ? await undisturbed(anchor) : Number.NaN;
      const middle = await undisturbed(subject);
      const seconds = { anchor: round % 2 === 0 ? first : await undisturbed(anchor), subject: middle };
      rounds[index]?.push({ anchor: bytes / seconds.anchor, subject: bytes / seconds.subject });
    }
  }
  const verdicts = cases.map((item, index) => report(item, rounds[index] ?? []));
  if (verdicts.includes('not met')) return 1;
  return verdicts.includes('too noisy') ? 2 : 0;
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
