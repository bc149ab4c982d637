import type { Encoding } from '../../syncml/model.ts';
import type { FaultDescription } from '../faults/fault.ts';
import { type MessageHabits, oddChildren, oddFirstChunk, oddOrder } from '../faults/message-habits.ts';

/** A kind of handset: what it does otherwise than the DM 1.2 texts or this project expect. */
export interface HandsetProfile extends FaultDescription {
  /** The SessionID of a notification is written in decimal. */
  readonly decimalSession?: boolean;
  /** Longest OBEX packet that it takes. */
  readonly maxPacket?: number;
  /** On a serial line it is deaf to OBEX until an AT command wakes it. */
  readonly atOnly?: boolean;
  /** Where its SCOMO object is, instead of its usual place. */
  readonly scomoRoot?: string;
  /** Name of the node above its update object, instead of the usual one. */
  readonly firmwareParent?: string;
  /** Nobody is there who could be asked. */
  readonly nobodyThere?: boolean;
  /** It writes and takes only this, whatever else was said. */
  readonly encoding?: Encoding;
  /** Its MD5 proofs are made with an empty nonce as long as no challenge has brought one. */
  readonly withoutNonce?: boolean;
  /** After 401 or 407 it proves itself and does not say package 1 again. */
  readonly forgetsSetup?: boolean;
  /** OBEX objects end with an empty End-of-Body in a packet of its own, which alone has the final bit. */
  readonly emptyEnd?: boolean;
  /** The Connection Id is wanted in every OBEX packet, not only in the first of a request. */
  readonly idInEveryPacket?: boolean;
  /** How its messages are written. */
  readonly habits?: () => MessageHabits;
}

const SMALL_PACKET = 1024;

export const STANDARD: HandsetProfile = { name: 'standard', help: 'as the DM 1.2 texts say (default)' };

export const PROFILES: readonly HandsetProfile[] = [
  STANDARD,
  {
    name: 'decimal-session',
    help: 'writes the SessionID of a notification in decimal, as Symbian handsets do',
    decimalSession: true,
  },
  { name: 'small-packets', help: `OBEX packets of at most ${SMALL_PACKET} bytes`, maxPacket: SMALL_PACKET },
  { name: 'at-only', help: 'on a serial line: no OBEX before AT+CPROT=0', atOnly: true },
  {
    name: 'scomo-root',
    help: 'keeps its SCOMO object at ./Software, so that it must be found by its type',
    scomoRoot: 'Software',
  },
  {
    name: 'fumo-root',
    help: 'keeps its update object at ./Phone/Package1, so that it must be found by its type',
    firmwareParent: 'Phone',
  },
  { name: 'no-user', help: 'nobody can be asked: alert 1101 is answered with 406', nobodyThere: true },
  {
    name: 'md5-without-nonce',
    help: 'makes its MD5 proofs with an empty nonce until a challenge brings one',
    withoutNonce: true,
  },
  {
    name: 'forgets-after-auth',
    help: 'after a challenge proves itself, but does not say again why it calls and what it is',
    forgetsSetup: true,
  },
  {
    name: 'cdata-first-chunk',
    help: 'the first chunk of a large result is in CDATA (WBXML: opaque), the others are escaped (inline)',
    habits: oddFirstChunk,
  },
  { name: 'empty-end', help: 'ends OBEX objects with an empty packet, which alone has the final bit', emptyEnd: true },
  { name: 'connection-id-always', help: 'wants the Connection Id in every OBEX packet', idInEveryPacket: true },
  {
    name: 'xml-only',
    help: 'writes and takes XML, whatever --encoding says and whatever it is asked for',
    encoding: 'xml',
  },
  {
    name: 'status-order',
    help: 'alerts first, commands and Statuses from the last to the first, that of the header at the end',
    habits: oddOrder,
  },
  {
    name: 'data-before-refs',
    help: 'children in odd order: Data before TargetRef and SourceRef, Meta behind Data, CmdID last',
    habits: oddChildren,
  },
];
