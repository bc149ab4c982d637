import { withoutSecrets } from '../base/node/shown-address.ts';
import type { Emit, UntimedEvent } from '../contract/events.ts';
import type { MessageSummary } from '../contract/message-summary.ts';
import type { SessionRow } from '../contract/sessions.ts';
import { FIRST_PHASE, OVER, type PhaseState, phaseAfterMessage } from '../dm/watcher/session-phases.ts';
import type { Direction } from '../dm/watcher/watcher.ts';
import type { SessionEnding } from '../journal/session-recorder.ts';
import type { Envelope } from '../syncml/envelope.ts';
import type { SessionAudience } from './session-audience.ts';

export interface SessionWitnessOptions {
  readonly session: SessionRow;
  readonly emit: Emit;
  readonly audience: SessionAudience;
}

/** Stands beside one session: names it in its events, and says in which phase it is. */
export class SessionWitness {
  readonly #session: SessionRow;
  readonly #emit: Emit;
  readonly #audience: SessionAudience;
  #sessionId = '';
  #phase: PhaseState = FIRST_PHASE;
  /** The last `session` event told how it ended. */
  #told = false;

  constructor({ session, emit, audience }: SessionWitnessOptions) {
    this.#session = session;
    this.#emit = emit;
    this.#audience = audience;
    audience.begun(session);
    this.#tellPhase();
  }

  readonly emit = (event: UntimedEvent): void => {
    if (event.type === 'session') {
      this.#sessionId = event.id;
      this.#told = event.state !== 'started' && event.state !== 'running';
    }
    // The address of a DMS may hold a token.
    this.#pass(event.type === 'session' ? { ...event, dms: withoutSecrets(event.dms) } : event);
  };

  /** A message has come from the handset, or is about to go to it. */
  readonly onPassing = (direction: Direction, summary: MessageSummary): void => {
    if (summary.sessionId !== '') this.#sessionId = summary.sessionId;
    const next = phaseAfterMessage(this.#phase, direction, summary);
    const { phase, unplug } = this.#phase;
    this.#phase = next;
    if (next.phase !== phase || next.unplug !== unplug) this.#tellPhase();
  };

  readonly onMessage = (envelope: Envelope, direction: Direction, summary: MessageSummary): void => {
    this.#audience.message(this.#session.key, envelope, direction, summary);
  };

  readonly onCompared = (equal: boolean): void => this.#audience.compared(this.#session.key, equal);

  /** To be called once, however it ended. */
  ended(end: SessionEnding): void {
    const { key, handset, dms } = this.#session;
    if (!this.#told) {
      const { state, code } = end;
      this.#pass({
        type: 'session',
        id: this.#sessionId,
        handset,
        dms,
        state,
        ...(code === undefined ? {} : { code }),
      });
    }
    this.#audience.ended(key, end);
    this.#phase = OVER;
    this.#tellPhase();
  }

  #tellPhase(): void {
    const { phase, unplug } = this.#phase;
    this.#pass({ type: 'phase', session: this.#sessionId, phase, unplug });
  }

  #pass(event: UntimedEvent): void {
    const { key, virtual } = this.#session;
    this.#emit({ ...event, key, ...(virtual ? { virtual } : {}) } as UntimedEvent);
  }
}
