import { jsonOf } from '../base/json.ts';
import { VERSION } from '../base/version.ts';
import { type FaceFrame, Greeting, type Hello, HostFrame } from '../contract/frames.ts';
import { type HostState, stateAfter } from '../contract/host-state.ts';
import { CONTRACT_VERSION } from '../contract/version.ts';
import type { FaceEnd } from './face-relay.ts';

export interface HostWatchOptions {
  readonly send: (end: FaceEnd, text: string) => void;
  /** The state after each change; `undefined` while there is no host. */
  readonly onState: (state: HostState | undefined) => void;
}

/** The shell's own face: it knows what is under way, for the tray, the close guard and the machine's sleep. */
export class HostWatch implements FaceEnd {
  readonly #options: HostWatchOptions;
  #greeted = false;
  #state: HostState | undefined;

  constructor(options: HostWatchOptions) {
    this.#options = options;
  }

  get state(): HostState | undefined {
    return this.#state;
  }

  /** Asks for the state; again after each loss. */
  begin(): void {
    this.#greeted = false;
    this.#say({ kind: 'hello', contract: CONTRACT_VERSION, version: VERSION, face: 'shell' });
  }

  frame(text: string): void {
    const value = jsonOf(text);
    if (!this.#greeted) {
      this.#greeted = Greeting.safeParse(value).data?.kind === 'welcome';
      if (this.#greeted) this.#say({ kind: 'follow', events: false });
      return;
    }
    const { data } = HostFrame.safeParse(value);
    if (data?.kind === 'snapshot') this.#become(data.state);
    if (data?.kind === 'change' && this.#state !== undefined) this.#become(stateAfter(this.#state, data.change));
  }

  lost(): void {
    this.#greeted = false;
    this.#become(undefined);
  }

  #become(state: HostState | undefined): void {
    this.#state = state;
    this.#options.onState(state);
  }

  #say(frame: Hello | FaceFrame): void {
    this.#options.send(this, JSON.stringify(frame));
  }
}
