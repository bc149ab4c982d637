import { textOf, utf8 } from '../../base/bytes.ts';

export interface AtCommandsOptions {
  /** What AT+GMI answers. */
  readonly maker: string;
  /** The command that starts OBEX; default `AT+CPROT=0` (3GPP TS 27.007, 8.42). */
  readonly start?: string;
}

/** A longer line is none of ours. */
const MAX_LINE = 256;
const CR = 0x0d;

/** A modem's command line, as far as a handset needs it to be brought to OBEX (ITU-T V.250; spec sheet obex, 8). */
export class AtCommands {
  readonly #maker: string;
  readonly #start: string;
  #echo = true;
  #line: number[] = [];
  #answers: Uint8Array[] = [];
  #started = false;

  constructor(options: AtCommandsOptions) {
    this.#maker = options.maker;
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

  /** One octet from the line. @returns true when it ended a command. */
  add(octet: number): boolean {
    if (this.#echo && !this.#started) this.#answers.push(Uint8Array.of(octet));
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

  #run(command: string): void {
    this.#started = command === this.#start;
    if (this.#started) this.#say('CONNECT');
    else for (const text of this.#answerTo(command)) this.#say(text);
  }

  #answerTo(command: string): readonly string[] {
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
      case 'AT+GMI':
        return [this.#maker, 'OK'];
      default:
        return ['ERROR'];
    }
  }

  #say(text: string): void {
    this.#answers.push(utf8(`\r\n${text}\r\n`));
  }
}
