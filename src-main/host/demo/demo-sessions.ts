import type { UntimedEvent } from '../../contract/events.ts';
import type { SessionAudience } from '../../operations/session-audience.ts';
import { SessionWitness } from '../../operations/session-witness.ts';
import type { DemoAudience, DemoContext } from './demo-options.ts';

const NOBODY: DemoAudience = {
  begun: () => undefined,
  message: () => undefined,
  compared: () => undefined,
  proven: () => undefined,
  ended: () => undefined,
};

/** The demo's sessions, some of which the host inside it has: to whoever looks on they are numbered in one row. */
export class DemoSessions {
  readonly audience: DemoAudience;
  readonly #context: DemoContext;
  /** Keys of the host inside, and what they are called here. */
  readonly #inner = new Map<string, string>();
  #count = 0;

  constructor(context: DemoContext) {
    this.#context = context;
    this.audience = context.audience ?? NOBODY;
  }

  /** A session that the demo relays itself. */
  relayed(handset: string, device: string, dms: string): { readonly key: string; readonly witness: SessionWitness } {
    const key = this.#nextKey();
    const startedAt = new Date().toISOString();
    const session = { key, sessionId: '', kind: 'relay', handset, device, dms, virtual: true, startedAt } as const;
    const { emit } = this.#context;
    const witness = new SessionWitness({ session: { ...session, state: 'started' }, emit, audience: this.audience });
    return { key, witness };
  }

  /** For the host inside. */
  readonly innerAudience: SessionAudience = {
    begun: (session) => {
      const key = this.#nextKey();
      this.#inner.set(session.key, key);
      this.audience.begun({ ...session, key, virtual: true });
    },
    message: (key, ...seen) => this.audience.message(this.#outer(key), ...seen),
    compared: (key, equal) => this.audience.compared(this.#outer(key), equal),
    ended: (key, end) => this.audience.ended(this.#outer(key), end),
  };

  /** Events of the host inside. */
  readonly innerEmit = (event: UntimedEvent): void => {
    const { key } = event as { readonly key?: unknown };
    this.#context.emit(typeof key === 'string' ? ({ ...event, key: this.#outer(key) } as UntimedEvent) : event);
  };

  #outer(key: string): string {
    return this.#inner.get(key) ?? key;
  }

  #nextKey(): string {
    this.#count += 1;
    return this.#context.sessionKey?.() ?? `demo-${this.#count}`;
  }
}
