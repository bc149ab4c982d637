import { ExitCode } from '../../contract/exit-codes.ts';
import type { RelayOutcome } from '../../relay/relay-outcome.ts';
import type { CommandOutcome } from '../command.ts';

/** A relay that runs for weeks keeps the last ones only. */
const MAX_SESSIONS = 1000;

/** What the sessions of one relay came to, for its `result` line. */
export class RelayResult {
  readonly #sessions: RelayOutcome[] = [];
  #count = 0;
  #failed: RelayOutcome | undefined;

  /** Sessions that took place. */
  get count(): number {
    return this.#count;
  }

  add(outcome: RelayOutcome): void {
    this.#count += 1;
    this.#sessions.push(outcome);
    if (this.#sessions.length > MAX_SESSIONS) this.#sessions.shift();
    if (outcome.state === 'failed' || outcome.state === 'aborted') this.#failed = outcome;
  }

  /** @param ended `interrupted`: the relay was told to end; `count`: its sessions are done. */
  outcome(ended: 'interrupted' | 'count'): CommandOutcome {
    const fields = { state: this.#sessions.at(-1)?.state ?? 'idle', ...this.#listed() };
    const cancelled = this.#sessions.find((session) => session.cancelled);
    // A server that is told to end between two sessions has done its duty, whatever became of earlier ones.
    const bad = cancelled ?? (ended === 'interrupted' ? undefined : this.#failed);
    if (bad === undefined) return { exitCode: ExitCode.Done, ok: true, ...fields };
    return {
      exitCode: bad.cancelled ? ExitCode.Cancelled : ExitCode.Failed,
      ok: false,
      ...(bad.code === undefined ? {} : { code: bad.code }),
      ...(bad.message === undefined ? {} : { message: bad.message }),
      ...fields,
    };
  }

  #listed(): { readonly sessions: readonly object[]; readonly sessionCount: number } {
    const sessions = this.#sessions.map(({ id, state, code, messages, bytes }) => ({
      id,
      state,
      ...(code === undefined ? {} : { code }),
      messages,
      bytes,
    }));
    return { sessions, sessionCount: this.#count };
  }
}
