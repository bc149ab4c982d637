import { hexOf } from '../base/bytes.ts';
import type { MessageSummary } from '../contract/message-summary.ts';
import { type Direction, Watcher } from '../dm/watcher/watcher.ts';
import type { Envelope } from '../link/message-link.ts';
import { IGNORED, type ManagedOutcome, type ManageOptions } from './manage-options.ts';

/** What is told of one session: its state, and each message. */
export class ConversationLog<T> {
  readonly #options: ManageOptions<T>;
  readonly #watcher = new Watcher();
  /** The SessionID; the notification's until the handset has spoken, and empty without one. */
  id: string;

  constructor(options: ManageOptions<T>, id: string) {
    this.#options = options;
    this.id = id;
  }

  /** What a message is that has come, or is about to go. */
  see(direction: Direction, envelope: Envelope): MessageSummary {
    const { summary } = this.#watcher.observe(direction, envelope);
    this.#options.onPassing?.(direction, summary);
    return summary;
  }

  note(direction: Direction, envelope: Envelope, summary: MessageSummary): void {
    this.#options.emit({
      type: 'message',
      session: this.id,
      direction,
      package: summary.package,
      msgId: summary.readable ? summary.msgId : -1,
      bytes: envelope.body.length,
      sha256: hexOf(this.#options.digest.sha256(envelope.body)),
      contentType: envelope.contentType,
    });
    this.#options.onMessage?.(envelope, direction, summary);
  }

  /** @param triesFollow a notification that was ignored is no news yet: the end of the session says it beside. */
  tell(outcome: ManagedOutcome<T>, triesFollow: boolean): void {
    const { code, message } = outcome;
    const quiet = code === IGNORED && triesFollow;
    if (code !== undefined && !outcome.cancelled && !quiet) {
      this.#options.emit({ type: 'error', code, message: message ?? code });
    }
    const state = outcome.ok ? 'done' : outcome.cancelled || code === 'dm/aborted' ? 'aborted' : 'failed';
    const more = code === undefined ? {} : { code };
    this.state(state, quiet ? { ...more, reason: message ?? code } : more);
  }

  state(
    state: 'started' | 'running' | 'done' | 'failed' | 'aborted',
    more: Readonly<Record<string, unknown>> = {},
  ): void {
    const { emit, account, via } = this.#options;
    const handset = via.kind === 'link' ? via.address : via.address.text;
    emit({ type: 'session', id: this.id, handset, dms: account.serverId, state, ...more });
  }
}
