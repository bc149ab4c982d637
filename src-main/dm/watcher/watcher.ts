import type { MessageSummary } from '../../contract/message-summary.ts';
import { Alert } from '../../syncml/alert.ts';
import type { Envelope } from '../../syncml/envelope.ts';
import type { Command } from '../../syncml/model.ts';
import { Status } from '../../syncml/status.ts';
import { notificationSessionText } from '../notification/notification.ts';
import { type ObjectProgress, ObjectTracker } from './object-progress.ts';
import type { Outline, StatusGist } from './outline.ts';
import { FIRST_PACKAGE, nextPackage, type PackageState } from './package-machine.ts';
import { type Glance, glanceAt, type Reading, readMessage } from './read-message.ts';
import { summaryOf, UNKNOWN_PACKAGE } from './summarise.ts';

/** The DM client is the handset, the DM server the DMS. */
export type Direction = 'to-dms' | 'to-handset';

/** Why nothing more is to come; the last of these needs the server's answer first. */
export type SessionEnd = 'completed' | 'server-abort' | 'handset-abort';

/** What the watcher knows of the session so far. */
export interface SessionView {
  /** The DM SessionID as text; of the notification until the handset has spoken. `undefined`: never seen. */
  readonly sessionId: string | undefined;
  readonly ended: SessionEnd | undefined;
  /** Some message could not be read: what was concluded from the others may be incomplete. */
  readonly blind: boolean;
  /** The Status of the latest SyncHdr that each side gave the other; 401 and 407 are refused credentials. */
  readonly headerStatus: Readonly<Record<Direction, number | undefined>>;
}

export interface Observation {
  /** 0 to 4; -1 when the message cannot be read. */
  readonly dmPackage: number;
  /** MsgID; 0 for package 0, -1 when the message cannot be read. */
  readonly msgId: number;
  /** Made when it is asked for: it costs more than all the rest, and without a page nobody reads it. */
  readonly summary: MessageSummary;
  /** A large object that moved on with this message. */
  readonly progress: ObjectProgress | undefined;
  /** Where the server, with this message, wants the next one: its RespURI, as written. */
  readonly respUri: string | undefined;
}

/**
 * Looks on while messages pass and says where the session is. It sees copies, changes nothing, asks nothing, and may
 * be wrong: what it says decides when a relay hangs up, never what it passes on.
 */
export class Watcher {
  #packages: PackageState = FIRST_PACKAGE;
  #sessionId: string | undefined;
  #ended: SessionEnd | undefined;
  #blind = false;
  /** Commands of the server's package that the handset has not answered, as `msgId:cmdId`. */
  readonly #unanswered = new Set<string>();
  readonly #headerStatus: Record<Direction, number | undefined> = { 'to-dms': undefined, 'to-handset': undefined };
  readonly #lastMsgId: Record<Direction, number | undefined> = { 'to-dms': undefined, 'to-handset': undefined };
  readonly #objects = { 'to-dms': new ObjectTracker(), 'to-handset': new ObjectTracker() };

