import { hash } from 'node:crypto';
import { maySayTheSame } from '../base/device-key.ts';
import type { Duration } from '../base/durations.ts';
import { isAbort, isPcAgentError, PcAgentError } from '../base/errors.ts';
import type { Emit } from '../contract/events.ts';
import type { MessageSummary } from '../contract/message-summary.ts';
import { type Glance, glanceAt } from '../dm/watcher/read-message.ts';
import { type Direction, type Observation, Watcher } from '../dm/watcher/watcher.ts';
import { type DmsProfile, nextAddress } from '../dms/profile.ts';
import type { Envelope, MessageLink } from '../link/message-link.ts';
import { isLinkGone, type Reopen, type ReopenedLink } from '../link/reopened-link.ts';
import { ContentType } from '../syncml/content-type.ts';
import { CANCELLED, ENDED_UNREAD, failure, type RelayOutcome, type Verdict, verdictOf } from './relay-outcome.ts';
import { SessionLimits } from './session-limits.ts';

/** The link towards the DMS; where it posts may be moved between two messages. */
export interface Uplink extends MessageLink {
  url: URL;
}

export interface RelaySessionOptions {
  /** Towards the handset. The session closes it. */
  readonly downlink: MessageLink;
  /** Towards the DMS. The session closes it. */
  readonly uplink: Uplink;
  readonly profile: DmsProfile;
  /** Address of the handset, for the events. */
  readonly handset: string;
  /** DevId of the handset that is meant: what another one says, first or later, is not passed on. Default: whoever is there. */
  readonly device?: string;
  /** Names the session in events until the handset has said its SessionID. */
  readonly label: string;
  /**
   * Asked when the link to the handset is lost after it has spoken: over another one the last message to it is sent
   * again, byte for byte, and the session goes on (DM Protocol 1.2, 2.3.3). Default: the session has failed then.
   */
  readonly reopen?: Reopen;
  /** Package 0, sent before anything else; without it the handset begins. */
  readonly notification?: Uint8Array;
  /**
   * The handset is the OBEX client, so it is the one to hang up; else we do. Default false.
   */
  readonly handsetHangsUp?: boolean;
  /** Limit of one step. */
  readonly timeout: Duration;
  /** Limit for nothing happening. */
  readonly idle: Duration;
  readonly signal: AbortSignal;
  readonly emit: Emit;
  /** Called when a message has come from the handset, and before one goes to it. */
  readonly onPassing?: (direction: Direction, summary: MessageSummary) => void;
  /** Called after each `message` event with what was passed on and what the watcher made of it. */
  readonly onMessage?: (envelope: Envelope, direction: Direction, summary: MessageSummary) => void;
  /**
   * Told of each message but package 0 whether what came in is what was passed on: its SHA-256 before and after. Costs
   * one more digest a message.
   */
  readonly onCompared?: (equal: boolean) => void;
  /** What was seen of a handset's message already. */
  readonly takeGlance?: (envelope: Envelope) => Glance | undefined;
  /** More tries follow should the handset ignore the notification, so that is no error yet. Default false. */
  readonly triesFollow?: boolean;
  /** Changes what is passed on. Only for `demo --fault flip-byte`, which shows that the ends would notice. */
  readonly tamper?: (envelope: Envelope, direction: Direction) => Envelope;
}

/** The handset took package 0 and then had nothing to say. */
export const NOTIFICATION_IGNORED = 'relay/notification-ignored';

/**
 * Carries one DM session between a handset and a DMS and closes both links. Bodies, content types and
 * `x-syncml-hmac` pass unchanged; what goes wrong is an outcome with a code, never a SyncML message of our own.
 */
export async function relaySession(options: RelaySessionOptions): Promise<RelayOutcome> {
  return new RelaySession(options).run();
}

