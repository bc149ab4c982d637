/**
 * The lock-step model of large object delivery: one message is under way at a time, over a bearer of a given rate that
 * takes a given time for each request and its answer, with a handset that needs no time at all.
 */
import { encodeMessage } from '../../../src-main/syncml/codec.ts';
import type { Encoding, Header, StatusCommand } from '../../../src-main/syncml/model.ts';

export interface SimulatedBearer {
  readonly name: string;
  /** Octets a second. */
  readonly rate: number;
  /** Seconds from the end of a request to the beginning of its answer. */
  readonly turnaround: number;
}

export const BEARERS: readonly SimulatedBearer[] = [
  { name: 'serial 115200', rate: 11_520, turnaround: 0.001 },
  { name: 'RFCOMM', rate: 250_000, turnaround: 0.012 },
  { name: 'USB full speed', rate: 1_000_000, turnaround: 0.002 },
  { name: 'USB high speed', rate: 20_000_000, turnaround: 0.0005 },
];

/** What passed over a bearer. */
export interface Traffic {
  /** Octets both ways, OBEX packets and all. */
  readonly octets: number;
  /** Requests with their answers. */
  readonly turns: number;
}

/** Seconds that the traffic takes: what a faked clock says afterwards. */
export function secondsOf({ octets, turns }: Traffic, { rate, turnaround }: SimulatedBearer): number {
  return octets / rate + turns * turnaround;
}

/** Octets that every round costs besides the chunk. */
interface Overhead {
  /** Of a middle message around its chunk. */
  readonly envelope: number;
  /** Of the handset's answer. */
  readonly answer: number;
}

/**
 * As the standard has the two messages, by our codec, for the addresses of a session: SyncHdr, Statuses of SyncHdr and
 * Alert, a command with Target, Meta and MoreData (DM Protocol 1.2, 2.2: both are said again with each chunk); and
 * SyncHdr, two Statuses, Alert 1222.
 */
export function overheadOf(encoding: Encoding): Overhead {
  const data = encoding === 'wbxml' ? new Uint8Array(SAMPLE) : 'A'.repeat(SAMPLE);
  const meta = { format: encoding === 'wbxml' ? 'bin' : 'b64', type: 'application/octet-stream' };
  const message = encodeMessage(
    {
      header: headerTo(HANDSET, PC),
      commands: [
        status('1', '0', 'SyncHdr', [PC], [HANDSET]),
        status('2', '2', 'Alert', [], []),
        { kind: 'Add', cmdId: '3', items: [{ target: { uri: LEAF }, meta, data, moreData: true }] },
      ],
      final: false,
    },
    encoding,
  );
  const answer = encodeMessage(
    {
      header: headerTo(PC, HANDSET),
      commands: [
        status('1', '0', 'SyncHdr', [HANDSET], [PC]),
        { kind: 'Alert', cmdId: '2', code: 1222, items: [] },
        status('3', '3', 'Add', [LEAF], []),
      ],
      final: false,
    },
    encoding,
  );
  return { envelope: message.length - SAMPLE, answer: answer.length };
}

/** The figures of a session with shorter addresses, without Meta in middle chunks. */
export const SHORTEST: Readonly<Record<Encoding, Overhead>> = {
  wbxml: { envelope: 209, answer: 212 },
  xml: { envelope: 657, answer: 632 },
};

const PC = 'obex:pc-agent';
const HANDSET = 'IMEI:004999010640000';
const LEAF = './SCM/Inventory/Delivered/big/Data';
/** Octets of a chunk whose length takes as many octets as that of any chunk here. */
const SAMPLE = 4000;

function headerTo(target: string, source: string): Header {
  return {
    ...{ verDtd: '1.2', verProto: 'DM/1.2', sessionId: '932B', msgId: 1000 },
    target: { uri: target },
    source: { uri: source },
    // It stands in every header: a peer may take one without it for one without a limit.
    meta: { maxMsgSize: 65_280 },
  };
}

function status(
  cmdId: string,
  cmdRef: string,
  cmd: string,
  targetRefs: readonly string[],
  sourceRefs: readonly string[],
): StatusCommand {
  return { kind: 'Status', cmdId, msgRef: 1000, cmdRef, cmd, targetRefs, sourceRefs, code: 212, items: [] };
}

/** Octets of OBEX around a message and its answer: packet prefixes, Connection Id, Type. */
const OBEX = 107;
/** Longest message of one OBEX packet of 64 KB. */
const ONE_PACKET = 65_484;
/** A PUT and a GET. */
const TURNS = 2;
/** Octets of the value in one octet as carried: base64 in XML. */
const VALUE: Readonly<Record<Encoding, number>> = { wbxml: 1, xml: 3 / 4 };

/** Octets of the value a second that no lock-step delivery with these messages can exceed. */
export function ceiling(
  maxMessage: number,
  encoding: Encoding,
  bearer: SimulatedBearer,
  { envelope, answer }: Overhead,
): number {
  const message = Math.min(maxMessage, ONE_PACKET);
  const payload = (message - envelope) * VALUE[encoding];
  return payload / secondsOf({ octets: message + answer + OBEX, turns: TURNS }, bearer);
}
