import { deviceKey } from '../../base/device-key.ts';
import type { Header } from '../../syncml/model.ts';
import type { OpenSession } from './dm-session.ts';
import { sessionKey } from './dm-session.ts';

/** A handset that says nothing for so long, in milliseconds, has left its session. */
const QUIET = 60_000;
/** Sessions kept; the oldest gives way. */
const MAX_SESSIONS = 1000;

/** The sessions of a server, those that have ended among them: a handset may say its last message again. */
export class SessionTable {
  readonly #sessions = new Map<string, OpenSession>();

  find(header: Pick<Header, 'source' | 'sessionId'>): OpenSession | undefined {
    return this.#sessions.get(sessionKey(header));
  }

  /** One that has not ended, by what a relay saw of it. */
  lost(device: string, sessionId: string): OpenSession | undefined {
    const key = deviceKey(device);
    return [...this.#sessions.values()].find(
      ({ header, ended }) =>
        !ended && header.sessionId.trim() === sessionId.trim() && deviceKey(header.source.uri) === key,
    );
  }

  add(open: OpenSession): void {
    this.#sessions.set(sessionKey(open.header), open);
  }

  delete({ header }: OpenSession): void {
    this.#sessions.delete(sessionKey(header));
  }

  /** The one that has to give way to another. */
  oldestIfFull(): OpenSession | undefined {
    return this.#sessions.size < MAX_SESSIONS ? undefined : this.#sessions.values().next().value;
  }

  /** Those that the handset of a session has left: it had others, and was not heard there for so many milliseconds. */
  leftFor(open: OpenSession, quiet: number): readonly OpenSession[] {
    const key = deviceKey(open.header.source.uri);
    const since = performance.now() - quiet;
    return [...this.#sessions.values()].filter(
      (each) => each !== open && !each.ended && each.lastHeard <= since && deviceKey(each.header.source.uri) === key,
    );
  }

  /** Sessions of which more is to be expected. */
  running(): number {
    const since = performance.now() - QUIET;
    return [...this.#sessions.values()].filter(({ ended, lastHeard }) => !ended && lastHeard > since).length;
  }

  /** What handsets that have left would go on holding; should one come back, it is read again. */
  releaseQuiet(): void {
    const since = performance.now() - QUIET;
    for (const { ended, lastHeard, packages } of this.#sessions.values()) {
      if (!ended && lastHeard <= since) packages.release();
    }
  }
}
