import type { ByteStream } from '../../base/byte-stream.ts';
import type { Clock } from '../../base/clock.ts';
import { type Duration, seconds } from '../../base/durations.ts';
import { isPcAgentError, PcAgentError } from '../../base/errors.ts';
import { nodeClock } from '../../base/node/clock.ts';
import { settledWithin } from '../../base/node/settled-within.ts';
import type { Bearer, BearerListener } from '../bearer.ts';
import type { AtSwitch, KnownLine, SerialTraits, SpeedSearch } from './at-switch.ts';
import type { LinePort } from './line-port.ts';
import { PreludeStream } from './prelude-stream.ts';
import { DEFAULT_BAUD, needsSpeed, OTHER_BAUDS, parseSerialAddress, type SerialAddress } from './serial-address.ts';
import { openError } from './serial-errors.ts';
import { SerialStream } from './serial-stream.ts';

export interface SerialBearerOptions {
  /** Opens a port: 8N1, locked, what was in its buffers thrown away. May fail with whatever the driver says. */
  readonly openPort: (address: SerialAddress) => Promise<LinePort>;
  /** Default: the system's. */
  readonly clock?: Clock;
  /** Whether a dialled line is brought from AT commands to OBEX where it needs that; default true. */
  readonly prelude?: boolean;
  /** What is known of the handsets of a maker; default: nothing. What worked at a port last is tried before that. */
  readonly traits?: (maker: string) => SerialTraits;
  /** How long a line may take no octet of a write; default 8 s. */
  readonly stallLimit?: Duration;
}

/** A driver that takes longer to open a port has hung. */
const OPEN_LIMIT: Duration = seconds(10);
/** How long a port that nobody wants any more may take to open and close. */
const FREE_LIMIT: Duration = seconds(1);
/** Between two tries to open a port that has gone: an adapter that is plugged in again needs about as long. */
const REOPEN: Duration = seconds(1);

/** What was found out about a port. */
interface KnownPort extends KnownLine {
  readonly baud?: number | undefined;
}

/** More sequences than there are. */
const MAX_FAILED = 16;
/** More ports than a computer has; the one that was learnt about first is forgotten. */
const MAX_KNOWN = 64;

/** Serial ports: a cable, or a handset's USB modem. One conversation a line at a time. */
export function createSerialBearer(options: SerialBearerOptions): Bearer<SerialAddress> {
  const clock = options.clock ?? nodeClock;
  const open = async (address: SerialAddress, signal: AbortSignal): Promise<SerialStream> => {
    const port = await openWithin(address, options.openPort, clock, signal);
    return new SerialStream(port, {
      clock,
      ...(options.stallLimit === undefined ? {} : { stallLimit: options.stallLimit }),
    });
  };
  const known = new Map<string, KnownPort>();
  const learn = (path: string, what: KnownPort): void => {
    known.set(path, { ...known.get(path), ...what });
    for (const oldest of known.keys()) if (known.size > MAX_KNOWN) known.delete(oldest);
  };
  const withPrelude = (stream: SerialStream, address: SerialAddress): PreludeStream => {
    const { path } = address;
    const last = known.get(path) ?? {};
    return new PreludeStream(stream, {
      clock,
      known: last,
      ...(options.traits === undefined ? {} : { traits: options.traits }),
      onSwitch: (how, proven) => learn(path, proven ? { worked: how, failed: [] } : afterFailure(last, how)),
      // The next one may be at another speed, or speak OBEX at the usual one without having been asked.
      onNobody: () => learn(path, { baud: undefined, failed: [] }),
      ...(needsSpeed(address) ? { speeds: speedSearch(stream, address.baud, (baud) => learn(path, { baud })) } : {}),
    });
  };
  return {
    kind: 'serial',
    parse: parseSerialAddress,
    dial: async (address, { signal }) => {
      const baud = needsSpeed(address) ? known.get(address.path)?.baud : undefined;
      const dialled = baud === undefined ? address : { ...address, baud };
      const stream = await open(dialled, signal);
      return options.prelude === false ? stream : withPrelude(stream, dialled);
    },
    listen: (address, { signal, onStream }) => listen({ address, open, clock, onStream }, signal),
  };
}

