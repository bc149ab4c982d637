import { isAbort, isPcAgentError } from '../base/errors.ts';
import { withoutSecrets } from '../base/node/shown-address.ts';
import type { SessionStart } from '../journal/journal.ts';
import type { SessionEnding, SessionRecorder } from '../journal/session-recorder.ts';
import type { Engine, WorkContext } from './engine.ts';
import { SessionWitness } from './session-witness.ts';

/** What a session of either kind is given, so that journal and faces have it. */
export interface JournalledSession extends Pick<SessionWitness, 'emit' | 'onPassing' | 'onMessage' | 'onCompared'> {
  /** Only the first call counts. */
  ended(end: SessionEnding): void;
  /** As `ended`, for a session that came to its end by what was thrown. */
  broken(error: unknown): void;
}

/** A session begins: in the journal, and before the faces. */
export function journalledSession(
  { journal, clock }: Pick<Engine, 'journal' | 'clock'>,
  start: SessionStart,
  context: WorkContext,
): JournalledSession {
  const startedAt = clock.now().toISOString();
  const record: SessionRecorder = journal.sessionStarted(start);
  const { device, ...rest } = start;
  const witness = new SessionWitness({
    session: {
      key: String(record.number),
      sessionId: '',
      ...rest,
      dms: withoutSecrets(start.dms),
      ...(device === undefined ? {} : { device }),
      startedAt,
      state: 'started',
    },
    emit: context.emit,
    audience: context.audience,
  });
  let over = false;
  const ended = (end: SessionEnding): void => {
    if (over) return;
    over = true;
    record.sessionEnded(end);
    witness.ended(end);
  };
  return {
    emit: witness.emit,
    onPassing: witness.onPassing,
    onCompared: witness.onCompared,
    onMessage(envelope, direction, summary) {
      record.message(envelope, direction, summary);
      witness.onMessage(envelope, direction, summary);
    },
    ended,
    broken: (error) => ended(brokenBy(error)),
  };
}

function brokenBy(error: unknown): SessionEnding {
  if (isAbort(error)) return { state: 'aborted', code: 'relay/cancelled' };
  return { state: 'failed', code: isPcAgentError(error) ? error.code : undefined };
}
