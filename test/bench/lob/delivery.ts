/** One delivery between the real ends: the PC's own server, OBEX, and a virtual handset with its store. */
import { setImmediate as turn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { ByteStream } from '../../../src-main/base/byte-stream.ts';
import { hexOf } from '../../../src-main/base/bytes.ts';
import { nodeDigest, nodeRandom } from '../../../src-main/base/node/digest.ts';
import type { Bearer } from '../../../src-main/bearer/bearer.ts';
import { createMemoryBearer } from '../../../src-main/bearer/memory/memory-bearer.ts';
import type { UntimedEvent } from '../../../src-main/contract/events.ts';
import type { Account } from '../../../src-main/dm/account.ts';
import { ReadAhead } from '../../../src-main/dm/large-object/read-ahead.ts';
import type { Procedure } from '../../../src-main/dm/server/work.ts';
import { manageHandset } from '../../../src-main/management-server/manage-handset.ts';
import type { ManagedSession } from '../../../src-main/management-server/managed-session.ts';
import { deliverAndInstall } from '../../../src-main/scomo/procedure/deliver.ts';
import type { Encoding } from '../../../src-main/syncml/model.ts';
import { Handset } from '../../../src-main/virtual/handset/handset.ts';
import { serveHandset } from '../../../src-main/virtual/handset/handset-service.ts';
import { HandsetStateFile } from '../../../src-main/virtual/handset/handset-state.ts';
import { inboxService } from '../../../src-main/virtual/handset/inbox.ts';
import { STANDARD } from '../../../src-main/virtual/handset/profiles.ts';
import type { Traffic } from './model.ts';

export interface Delivery {
  /** Of the messages with full chunks: those between the first and the last one. */
  readonly traffic: Traffic;
  /** Octets of the value that these carried. */
  readonly delivered: number;
  readonly messages: number;
  /** CPU of both ends, whole session, in seconds. */
  readonly cpu: number;
  /** How far the heap and what it holds outside rose above where they were, collected, in MB. */
  readonly growth: number;
}

const ACCOUNT: Account = {
  serverId: 'pc-agent',
  serverPassword: 'agent-secret',
  user: 'handset',
  password: 'handset-secret',
  auth: 'md5',
  serverNonce: 'bm9uY2U=',
  clientNonce: 'bm9uY2U=',
};
const MIB = 1024 * 1024;
/** The memory is looked at so often on the way. */
const LOOKS = 8;

export interface DeliveryOptions {
  readonly size: number;
  readonly maxMessage: number;
  readonly encoding: Encoding;
}

/** @throws when what was installed is not what was sent. */
export async function deliver({ size, maxMessage, encoding }: DeliveryOptions): Promise<Delivery> {
  const stop = new AbortController();
  const { signal } = stop;
  const memory = createMemoryBearer();
  const meter = new Meter();
  const handset = new Handset({
    ...{ imei: '004999010640000', model: 'V1', encoding, maxMessage, accounts: [ACCOUNT] },
    ...{ laxNotification: false, profile: STANDARD, faults: [], state: new HandsetStateFile(undefined) },
    ...{ digest: nodeDigest, random: nodeRandom, emit: () => undefined },
  });
  const listener = await memory.listen(memory.parse('memory:phone'), {
    signal,
    onStream: (stream) =>
      void serveHandset(stream, { handset, inbox: inboxService({}), signal, onOutcome: () => undefined }),
  });
  const collect = collector();
  const watch = new MemoryWatch(collect);
  const marks = new Marks(meter, watch, size);
  watch.look(0);
  const before = process.cpuUsage();
  const outcome = await manageHandset<void>({
    via: { kind: 'dial', bearer: meter.watching(memory), address: listener.address },
    account: ACCOUNT,
    nonces: { find: () => undefined, keep: async () => undefined },
    work: (session) => work(session, size),
    ...{ digest: nodeDigest, random: nodeRandom, signal },
    emit: (event) => marks.note(event),
  });
  const { user, system } = process.cpuUsage(before);
  const installed = handset.device.agent.components.find(({ id }) => id === 'com.example.big')?.sha256;
  await listener.close();
  stop.abort();
  if (!outcome.ok) throw new Error(`the session failed: ${outcome.code}: ${outcome.message}`);
  if (installed !== digestOf(size)) throw new Error('what was installed is not what was sent');
  return { ...marks.figures(encoding), cpu: (user + system) / 1e6, growth: watch.growth };
}

function* work(session: ManagedSession, size: number): Procedure<void> {
  const content = new ReadAhead(size, async (from, to) => octets(from, to));
  session.each(() => content.refill());
  const wanted = { id: 'com.example.big', name: 'big', version: '1.0', type: 'application/octet-stream', content };
  const done = yield* deliverAndInstall('./SCM', wanted, { correlator: 'c1' });
  if (done.kind !== 'accepted') throw new Error(`the installation was not accepted: ${JSON.stringify(done)}`);
}

/** The value: octets that tell their place, made when they are wanted. */
function octets(from: number, to: number): Uint8Array {
  const made = new Uint8Array(to - from);
  for (let at = 0; at < made.length; at += 1) made[at] = (Math.imul(from + at, 0x9e37_79b1) >>> 24) & 0xff;
  return made;
}

const digests = new Map<number, string>();

function digestOf(size: number): string {
  const known = digests.get(size);
  if (known !== undefined) return known;
  const pieces = function* (): Generator<Uint8Array> {
    for (let at = 0; at < size; at += MIB) yield octets(at, Math.min(size, at + MIB));
  };
  const digest = hexOf(nodeDigest.sha256Of(pieces()));
  digests.set(size, digest);
  return digest;
}

/** Counts what the PC writes and reads, and how often it waits for an answer. */
class Meter {
  octets = 0;
  turns = 0;
  #wrote = false;

  get now(): Traffic {
    return { octets: this.octets, turns: this.turns };
  }

  watching(bearer: Bearer): Bearer {
    return {
      ...bearer,
      dial: async (address, options) => this.#counted(await bearer.dial(address, options)),
    };
  }

  #counted(stream: ByteStream): ByteStream {
    return {
      read: async (signal) => {
        // As on any real bearer the event loop turns before octets come: what weak references hold lives until then.
        await turn();
        const bytes = await stream.read(signal);
        if (this.#wrote) this.turns += 1;
        this.#wrote = false;
        this.octets += bytes?.length ?? 0;
        return bytes;
      },
      write: (bytes, signal) => {
        this.#wrote = true;
        this.octets += bytes.length;
        return stream.write(bytes, signal);
      },
      close: () => stream.close(),
    };
  }
}

/** What had passed when the first full chunk was ready to go, and when the last one was. */
class Marks {
  readonly #meter: Meter;
  readonly #watch: MemoryWatch;
  readonly #size: number;
  #first: Mark | undefined;
  #last: Mark | undefined;
  #messages = 0;

  constructor(meter: Meter, watch: MemoryWatch, size: number) {
    this.#meter = meter;
    this.#watch = watch;
    this.#size = size;
  }

  note(event: UntimedEvent): void {
    if (event.type !== 'progress' || event.done === undefined) return;
    const { done, total } = event;
    this.#watch.look(done / total);
    const mark = { traffic: this.#meter.now, done };
    if (this.#first === undefined) {
      this.#first = mark;
      return;
    }
    // The last one may be short, and ends the object: it is not counted.
    if (done >= total) return;
    this.#last = mark;
    this.#messages += 1;
  }

  figures(encoding: Encoding): Pick<Delivery, 'traffic' | 'delivered' | 'messages'> {
    const [first, last] = [this.#first, this.#last];
    if (first === undefined || last === undefined)
      throw new Error(`${this.#size} bytes are too few for these messages`);
    // Ready to go is not gone: between the two marks the chunks passed from the first one's to the one before the last.
    const carried = last.done - first.done;
    return {
      traffic: {
        octets: last.traffic.octets - first.traffic.octets,
        turns: last.traffic.turns - first.traffic.turns,
      },
      delivered: encoding === 'xml' ? (carried * 3) / 4 : carried,
      messages: this.#messages,
    };
  }
}

interface Mark {
  readonly traffic: Traffic;
  readonly done: number;
}

class MemoryWatch {
  readonly #collect: () => void;
  #before: number | undefined;
  #most = 0;
  #looked = 0;

  constructor(collect: () => void) {
    this.#collect = collect;
  }

  get growth(): number {
    return (this.#most - (this.#before ?? this.#most)) / MIB;
  }

  /** @param share of the delivery that is done. */
  look(share: number): void {
    if (this.#before !== undefined && share < this.#looked / LOOKS) return;
    this.#looked += 1;
    // The first time lets go of what the second one counts.
    this.#collect();
    this.#collect();
    const { heapUsed, external } = process.memoryUsage();
    const held = heapUsed + external;
    this.#before ??= held;
    this.#most = Math.max(this.#most, held);
  }
}

/** The collector, also when the program was not started for it. */
function collector(): () => void {
  if (globalThis.gc !== undefined) return globalThis.gc;
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as () => void;
}
