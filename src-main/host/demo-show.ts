import type { Clock } from '../base/clock.ts';
import { isPcAgentError, PcAgentError } from '../base/errors.ts';
import type { DemoResult } from '../contract/demo-result.ts';
import type { DemoView } from '../contract/demo-view.ts';
import type { UntimedEvent } from '../contract/events.ts';
import type { HostChange } from '../contract/host-state.ts';
import type { DemoAudience } from './demo/demo-options.ts';
import { runDemo } from './demo/run-demo.ts';
import type { LiveSessions } from './live-sessions.ts';
import type { CallContext } from './request-desk.ts';

export interface DemoShowOptions {
  readonly clock: Pick<Clock, 'now'>;
  readonly live: LiveSessions;
  readonly onChange: (change: HostChange) => void;
}

/** Errors that a face gets; the oldest go first. */
const MAX_ERRORS = 20;

/** The demo as this host shows it: its own state, and its sessions among the host's. */
export class DemoShow {
  readonly #options: DemoShowOptions;
  #view: DemoView | undefined;
  #sessions = 0;

  constructor(options: DemoShowOptions) {
    this.#options = options;
  }

  get state(): { readonly demo?: DemoView } {
    return this.#view === undefined ? {} : { demo: this.#view };
  }

  /** One at a time. A demo that cannot run is a result like another. @throws PcAgentError `demo/running`; AbortError */
  async run({ emit, signal }: CallContext): Promise<DemoResult> {
    if (this.#view?.state === 'running') {
      throw new PcAgentError('demo/running', 'the demo is running already', { retry: 'later' });
    }
    for (const key of this.#view?.sessions ?? []) this.#options.live.forget(key);
    this.#tell({ state: 'running', acts: [], sessions: [], errors: [] });
    const shown = (event: UntimedEvent) => {
      // Where the virtual peers listen is nobody's business but the demo's.
      if (event.type === 'listening') return;
      this.#take(event);
      emit({ ...event, virtual: true });
    };
    try {
      const audience = this.#audience();
      const options = { handsets: 1, acts: ['relay', 'cache', 'offline'] } as const;
      const result = await runDemo(options, { emit: shown, signal, audience, sessionKey: this.#nextKey });
      this.#finish(result);
      return result;
    } catch (error) {
      const code = isPcAgentError(error) ? error.code : signal.aborted ? 'demo/cancelled' : 'host/unexpected';
      const message = error instanceof Error ? error.message : String(error);
      if (isPcAgentError(error)) shown({ type: 'error', code, message });
      const result: DemoResult = { ok: false, code, message, handsets: [], transparent: null };
      this.#finish(result);
      if (!isPcAgentError(error)) throw error;
      return result;
    }
  }

  /** Keys are not used again while the host runs: a face may still look at an earlier demo. */
  readonly #nextKey = (): string => {
    this.#sessions += 1;
    return `demo-${this.#sessions}`;
  };

  #audience(): DemoAudience {
    const { live } = this.#options;
    return {
      begun: (session) => {
        live.begun(session);
        if (this.#view !== undefined) this.#tell({ ...this.#view, sessions: [...this.#view.sessions, session.key] });
      },
      message: (...seen) => live.message(...seen),
      compared: (...seen) => live.compared(...seen),
      proven: (...seen) => live.proven(...seen),
      ended: (...seen) => live.ended(...seen),
    };
  }

  #take(event: UntimedEvent): void {
    const view = this.#view;
    if (view === undefined) return;
    if (event.type === 'act') {
      const { act, state } = event;
      const others = view.acts.filter((each) => each.act !== act);
      this.#tell({ ...view, acts: [...others, { act, state }] });
    } else if (event.type === 'error') {
      const timed = { ...event, time: this.#options.clock.now().toISOString() };
      this.#tell({ ...view, errors: [...view.errors, timed].slice(-MAX_ERRORS) });
    }
  }

  #finish(result: DemoResult): void {
    if (this.#view !== undefined) this.#tell({ ...this.#view, state: result.ok ? 'done' : 'failed', result });
  }

  #tell(view: DemoView): void {
    this.#view = view;
    this.#options.onChange({ kind: 'demo', demo: view });
  }
}
