import { type Duration, milliseconds, seconds } from '../../base/durations.ts';

/** One command to a handset that listens for AT commands (3GPP TS 27.007; ITU-T V.250). */
export interface AtStep {
  readonly command: string;
  /** How the answer's last line must begin for the sequence to go on. */
  readonly success: readonly string[];
  /** How long the handset needs before it hears more; default 100 ms. */
  readonly settle?: Duration;
}

/** A maker's way from AT commands to raw OBEX on the same line. */
export interface AtSequence {
  readonly name: string;
  readonly steps: readonly AtStep[];
  /** Only for handsets that are known to need it: to others its command may mean something else. */
  readonly onlyWhenNamed?: boolean;
}

/** Ways to OBEX in their order of trying (spec sheet obex, section 8). Siemens' BFB is none: it frames its octets. */
export const AT_SEQUENCES: readonly AtSequence[] = [
  // 3GPP TS 27.007, 8.42: protocol 0 is OBEX.
  { name: 'AT+CPROT=0', steps: [{ command: 'AT+CPROT=0', success: ['CONNECT'] }] },
  // Ericsson, Sony Ericsson.
  { name: 'AT*EOBEX', steps: [{ command: 'AT*EOBEX', success: ['CONNECT'] }] },
  // Motorola.
  { name: 'AT+MODE=22', steps: [{ command: 'AT+MODE=22', success: ['CONNECT', 'OK'] }] },
  // Siemens x55 and later.
  {
    name: 'AT^SQWE=3',
    steps: [
      { command: 'AT^SQWE=0', success: ['OK'], settle: seconds(1) },
      { command: 'AT^SQWE=3', success: ['CONNECT', 'OK'], settle: seconds(1) },
    ],
  },
  // Sharp.
  { name: 'AT+XLNK', steps: [{ command: 'AT+XLNK', success: ['CONNECT', 'OK'] }], onlyWhenNamed: true },
  // Some of LG and Samsung.
  {
    name: 'AT+SYNCML=OBEXSTART',
    steps: [{ command: 'AT+SYNCML=OBEXSTART', success: ['CONNECT', 'OK'] }],
    onlyWhenNamed: true,
  },
];

/** After CONNECT the handset changes over; what it still says in that time is the rest of the line. */
export const SETTLE = milliseconds(100);

/** The ways with those named first, as they are named; a name that none has is passed over. */
export function sequencesInOrder(first: readonly string[] = []): readonly AtSequence[] {
  const named = first.flatMap((name) => AT_SEQUENCES.filter((sequence) => sequence.name === name));
  const others = AT_SEQUENCES.filter((sequence) => sequence.onlyWhenNamed !== true);
  return [...new Set([...named, ...others])];
}
