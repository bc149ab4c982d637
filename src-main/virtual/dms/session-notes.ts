import { hexOf } from '../../base/bytes.ts';
import type { SessionOutcome } from '../../dm/session-outcome.ts';
import type { Direction } from '../../dm/watcher/watcher.ts';
import type { Envelope } from '../../link/message-link.ts';
import type { DmServiceOptions } from './dm-service-options.ts';
import type { OpenSession } from './dm-session.ts';

/** The events of sessions: what this end saw. */
export class SessionNotes {
  readonly #options: Pick<DmServiceOptions, 'emit' | 'digest'>;

  constructor(options: Pick<DmServiceOptions, 'emit' | 'digest'>) {
    this.#options = options;
  }

  message(open: OpenSession, direction: Direction, envelope: Envelope): void {
    const { summary } = open.watcher.observe(direction, envelope);
    this.#options.emit({
      type: 'message',
      session: open.header.sessionId,
      direction,
      package: summary.package,
      msgId: summary.readable ? summary.msgId : -1,
      bytes: envelope.body.length,
      sha256: hexOf(this.#options.digest.sha256(envelope.body)),
      contentType: envelope.contentType,
      device: open.header.source.uri,
    });
  }

  end(open: OpenSession, outcome: SessionOutcome): void {
    const { header, account } = open;
    const alerts = open.alerts.map(({ resultCode, operation, correlator }) => ({
      resultCode,
      uri: operation,
      correlator,
    }));
    this.#options.emit({
      type: 'session',
      id: header.sessionId,
      handset: header.source.uri,
      dms: account.serverId,
      state: endState(outcome),
      alerts: [...alerts, ...open.firmware.reports],
      ...(outcome.code === undefined ? {} : { code: outcome.code }),
    });
  }

  error(code: string, message: string, offset?: number): void {
    this.#options.emit({ type: 'error', code, message, ...(offset === undefined ? {} : { offset }) });
  }
}

export function endState(outcome: SessionOutcome): 'done' | 'aborted' | 'failed' {
  if (outcome.ok) return 'done';
  return outcome.code === 'dm/aborted' ? 'aborted' : 'failed';
}
