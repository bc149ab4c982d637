import type { MessageBoxOptions } from 'electron';
import type { Catalogue } from '../wording/catalogue.ts';
import { isAtRisk, type Risk } from './risk.ts';

export interface CloseGuardOptions {
  readonly words: Catalogue['shell'];
  /** What ending now would cut off. */
  readonly risk: () => Risk;
  /** Asks the person. @returns the number of the button */
  readonly ask: (question: MessageBoxOptions) => Promise<number>;
  /** Ends the program; comes back to the guard, which then lets it pass. */
  readonly quit: () => void;
}

/** Buttons of the question, in their order. */
const STAY = 0;
const LEAVE = 1;

/** Stands between a person who closes and phones that would suffer. */
export class CloseGuard {
  readonly #options: CloseGuardOptions;
  #asking = false;
  #agreed = false;

  constructor(options: CloseGuardOptions) {
    this.#options = options;
  }

  /** A window is about to close, or the program to end: holds it back while work is at risk, and asks once. */
  check(event: { preventDefault(): void }): void {
    const risk = this.#options.risk();
    if (this.#agreed || !isAtRisk(risk)) return;
    event.preventDefault();
    if (!this.#asking) void this.#ask(risk);
  }

  /** Nobody is there to be asked, or the person has agreed: the next check passes. */
  agree(): void {
    this.#agreed = true;
  }

  async #ask(risk: Risk): Promise<void> {
    this.#asking = true;
    try {
      this.#agreed = (await this.#options.ask(closeQuestion(this.#options.words, risk))) === LEAVE;
    } finally {
      this.#asking = false;
    }
    if (this.#agreed) this.#options.quit();
  }
}

/** The question names the phones; what happens without an answer is that nothing ends. */
export function closeQuestion({ close }: Catalogue['shell'], { unsafe, busy, tasks }: Risk): MessageBoxOptions {
  const detail = [
    ...(unsafe.length > 0 ? [close.unsafe(unsafe)] : []),
    ...(busy.length > 0 ? [close.busy(busy)] : []),
    ...(tasks > 0 ? [close.tasks(tasks)] : []),
  ];
  return {
    type: 'warning',
    title: close.title,
    message: close.title,
    detail: detail.join('\n'),
    buttons: [close.stay, close.leave],
    defaultId: STAY,
    cancelId: STAY,
    noLink: true,
  };
}