class RelaySession {
  readonly #options: RelaySessionOptions;
  readonly #watcher = new Watcher();
  readonly #limits: SessionLimits;
  readonly #messages = { toDms: 0, toHandset: 0 };
  readonly #bytes = { toDms: 0, toHandset: 0 };
  #id: string;
  #running = false;
  #heard = false;
  /** The session is over and the handset only has to hang up. */
  #leaving = false;
  #announced: string | undefined;
  /** Towards the handset; another one once that was lost. */
  #downlink: MessageLink;
  /** What went to the handset last, after package 0. */
  #last: Envelope | undefined;
  /** The link that took the place of one that was lost, until the handset has answered over it. */
  #other: (ReopenedLink & { readonly loss: PcAgentError }) | undefined;
  /** Who speaks, by its first message. */
  #speaker: { readonly sessionId: string; readonly source: string } | undefined;

  constructor(options: RelaySessionOptions) {
    this.#options = options;
    this.#id = options.label;
    this.#downlink = options.downlink;
    this.#limits = new SessionLimits(options);
  }

  async run(): Promise<RelayOutcome> {
    let verdict: Verdict;
    let cancelled = false;
    try {
      verdict = await this.#limits.guard(() => this.#carry());
    } catch (error) {
      cancelled = isAbort(error);
      if (!cancelled && !(error instanceof PcAgentError)) {
        await this.#hangUp('aborted');
        throw error;
      }
      verdict = cancelled ? CANCELLED : this.#verdictOn(error as PcAgentError);
    } finally {
      this.#limits.close();
    }
    // An aborted DM session still ends as the bearer's rules want it; only a break is a break.
    await this.#hangUp(cancelled || verdict.state === 'failed' ? 'aborted' : 'done');
    return this.#outcome(verdict, cancelled);
  }

  async #carry(): Promise<Verdict> {
    const { uplink, notification } = this.#options;
    if (notification !== undefined) await this.#notify(notification);
    for (;;) {
      const request = await this.#fromHandset();
      if (request === undefined) return this.#handsetIsSilent();
      const answer = await this.#exchange(uplink, request);
      if (answer === undefined) return this.#dmsIsSilent();
      await this.#toHandset(answer);
      const { ended } = this.#watcher;
      if (ended === undefined) continue;
      if (this.#options.handsetHangsUp !== true) return verdictOf(this.#watcher.view);
      // A GET that comes all the same is no reason to keep the handset waiting.
      this.#downlink.sayNothing?.();
    }
  }