  get view(): SessionView {
    return {
      sessionId: this.#sessionId,
      ended: this.#ended,
      blind: this.#blind,
      headerStatus: { ...this.#headerStatus },
    };
  }

  get ended(): SessionEnd | undefined {
    return this.#ended;
  }

  get sessionId(): string | undefined {
    return this.#sessionId;
  }

  /** @param glance what was seen of it already, by somebody who had to know. */
  observe(direction: Direction, envelope: Envelope, glance: Glance = glanceAt(envelope)): Observation {
    const whole = new WholeReading(envelope);
    switch (glance.kind) {
      case 'notification':
        this.#sessionId ??= notificationSessionText(glance.notification.sessionId);
        return new Seen(whole, 0, 0);
      case 'unread':
        this.#passUnread(direction);
        return new Seen(whole, UNKNOWN_PACKAGE, -1);
      case 'message': {
        const { msgId, respUri } = glance.header;
        const progress = this.#observeMessage(direction, glance, whole);
        const dmPackage = direction === 'to-dms' ? this.#packages.client : this.#packages.server;
        const address = direction === 'to-handset' ? respUri?.trim() : undefined;
        const shownId = Number.isSafeInteger(msgId) ? msgId : -1;
        return new Seen(whole, dmPackage, shownId, progress, address === '' ? undefined : address);
      }
    }
  }

  /** A message that cannot be read is taken for a whole package, so that those after it are counted right. */
  #passUnread(direction: Direction): void {
    this.#blind = true;
    const from = direction === 'to-dms' ? 'client' : 'server';
    // An unread package 0 is no message of the server's: nobody has spoken yet.
    if (from === 'server' && this.#packages.client === 0) return;
    this.#packages = nextPackage(this.#packages, { from, final: true, starts: false, challenges: false });
  }

  #observeMessage(direction: Direction, glance: MessageGlance, whole: WholeReading): ObjectProgress | undefined {
    const { header, outline } = glance;
    if (direction === 'to-dms' && this.#packages.client === 0) this.#sessionId = header.sessionId;
    // Identical octets sent again after a loss are the same message: nothing moves on.
    if (this.#lastMsgId[direction] === header.msgId) return undefined;
    this.#lastMsgId[direction] = header.msgId;
    const { final, statuses } = outline;
    const headerStatus = statuses.find(({ cmdRef, cmd }) => cmdRef === '0' || cmd === 'SyncHdr');
    if (headerStatus !== undefined) this.#headerStatus[direction] = headerStatus.code;
    const challenges = statuses.some(isChallenge);
    const from = direction === 'to-dms' ? 'client' : 'server';
    const starts = hasAlert(outline, Alert.ServerInitiatedMgmt) || hasAlert(outline, Alert.ClientInitiatedMgmt);
    const newPackage = from === 'server' && !this.#packages.serverOpen;
    this.#packages = nextPackage(this.#packages, { from, final, starts, challenges });
    if (from === 'client') this.#observeClient(outline);
    else this.#observeServer(header.msgId, outline, challenges, newPackage);
    const objects = this.#objects[direction];
    return glance.moreData || objects.open ? objects.observe(whole.commands) : undefined;
  }

  #observeClient(outline: Outline): void {
    if (this.#unanswered.size > 0) {
      for (const { msgRef, cmdRef } of outline.statuses) this.#unanswered.delete(`${msgRef}:${cmdRef}`);
    }
    if (hasAlert(outline, Alert.SessionAbort)) this.#ended = 'handset-abort';
  }

  /**
   * The session is over with a package that asks nothing (DM Protocol 1.2, 2.3). A command of an earlier message of
   * the same package counts until its Status has come. A Chal beside an accepting Status only hands over the next
   * nonce (DM Security 1.2, 5.1.4.2) and asks nothing.
   */
  #observeServer(msgId: number, outline: Outline, challenges: boolean, newPackage: boolean): void {
    const { final, asking } = outline;
    if (this.#ended === 'handset-abort') return;
    if (hasAlert(outline, Alert.SessionAbort)) {
      this.#ended = 'server-abort';
      return;
    }
    if (final && asking.length === 0 && !challenges && (newPackage || this.#unanswered.size === 0)) {
      this.#ended = 'completed';
      return;
    }
    if (newPackage) this.#unanswered.clear();
    for (const { alert, cmdId } of asking) {
      // The handset may leave the Status of a mere "go on" away.
      if (alert !== Alert.NextMessage) this.#unanswered.add(`${msgId}:${cmdId}`);
    }
  }
}

type MessageGlance = Extract<Glance, { readonly kind: 'message' }>;

function isChallenge({ hasChal, code }: StatusGist): boolean {
  return hasChal && (code === Status.InvalidCredentials || code === Status.MissingCredentials);
}

function hasAlert({ asking }: Outline, code: number): boolean {
  return asking.some(({ alert }) => alert === code);
}

/** The message with all that it carries, read when somebody asks. */
class WholeReading {
  readonly envelope: Envelope;
  #reading: Reading | undefined;

  constructor(envelope: Envelope) {
    this.envelope = envelope;
  }

  get reading(): Reading {
    this.#reading ??= readMessage(this.envelope);
    return this.#reading;
  }

  get commands(): readonly Command[] {
    return this.reading.kind === 'message' ? this.reading.message.commands : [];
  }
}

class Seen implements Observation {
  readonly dmPackage: number;
  readonly msgId: number;
  readonly progress: ObjectProgress | undefined;
  readonly respUri: string | undefined;
  readonly #whole: WholeReading;
  #summary: MessageSummary | undefined;

  constructor(whole: WholeReading, dmPackage: number, msgId: number, progress?: ObjectProgress, respUri?: string) {
    this.dmPackage = dmPackage;
    this.msgId = msgId;
    this.progress = progress;
    this.respUri = respUri;
    this.#whole = whole;
  }

  get summary(): MessageSummary {
    this.#summary ??= summaryOf(this.#whole.reading, this.#whole.envelope, this.dmPackage);
    return this.#summary;
  }
}
