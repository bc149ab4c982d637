import { randomUUID } from 'node:crypto';
import type { Clock } from '../base/clock.ts';
import { seconds } from '../base/durations.ts';
import type { Air, AirPhone, AirView, AskPairing, PairingAnswer, PairingQuestion } from '../bearer/air/air.ts';
import { unseenPhones } from '../bearer/air/phone-discovery.ts';
import type { AirPhone as PhoneView, AirView as View } from '../contract/air.ts';
import type { HostChange, HostState } from '../contract/host-state.ts';
import type { Prompt, PromptAnswer } from '../contract/prompts.ts';
import { airView, phoneView } from './air-view.ts';
import type { Handlers } from './request-desk.ts';

export interface AirDeskOptions {
  readonly air: Air;
  readonly clock: Pick<Clock, 'now'>;
  readonly changed: (change: HostChange) => void;
  /** Calls a phone and asks for its services, so that it is seen; fails when it is not there. */
  readonly call: (address: string, signal: AbortSignal) => Promise<unknown>;
  /** Puts a question to whoever is at a face; `undefined`: it is not wanted any more. */
  readonly ask: (prompt: Prompt, signal: AbortSignal) => Promise<PromptAnswer | undefined>;
}

export type AirRequests = 'air.look' | 'air.search' | 'air.pair' | 'air.forget' | 'air.show';

/** One inquiry takes 10.24 s (Core Specification, volume 3, part C, 4.1.2), and names come after it. */
const SEARCH_SECONDS = 15;
/** Phones that are called after it, one after the other: each that is away takes some five seconds. */
const MOST_CALLS = 8;
const CALL_LIMIT = seconds(8);
const CALLS_LIMIT = seconds(20);
const SHOW_SECONDS = 120;
/** As long as the Bluetooth service waits for an answer. */
const ANSWER_SECONDS = 60;

/** Bluetooth for the faces: what is around, and pairing with a person who answers. */
export class AirDesk {
  readonly handlers: Pick<Handlers, AirRequests>;
  readonly #options: AirDeskOptions;
  #view: View | undefined;
  #told = '';
  #unfollow: (() => void) | undefined;

  constructor(options: AirDeskOptions) {
    this.#options = options;
    this.handlers = this.#handlers();
  }

  get state(): Pick<HostState, 'air'> {
    return this.#view === undefined ? {} : { air: this.#view };
  }

  /** What is around is told of while faces follow. */
  followed(faces: number): void {
    if (faces > 0) this.#unfollow ??= this.#options.air.follow((view) => this.#tell(view));
    if (faces > 0 || this.#unfollow === undefined) return;
    this.#unfollow();
    this.#unfollow = undefined;
  }

  close(): void {
    this.followed(0);
  }

  #tell(view: AirView): void {
    const told = airView(view);
    const text = JSON.stringify(told);
    this.#view = told;
    if (text === this.#told) return;
    this.#told = text;
    this.#options.changed({ kind: 'air', air: told });
  }

  #handlers(): Pick<Handlers, AirRequests> {
    const { air } = this.#options;
    return {
      'air.look': async (_params, { signal }) => ({ air: airView(await air.look(signal)) }),
      'air.search': ({ seconds: length = SEARCH_SECONDS }, { signal, part }) => this.#search(length, part, signal),
      'air.pair': async ({ address }, { signal }) => ({
        phone: phoneView(await air.pair(plain(address), { ask: this.#ask, signal })),
      }),
      'air.forget': async ({ address }, { signal }) => {
        await air.forget(plain(address), signal);
        return { forgotten: plain(address) };
      },
      'air.show': async ({ seconds: length = SHOW_SECONDS }, { signal }) => {
        await air.show({ limit: seconds(length), ask: this.#ask, signal });
        signal.throwIfAborted();
        return {};
      },
    };
  }

  async #search(
    length: number,
    part: (phone: PhoneView) => Promise<void>,
    signal: AbortSignal,
  ): Promise<{ air: View }> {
    const { air } = this.#options;
    const told = new Map<string, string>();
    const began = this.#options.clock.now().toISOString();
    const tell = ({ phones }: AirView): void => {
      for (const phone of phones.map(phoneView)) {
        // Each once, and again when its name has come: how strong it is differs all the time.
        const text = JSON.stringify([phone.name, phone.paired, phone.speaksDm]);
        if (!((phone.seenAt ?? '') >= began) || told.get(phone.address) === text) continue;
        told.set(phone.address, text);
        void part(phone).catch(() => undefined);
      }
    };
    const unfollow = air.follow(tell);
    try {
      const view = await air.search({ limit: seconds(length), signal });
      signal.throwIfAborted();
      tell(view);
      await this.#callUnseen(view, signal);
      const now = await air.look(signal);
      tell(now);
      return { air: airView(now) };
    } finally {
      unfollow();
    }
  }

  /** A phone that is paired answers a call also when it is visible to nobody. */
  async #callUnseen(view: AirView, signal: AbortSignal): Promise<void> {
    const { call, clock } = this.#options;
    const over = AbortSignal.any([signal, AbortSignal.timeout(CALLS_LIMIT)]);
    for (const { address } of unseenPhones(view, clock.now()).slice(0, MOST_CALLS)) {
      if (over.aborted) break;
      await call(address, AbortSignal.any([over, AbortSignal.timeout(CALL_LIMIT)])).catch(() => undefined);
    }
    signal.throwIfAborted();
  }

  readonly #ask: AskPairing = async (question, phone, signal) => {
    const { clock, ask } = this.#options;
    const until = new Date(clock.now().getTime() + seconds(ANSWER_SECONDS)).toISOString();
    return answerOf(await ask(promptOf(question, phone, until), signal), question);
  };
}

/** `bluetooth:` is how it is dialled. */
function plain(address: string): string {
  return address.replace(/^bluetooth:/i, '').toUpperCase();
}

function promptOf(question: PairingQuestion, { address, name }: AirPhone, until: string): Prompt {
  return {
    kind: 'pairing',
    id: `pairing-${randomUUID()}`,
    device: `bluetooth:${address}`,
    text: name ?? address,
    until,
    question: question.kind,
    ...('code' in question ? { code: question.code } : {}),
  };
}

function answerOf(said: PromptAnswer | undefined, { kind }: PairingQuestion): PairingAnswer {
  if (said === undefined || 'chosen' in said) return undefined;
  if ('text' in said) return said.text;
  if (said.answer === 'accept') return true;
  // A code that is shown asks nothing: to break it off is a No.
  return said.answer === 'reject' || kind === 'show' ? false : undefined;
}