/** What said yes to a command and spoke no OBEX then is to be tried in another way the next time. */
function afterFailure({ worked, failed = [] }: KnownLine, how: AtSwitch): KnownLine {
  const isSame = (each: AtSwitch): boolean => each.sequence === how.sequence && each.maker === how.maker;
  // What has worked before is tried in its usual place again.
  if (worked !== undefined && isSame(worked)) return { failed };
  return { worked, failed: [...failed.filter((each) => !isSame(each)), how].slice(-MAX_FAILED) };
}

function speedSearch(stream: SerialStream, now: number, found: (baud: number) => void): SpeedSearch {
  const others = [DEFAULT_BAUD, ...OTHER_BAUDS].filter((baud) => baud !== now);
  return { now, others, set: (baud) => stream.setBaud(baud), found };
}

async function openWithin(
  address: SerialAddress,
  openPort: SerialBearerOptions['openPort'],
  clock: Clock,
  signal: AbortSignal,
): Promise<LinePort> {
  signal.throwIfAborted();
  const stop = new AbortController();
  const opening = openPort(address);
  const limit = clock.sleep(OPEN_LIMIT, AbortSignal.any([signal, stop.signal])).then(() => undefined);
  try {
    const port = await Promise.race([opening, limit]);
    if (port !== undefined) return port;
  } catch (error) {
    if (!signal.aborted) throw openError(address, error);
    // The port is let go before anybody is told: its lock would make the next one who opens it believe it busy.
    const freed = opening.then((late) => late.close()).catch(() => undefined);
    await settledWithin(FREE_LIMIT, freed, clock);
    throw error;
  } finally {
    stop.abort();
    limit.catch(() => undefined);
  }
  void opening.then((late) => late.close()).catch(() => undefined);
  throw new PcAgentError('bearer/timeout', `${address.text} did not open within ${OPEN_LIMIT / 1000} s`, {
    retry: 'later',
    details: { bearer: 'serial', address: address.text, limit: OPEN_LIMIT },
  });
}

interface Line {
  readonly address: SerialAddress;
  readonly open: (address: SerialAddress, signal: AbortSignal) => Promise<SerialStream>;
  readonly clock: Clock;
  readonly onStream: (stream: ByteStream) => void;
}

/**
 * The side that is called. A line does not say when somebody comes, so the first stream is there at once, and the
 * next one as soon as its owner has closed it; a port that has gone is opened again when it is back.
 */
async function listen(line: Line, signal: AbortSignal): Promise<BearerListener> {
  const stop = new AbortController();
  const first = await line.open(line.address, signal);
  const either = AbortSignal.any([signal, stop.signal]);
  const service = { reopening: Promise.resolve<SerialStream | undefined>(undefined) };
  void serveLine(line, first, either, service);
  return {
    address: line.address,
    close: async () => {
      stop.abort();
      await service.reopening;
    },
  };
}

async function serveLine(
  line: Line,
  first: SerialStream,
  signal: AbortSignal,
  service: { reopening: Promise<SerialStream | undefined> },
): Promise<void> {
  let stream: SerialStream | undefined = first;
  while (stream !== undefined) {
    line.onStream(stream);
    await stream.ended;
    // The owner may still be at it; closing twice does no harm, and the port must be free to be opened again.
    if (!signal.aborted) await stream.close();
    service.reopening = reopen(line, signal);
    stream = await service.reopening;
  }
}

async function reopen(line: Line, signal: AbortSignal): Promise<SerialStream | undefined> {
  while (!signal.aborted) {
    try {
      const stream = await line.open(line.address, signal);
      if (!signal.aborted) return stream;
      await stream.close();
    } catch (error) {
      if (!isPcAgentError(error, 'bearer')) return undefined;
    }
    await line.clock.sleep(REOPEN, signal).catch(() => undefined);
  }
  return undefined;
}
