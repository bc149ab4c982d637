import type { Emit } from '../../contract/events.ts';
import type { RelaySessionOptions } from '../../relay/relay-session.ts';
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
}

export interface DemoContext {
  readonly emit: Emit;
  /** Sees each message that passes here, right after its event. */
  readonly onMessage?: RelaySessionOptions['onMessage'];
  readonly signal: AbortSignal;
}
