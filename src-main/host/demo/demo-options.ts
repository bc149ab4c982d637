import type { Emit } from '../../contract/events.ts';
import type { Evidence } from '../../contract/sessions.ts';
import type { SessionAudience } from '../../operations/session-audience.ts';
import type { DemoBearer } from './demo-place.ts';

export type DemoAct = 'relay' | 'cache' | 'offline';

export interface DemoOptions {
  readonly handsets: number;
  /** In the order of the plot, whatever the order here: relay, cache, offline. */
  readonly acts: readonly DemoAct[];
  /** How the handsets are reached; default tcp. */
  readonly bearer?: DemoBearer;
  /** A fault by name, with its value if it has one: of the relay, of the handsets, or of the DMS (`dms-…`). */
  readonly fault?: { readonly name: string; readonly value?: string };
  /** A profile of the handsets or of the DMS, by its name. */
  readonly profile?: string;
}

/** Looks on at the demo's sessions. */
export interface DemoAudience extends SessionAudience {
  /** What both ends wrote of a relayed session was compared. */
  proven(key: string, evidence: Evidence): void;
}

export interface DemoContext {
  readonly emit: Emit;
  readonly signal: AbortSignal;
  readonly audience?: DemoAudience;
  /** Names the next session; default `demo-1`, `demo-2` and so on. */
  readonly sessionKey?: () => string;
}
