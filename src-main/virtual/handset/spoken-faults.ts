import { z } from 'zod';
import { isPcAgentError } from '../../base/errors.ts';
import type { Emit } from '../../contract/events.ts';
import { type FaultBoard, readFaults } from './fault-board.ts';

export interface SpokenFaultsOptions {
  readonly board: FaultBoard;
  /** Lines are JSON objects and answers events; else both are for a terminal. */
  readonly json: boolean;
  readonly emit: Emit;
  /** A line for people. */
  readonly note: (text: string) => void;
  /** Of the handset, for its events. */
  readonly who: () => { readonly device: string; readonly address: string };
}

/** `request` comes back in the event that answers. */
const Order = z.strictObject({
  faults: z.array(z.string().max(1000)).max(50),
  request: z.string().max(100).exactOptional(),
});

const TYPED = /^\s*faults?(?:\s+(.*))?$/s;

/**
 * What a virtual handset is told to do wrong while it runs: a line `{"faults": ["slow-link=2000"]}`, or typed as
 * `fault slow-link=2000 vanish=3`, `fault none`, and `fault` alone to see what is set. Each line names all of them.
 */
export class SpokenFaults {
  readonly #options: SpokenFaultsOptions;
  /** Of the line that is being obeyed. */
  #request: string | undefined;

  constructor(options: SpokenFaultsOptions) {
    this.#options = options;
    options.board.onChange(() => this.#tell());
  }

  /** Whether the line was about faults. */
  take(line: string): boolean {
    return this.#options.json ? this.#takeJson(line) : this.#takeTyped(line);
  }

  #takeJson(line: string): boolean {
    let value: unknown;
    try {
      value = JSON.parse(line);
    } catch {
      return false;
    }
    if (typeof value !== 'object' || value === null || !('faults' in value)) return false;
    const { success, data } = Order.safeParse(value);
    if (success) this.#set(data.faults, data.request);
    else this.#refuse('the line is no list of faults', undefined);
    return true;
  }

  #takeTyped(line: string): boolean {
    const typed = TYPED.exec(line);
    if (typed === null) return false;
    const words = (typed[1] ?? '').split(/\s+/).filter(Boolean);
    if (words.length === 0) this.#tell();
    else this.#set(words.join() === 'none' ? [] : words, undefined);
    return true;
  }

  #set(texts: readonly string[], request: string | undefined): void {
    const { board } = this.#options;
    try {
      const choices = readFaults(texts);
      this.#request = request;
      board.set(choices);
    } catch (error) {
      if (!isPcAgentError(error)) throw error;
      this.#refuse(error.message, request);
    } finally {
      this.#request = undefined;
    }
  }

  #tell(): void {
    const { board, emit, json, note, who } = this.#options;
    const faults = [...board.texts];
    const request = this.#request === undefined ? {} : { request: this.#request };
    if (json) emit({ type: 'handset', ...who(), state: 'faults', virtual: true, faults, ...request });
    else note(faults.length === 0 ? 'faults: none' : `faults: ${faults.join(' ')}`);
  }

  #refuse(message: string, request: string | undefined): void {
    const { emit } = this.#options;
    emit({ type: 'error', code: 'virtual/fault-unknown', message, ...(request === undefined ? {} : { request }) });
  }
}