  async #notify(body: Uint8Array): Promise<void> {
    const envelope = { contentType: ContentType.Notification, body };
    const seen = this.#watcher.observe('to-handset', envelope);
    this.#announced = this.#watcher.sessionId;
    this.#begin('started', this.#announced, { serverId: seen.summary.source });
    this.#options.onPassing?.('to-handset', seen.summary);
    await this.#limits.step('handset', 'take the notification', (signal) => this.#downlink.send(envelope, signal));
    this.#report('to-handset', envelope, seen);
  }

  /**
   * The handset's next message. After the end only its leaving is waited for; should it go on all the same, the
   * watcher was wrong and the message is carried like any other.
   */
  async #fromHandset(): Promise<Envelope | undefined> {
    this.#leaving = this.#watcher.ended !== undefined;
    for (;;) {
      let message: Envelope | undefined;
      try {
        message = await this.#limits.step('handset', 'say anything', (signal) => this.#downlink.receive(signal));
      } catch (error) {
        if (this.#leaving) throw error;
        await this.#goOn(error);
        continue;
      }
      this.#answeredOver(message);
      this.#leaving = false;
      return message;
    }
  }

  /**
   * Sends the last message to the handset again over another link. Whatever of it the handset had taken, it answers as it
   * did, or would have, so the DMS notices nothing. @throws the loss when there is no other link
   */
  async #goOn(loss: unknown): Promise<void> {
    let error = loss;
    for (;;) {
      const last = this.#last;
      const { reopen } = this.#options;
      // Who cannot read what is said cannot tell either whether the same handset says it.
      const known = last !== undefined && !this.#watcher.view.blind;
      if (reopen === undefined || !known || !isLinkGone(error)) throw error;
      await this.#downlink.close('aborted');
      const other = await reopen(error);
      if (other === undefined) throw error;
      if (this.#limits.signal.aborted) {
        // Broken off meanwhile: the session has hung up already, and knows nothing of this one.
        await other.link.close('aborted');
        throw error;
      }
      this.#downlink = other.link;
      this.#other = { ...other, loss: error };
      try {
        return await this.#hand(last);
      } catch (again) {
        // It takes nothing of this session: that is over by the loss.
        if (isPcAgentError(again, 'obex/response')) throw error;
        error = again;
      }
    }
  }

  #hand(envelope: Envelope): Promise<void> {
    return this.#limits.step('handset', 'take the message', (signal) => this.#downlink.send(envelope, signal));
  }

  /**
   * Over another link the same handset goes on with the same session, or nothing of it reaches the DMS.
   * @throws PcAgentError `dm/other-handset`; the loss, when the handset knows nothing of the session
   */
  #answeredOver(message: Envelope | undefined): void {
    const other = this.#other;
    if (other === undefined) return;
    this.#other = undefined;
    const glance = message === undefined ? undefined : glanceAt(message);
    const { sessionId, source } = this.#speaker ?? { sessionId: '', source: '' };
    const said = glance?.kind === 'message' ? glance.header : undefined;
    if (message !== undefined && said?.source.uri !== source) throw otherHandset();
    // It has not kept the session, or has begun one of its own: this one is over by the loss.
    if (said?.sessionId !== sessionId) throw other.loss;
    other.wentOn();
  }

  /** @throws PcAgentError `dm/other-handset` */
  #assertMeant({ readable, source }: MessageSummary): void {
    const { device } = this.#options;
    if (device === undefined || !readable || maySayTheSame(device, source)) return;
    throw otherHandset();
  }

  async #exchange(uplink: Uplink, request: Envelope): Promise<Envelope | undefined> {
    const seen = this.#watcher.observe('to-dms', request, this.#options.takeGlance?.(request));
    this.#assertMeant(seen.summary);
    this.#heard = true;
    this.#speaker ??= { sessionId: seen.summary.sessionId, source: seen.summary.source };
    this.#begin('running', this.#watcher.sessionId, {});
    this.#options.onPassing?.('to-dms', seen.summary);
    const received = this.#digestOf(request);
    const outgoing = this.#options.tamper?.(request, 'to-dms') ?? request;
    await this.#limits.step('dms', 'take the message', (signal) => uplink.send(outgoing, signal));
    this.#report('to-dms', outgoing, seen, received);
    return this.#limits.step('dms', 'answer', (signal) => uplink.receive(signal));
  }

  async #toHandset(answer: Envelope): Promise<void> {
    const seen = this.#watcher.observe('to-handset', answer);
    this.#follow(seen.respUri);
    this.#options.onPassing?.('to-handset', seen.summary);
    const received = this.#digestOf(answer);
    const outgoing = this.#options.tamper?.(answer, 'to-handset') ?? answer;
    this.#last = outgoing;
    try {
      await this.#hand(outgoing);
    } catch (error) {
      await this.#goOn(error);
      // After the last message of a session the handset has nothing to answer.
      if (this.#watcher.ended !== undefined) this.#other?.wentOn();
    }
    this.#report('to-handset', outgoing, seen, received);
  }

  /** Goes where the server's RespURI points; with the last message of a session it no longer matters. */
  #follow(respUri: string | undefined): void {
    const { uplink, profile } = this.#options;
    if (respUri === undefined || this.#watcher.ended !== undefined) return;
    uplink.url = nextAddress(profile, respUri, uplink.url);
  }

  #handsetIsSilent(): Verdict {
    if (this.#heard) return verdictOf(this.#watcher.view);
    const ignored = this.#options.notification !== undefined;
    return failure(
      ignored
        ? new PcAgentError(NOTIFICATION_IGNORED, 'the handset took the notification and started no session')
        : new PcAgentError('relay/ended-early', 'the handset left without a word'),
    );
  }

  #dmsIsSilent(): Verdict {
    const { view } = this.#watcher;
    if (view.ended === 'handset-abort' || view.blind) return verdictOf(view);
    return failure(
      new PcAgentError('dms/answer-empty', 'the DM server answered without a message', { retry: 'later' }),
    );
  }

  /** SHA-256 of a body as it came in, where somebody wants to compare. */
  #digestOf({ body }: Envelope): string | undefined {
    return this.#options.onCompared === undefined ? undefined : hash('sha256', body, 'hex');
  }

  /** Tells of a message that is on its way to the other side. */
  #report(direction: Direction, envelope: Envelope, seen: Observation, received?: string): void {
    const { emit, onMessage, onCompared } = this.#options;
    const { body, contentType } = envelope;
    const { dmPackage, msgId, progress } = seen;
    if (dmPackage !== 0) {
      const way = direction === 'to-dms' ? 'toDms' : 'toHandset';
      this.#messages[way] += 1;
      this.#bytes[way] += body.length;
    }
    const sha256 = hash('sha256', body, 'hex');
    emit({
      type: 'message',
      session: this.#id,
      direction,
      package: dmPackage,
      msgId,
      bytes: body.length,
      sha256,
      contentType,
    });
    onMessage?.(envelope, direction, seen.summary);
    if (received !== undefined) onCompared?.(received === sha256);
    if (progress === undefined) return;
    const { done, total, uri } = progress;
    emit({ type: 'progress', session: this.#id, done, total, uri });
  }

  #begin(state: 'started' | 'running', id: string | undefined, more: Readonly<Record<string, unknown>>): void {
    if (this.#running) return;
    if (id !== undefined && id !== '') this.#id = id;
    // A handset may write the SessionID of the notification in decimal (dm-protocol sheet, section 12).
    const announced = this.#announced === this.#id ? undefined : this.#announced;
    const details = announced === undefined ? more : { ...more, announced };
    if (state === 'running' && (this.#announced === undefined || announced !== undefined)) {
      this.#emitState('started', details);
    }
    this.#emitState(state, details);
    this.#running = state === 'running';
  }

  #emitState(state: 'started' | 'running' | Verdict['state'], more: Readonly<Record<string, unknown>> = {}): void {
    const { emit, handset, profile } = this.#options;
    emit({ type: 'session', id: this.#id, handset, dms: profile.url.href, state, ...more });
  }

  #verdictOn(error: PcAgentError): Verdict {
    const { view } = this.#watcher;
    if (this.#leaving) return verdictOf(view);
    // Whoever aborted a session need not wait for the answer.
    const handsetFault = isPcAgentError(error, 'bearer') || isPcAgentError(error, 'obex');
    if (view.ended === 'handset-abort' && handsetFault) return verdictOf(view);
    const left = isPcAgentError(error, 'bearer/lost') || isPcAgentError(error, 'obex/disconnected');
    return left && this.#heard && view.blind ? ENDED_UNREAD : failure(error);
  }

  async #hangUp(reason: 'done' | 'aborted'): Promise<void> {
    await Promise.all([this.#downlink.close(reason), this.#options.uplink.close(reason)]);
  }

  #outcome(verdict: Verdict, cancelled: boolean): RelayOutcome {
    const { state, code, message, offset } = verdict;
    const quiet = this.#options.triesFollow === true && code === NOTIFICATION_IGNORED;
    if (state === 'failed' && code !== undefined && !quiet) {
      this.#options.emit({
        type: 'error',
        code,
        message: message ?? code,
        ...(offset === undefined ? {} : { offset }),
      });
    }
    this.#emitState(state, code === undefined ? {} : { code });
    return {
      ...verdict,
      id: this.#id,
      messages: this.#messages,
      bytes: this.#bytes,
      heard: this.#heard,
      cancelled,
    };
  }
}

function otherHandset(): PcAgentError {
  return new PcAgentError('dm/other-handset', 'another handset answers at this address than the one that was meant', {
    retry: 'after-operator',
  });
}
