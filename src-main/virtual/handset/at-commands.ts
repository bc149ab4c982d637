import { textOf, utf8 } from '../../base/bytes.ts';
import type { HandsetLabel } from './capability-object.ts';
import type { FaultBoard } from './fault-board.ts';

export interface AtCommandsOptions {
  /** Who it says it is. */
  readonly about: () => HandsetLabel;
  /** The command that starts OBEX; default `AT+CPROT=0` (3GPP TS 27.007, 8.42). */
  readonly start?: string;
  /** Whether noise is echoed too, as modems do that know nothing but commands; default: only text. */
  readonly echoNoise?: boolean;
  /** What it does wrong now; default: nothing. */
  readonly faults?: Pick<FaultBoard, 'has'>;
}

/** A longer line is none of ours. */
const MAX_LINE = 256;
const CR = 0x0d;
/** What a handset tells by itself, in the middle of anything (3GPP TS 27.007, 7.2 and 7.5; a maker's). */
const UNASKED = ['RING', '+CREG: 1', '^SYSINFO: 2,3,0,5,1'] as const;
/** Of an answer that has no end. */
const ENDLESS = 1024 * 1024;

/** A modem's command line, as far as a handset needs it to be found and brought to OBEX (V.250; spec sheet obex, 8). */
export class AtCommands {
  readonly #options: AtCommandsOptions;
  readonly #start: string;
  #echo = true;
  #line: number[] = [];
  #answers: Uint8Array[] = [];
  #started = false;

  constructor(options: AtCommandsOptions) {
    this.#options = options;
    this.#start = (options.start ?? 'AT+CPROT=0').toUpperCase();
  }

  /** True after the command that starts OBEX. */
  get started(): boolean {
    return this.#started;
  }

  /** Listens for commands again. */
  reset(): void {
    this.#started = false;
    this.#line = [];
  }

  /**
   * One octet from the line.
   * @param quiet no echo: a peer that speaks OBEX would take it for an answer.
   * @returns true when it ended a command.
   */
  add(octet: number, quiet: boolean): boolean {
    if (!quiet && !this.#started && this.#echoes(octet)) this.#answers.push(Uint8Array.of(octet));
    if (octet !== CR) {
      this.#line.push(octet);
      if (this.#line.length > MAX_LINE) this.#line = [];
      return false;
    }
    const line = textOf(Uint8Array.from(this.#line));
    this.#line = [];
    // What noise left in the line before the command counts for nothing.
    const command = /AT[^\0]*$/i.exec(line)?.[0].trim().toUpperCase();
    if (command === undefined) return false;
    this.#run(command);
    return true;
  }

  /** What has to be sent for what was added. */
  takeAnswers(): readonly Uint8Array[] {
    const answers = this.#answers;
    this.#answers = [];
    return answers;
  }

  #echoes(octet: number): boolean {
    if (this.#fails('at-mute')) return false;
    const text = octet === CR || (octet >= 0x20 && octet < 0x7f);
    return (this.#echo || this.#fails('at-echo')) && (text || this.#options.echoNoise === true);
  }

  #run(command: string): void {
    if (this.#fails('at-mute')) return;
    if (this.#fails('at-endless')) {
      this.#answers.push(new Uint8Array(ENDLESS).fill(0x41));
      return;
    }
    this.#started = command === this.#start;
    for (const text of this.#started ? ['CONNECT'] : this.#answerTo(command)) {
      if (this.#fails('at-babble')) for (const unasked of UNASKED) this.#say(unasked);
      this.#say(text);
    }
  }

  #answerTo(command: string): readonly string[] {
    const { manufacturer, model, firmware, imei } = this.#options.about();
    switch (command) {
      case 'ATZ':
      case 'ATE1':
        this.#echo = true;
        return ['OK'];
      case 'ATE0':
        this.#echo = false;
        return ['OK'];
      case 'AT':
        return ['OK'];
      case 'ATI':
        return [manufacturer, model, firmware, 'OK'];
      case 'AT+CGMI':
      case 'AT+GMI':
        return [manufacturer, 'OK'];
      case 'AT+CGMM':
      case 'AT+GMM':
        return [model, 'OK'];
      case 'AT+CGMR':
      case 'AT+GMR':
        return [firmware, 'OK'];
      case 'AT+CGSN':
      case 'AT+GSN':
        return [imei, 'OK'];
      case 'AT+CGSN=1':
        // 3GPP TS 27.007, 5.4: asked for the IMEI, it is named.
        return [`+CGSN: "${imei}"`, 'OK'];
      default:
        return ['ERROR'];
    }
  }

  #fails(fault: string): boolean {
    return this.#options.faults?.has(fault) === true;
  }

  #say(text: string): void {
    this.#answers.push(utf8(`\r\n${text}\r\n`));
  }
}
