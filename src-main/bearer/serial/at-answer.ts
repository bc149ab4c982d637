/** What ends an answer, on a line of its own (ITU-T V.250, 5.7; 3GPP TS 27.007, 9.1; the last one: Qualcomm, Huawei). */
const RESULT = /^(?:OK|ERROR|\+CM[ES] ERROR:.*|COMMAND NOT SUPPORT)$/;
/** The same, and what ends a command that opens a connection. To any other one these are unsolicited. */
const OPENING = /^(?:CONNECT.*|NO CARRIER|NO ANSWER|BUSY)$/;
/** A result code between octets of any kind. */
const ANYWHERE = /(?:^|[\r\n])(?:OK|ERROR|NO CARRIER|CONNECT[^\r\n]*|\+CM[ES] ERROR:[^\r\n]*)[\r\n]/;
/** 3GPP TS 27.007, 5.1 to 5.4 let an information text have 2048 characters; a longer line is none. */
const MAX_LINE = 2048;
const MAX_LINES = 64;
/** Who says so much to one command does not answer it. */
const MAX_OCTETS = 64 * 1024;
const CR = 0x0d;
const LF = 0x0a;

/** What was said to a command. */
export interface AtAnswer {
  /** The result code: `OK`, `CONNECT 115200`, … */
  readonly result: string;
  /** The lines before it, without the echo of the command. Unsolicited ones may be among them. */
  readonly lines: readonly string[];
}

export interface AtAnswerOptions {
  readonly command: string;
  /** Whether the command opens a connection: it then ends with CONNECT, or with what became of the call. */
  readonly opens: boolean;
}

/** Gathers the answer to one command. What comes is cut into lines; nothing grows with what a peer goes on saying. */
export class AtAnswerReader {
  readonly #options: AtAnswerOptions;
  #line = '';
  readonly #lines: string[] = [];
  #octets = 0;

  constructor(options: AtAnswerOptions) {
    this.#options = options;
  }

  /** True when more came than any answer has. */
  get flooded(): boolean {
    return this.#octets > MAX_OCTETS;
  }

  /** The answer, as soon as its result code is there. */
  add(bytes: Uint8Array): AtAnswer | undefined {
    for (const octet of bytes) {
      this.#octets += 1;
      if (this.flooded) return undefined;
      if (octet !== CR && octet !== LF) {
        if (this.#line.length < MAX_LINE) this.#line += String.fromCharCode(octet);
        continue;
      }
      const line = this.#line.trim();
      this.#line = '';
      if (RESULT.test(line) || (this.#options.opens && OPENING.test(line))) return { result: line, lines: this.#lines };
      // Noise may stand before the echo.
      const said = line !== '' && !line.endsWith(this.#options.command);
      if (said && this.#lines.length < MAX_LINES) this.#lines.push(line);
    }
    return undefined;
  }
}

/** True when the octets hold a result code: whoever sent them listens for AT commands. */
export function hasAtResult(bytes: Uint8Array): boolean {
  let text = '';
  for (const octet of bytes) text += String.fromCharCode(octet);
  return ANYWHERE.test(text);
}

/** Every line by which a handset tells of something by itself begins so, or is one of these words (V.250, 5.7). */
const UNSOLICITED =
  /^(?:[+^*$%#&!][A-Z][A-Z0-9_]*(?::|$)|RING$|NO CARRIER$|NO ANSWER$|NO DIALTONE$|BUSY$|CONNECT|RDY$|Call Ready$|SMS Ready$)/i;
/** Quotes and what cannot be seen are no part of a text. */
const UNSEEN = /[^\x20-\x7e]+/g;
const MAX_TEXT = 100;
/** Motorola names its frequency bands before its model. */
const MODEL_IN_LIST = /"MODEL=([^"]+)"/;

/**
 * The information text of an answer: with the command's own name before it or without, in quotes or not, and among
 * unsolicited lines. Commands are asked as `AT+CGMI`, their answers may begin with `+CGMI:` or `+GMI:`.
 */
export function informationOf({ result, lines }: AtAnswer, command: string): string | undefined {
  if (result !== 'OK') return undefined;
  const name = /^AT\+C?([A-Z]+)/i.exec(command)?.[1] ?? '';
  const own = new RegExp(`^\\+C?${name}:`, 'i');
  const named = lines.find((line) => own.test(line));
  const line = named?.replace(own, '') ?? lines.find((each) => !UNSOLICITED.test(each));
  const text = (MODEL_IN_LIST.exec(line ?? '')?.[1] ?? line)
    ?.replace(UNSEEN, ' ')
    .replaceAll('"', '')
    .trim()
    .slice(0, MAX_TEXT);
  return text === undefined || text === '' ? undefined : text;
}
