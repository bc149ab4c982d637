import { equalBytes } from '../base/bytes.ts';
import { isAbort, isPcAgentError, PcAgentError } from '../base/errors.ts';
import { DEFAULT_NONCES } from '../dm/auth/credentials.ts';
import { Prover } from '../dm/auth/prover.ts';
import { Verifier } from '../dm/auth/verifier.ts';
import { DmServerSession } from '../dm/server/dm-server-session.ts';
import type { DeviceFacts, Work } from '../dm/server/work.ts';
import { readFirmwareComplete, readFirmwareRequest } from '../fumo/firmware-alert.ts';
import type { Envelope, MessageLink } from '../link/message-link.ts';
import { ObexClientLink } from '../link/obex-client-link.ts';
import { packetRoomOf } from '../link/packet-room.ts';
import { isLinkGone } from '../link/reopened-link.ts';
import { readOperationComplete } from '../scomo/operation-complete.ts';
import { Alert } from '../syncml/alert.ts';
import { ContentType } from '../syncml/content-type.ts';
import type { AlertCommand, Encoding } from '../syncml/model.ts';
import { Status } from '../syncml/status.ts';
import { type Completion, wordOn } from './completion.ts';
import { ConversationLog } from './conversation-log.ts';
import {
  assertExpected,
  type Call,
  failureOf,
  IGNORED,
  type ManagedOutcome,
  type ManageOptions,
  stepLimit,
} from './manage-options.ts';
import { Errands } from './managed-session.ts';
import { knownNonces } from './nonces.ts';
import { openingOf } from './opening.ts';

/** Largest message that is sent and taken: most handsets take no more than one OBEX packet. */
const MAX_MESSAGE = 65_280;
const MAX_OBJECT = 16 * 1024 * 1024;
/** How long a last message may take, in milliseconds. */
const LAST_WORD = 1000;

/** One session over one link, which it closes. */
export class Conversation<T> {
  readonly #options: ManageOptions<T>;
  #link: MessageLink;
  readonly #call: Call | undefined;
  readonly #log: ConversationLog<T>;
  readonly #errands = new Errands();
  readonly #complete: Completion[] = [];
  /** Completion alerts of the message that is being read. */
  #fresh: Completion[] = [];
  #session: DmServerSession | undefined;
  #device: string | undefined;
  #facts: DeviceFacts | undefined;
  #found: T | undefined;
  #heard = false;
  /** Our last message, which a handset that lost the link has perhaps not heard. */
  #last: Envelope | undefined;
  /** The link that took the place of one that was lost, until the handset has answered over it. */
  #other: { readonly wentOn: () => void; readonly loss: PcAgentError } | undefined;
  /** The handset has said its last message and waits for ours. */
  #ourTurn = false;

  constructor(options: ManageOptions<T>, link: MessageLink, call: Call | undefined) {
    this.#options = options;
    this.#link = link;
    this.#call = call;
    this.#log = new ConversationLog(options, call?.session ?? '');
  }

  async run(): Promise<ManagedOutcome<T>> {
    let outcome: ManagedOutcome<T>;
    try {
      outcome = await this.#converse();
    } catch (error) {
      await this.#abort(error);
      outcome = await this.#withNonces(failureOf<T>(error, this.#log.id));
    }
    const heard = this.#heard;
    outcome = { ...outcome, id: this.#log.id, device: this.#device, facts: this.#facts, heard, found: this.#found };
    await this.#link.close(
      outcome.ok || (outcome.code?.startsWith('dm/') === true && !outcome.cancelled) ? 'done' : 'aborted',
    );
    this.#log.tell(outcome, this.#call?.triesFollow === true);
    return outcome;
  }

  async #converse(): Promise<ManagedOutcome<T>> {
    if (this.#call !== undefined) await this.#notify(this.#call);
    for (;;) {
      const envelope = await this.#listen();
      if (envelope === undefined) throw this.#silence();
      this.#session ??= this.#begin(envelope);
      const session = this.#session;
      this.#log.note('to-dms', envelope, this.#log.see('to-dms', envelope));
      await this.#errands.prepare();
      const step = session.receive(envelope);
      this.#ourTurn = true;
      for (const { done, total } of step.progress) {
        this.#options.emit({ type: 'progress', session: this.#log.id, done, total });
      }
      await this.#settle(envelope);
      // What the handset is told of must be on the disk first; and the next session may begin right after the last
      // message.
      await this.#keepNonces();
      if (step.send !== undefined) await this.#say(step.send);
      if (step.outcome === undefined) continue;
      // After the last message of a session the handset has nothing to answer.
      this.#other?.wentOn();
      return { ...failureless, ...step.outcome, id: this.#log.id };
    }
  }

  /** What must be on the disk before the handset hears of it. */
  async #settle(envelope: Envelope): Promise<void> {
    const fresh = this.#fresh;
    this.#fresh = [];
    if (fresh.length > 0) await this.#options.onComplete?.(fresh, envelope.body, this.#device ?? '');
    await this.#errands.run();
    this.#options.signal.throwIfAborted();
  }

  async #notify(call: Call): Promise<void> {
    const envelope = { contentType: ContentType.Notification, body: call.notification };
    this.#log.state('started');
    const summary = this.#log.see('to-handset', envelope);
    await this.#step('take the notification', (signal) => this.#link.send(envelope, signal));
    this.#log.note('to-handset', envelope, summary);
  }

  async #say(envelope: Envelope): Promise<void> {
    const summary = this.#log.see('to-handset', envelope);
    this.#last = envelope;
    try {
      await this.#hand(envelope);
    } catch (error) {
      await this.#goOn(error);
    }
    this.#ourTurn = false;
    this.#log.note('to-handset', envelope, summary);
  }

  /** The handset's next message, over whichever link it comes. */
  async #listen(): Promise<Envelope | undefined> {
    for (;;) {
      let envelope: Envelope | undefined;
      try {
        envelope = await this.#step('say anything', (signal) => this.#link.receive(signal));
      } catch (error) {
        await this.#goOn(error);
        continue;
      }
      this.#answeredOver(envelope);
      return envelope;
    }
  }

  /**
   * Over another link the same handset goes on with the same session.
   * @throws PcAgentError `dm/other-handset`; the loss, when the handset begins a session of its own instead
   */
  #answeredOver(envelope: Envelope | undefined): void {
    const other = this.#other;
    this.#other = undefined;
    if (other === undefined || envelope === undefined) return;
    const { sessionId, source } = openingOf(envelope);
    assertExpected(this.#device, source.uri);
    if (sessionId !== this.#log.id) throw other.loss;
    other.wentOn();
  }

  #hand(envelope: Envelope): Promise<void> {
    return this.#step('take the message', (signal) => this.#link.send(envelope, signal));
  }

  /**
   * Says our last message once more over another link. Whatever of it the handset had heard, it answers as it did, or
   * would have. @throws the loss when there is no other link
   */
  async #goOn(loss: unknown): Promise<void> {
    let error = loss;
    for (;;) {
      const { reopen } = this.#options;
      const device = this.#device;
      const last = this.#last;
      if (reopen === undefined || last === undefined || device === undefined || !isLinkGone(error)) throw error;
      await this.#link.close('aborted');
      const other = await reopen(error, { id: this.#log.id, device, facts: this.#facts });
      if (other === undefined) throw error;
      this.#link = other.link;
      this.#other = { wentOn: other.wentOn, loss: error };
      try {
        return await this.#hand(last);
      } catch (again) {
        // It takes nothing of this session: that is over by the loss.
        if (isPcAgentError(again, 'obex/response')) throw error;
        error = again;
      }
    }
  }

  #begin(first: Envelope): DmServerSession {
    this.#heard = true;
    const options = this.#options;
    const { sessionId, source, target, encoding } = openingOf(first);
    const announced = this.#log.id;
    this.#log.id = sessionId;
    this.#device = source.uri;
    if (announced !== sessionId) this.#log.state('started', announced === '' ? {} : { announced });
    this.#log.state('running');
    assertExpected(options.device, this.#device);
    const { account, digest, random } = options;
    const known = knownNonces(options.nonces, this.#device, account);
    const fresh = this.#call?.first;
    const session = new DmServerSession({
      encoding,
      sessionId,
      prover: new Prover({
        type: account.auth,
        user: account.serverId,
        password: account.serverPassword,
        nonce: fresh?.nonce ?? known.server,
        digest,
      }),
      verifier: new Verifier({
        demand: account.auth,
        passwordOf: (user) => (user === account.user ? account.password : undefined),
        defaultUser: account.user,
        nonces: fresh?.isDefault === true ? [...DEFAULT_NONCES, known.client] : [known.client],
        digest,
        random,
      }),
      maxMsgSize: MAX_MESSAGE,
      maxObjSize: MAX_OBJECT,
      ...packetRoom(this.#link),
      self: { uri: target?.uri ?? account.serverId, name: account.serverId },
      peer: { uri: this.#device },
      begin: (facts) => this.#work(facts, encoding),
      onAlert: (alert) => this.#alert(alert),
    });
    return session;
  }

  *#work(facts: DeviceFacts, encoding: Encoding): Work {
    this.#facts = facts;
    this.#found = yield* this.#options.work({
      facts,
      encoding,
      before: (work) => this.#errands.before(work),
      load: (work) => this.#errands.load(work),
      each: (work) => this.#errands.each(work),
      maxObject: this.#session?.wire.peerObjectLimit,
      completionOf: (correlator) => wordOn(this.#complete, correlator),
    });
  }

  #alert(alert: AlertCommand): number {
    const complete: readonly Completion[] = [
      ...readOperationComplete(alert).map((each) => ({ kind: 'software' as const, ...each })),
      ...readFirmwareComplete(alert).map((each) => ({ kind: 'firmware' as const, ...each })),
    ];
    this.#complete.push(...complete);
    this.#fresh.push(...complete);
    if (complete.length > 0) return Status.Ok;
    // Heard, and nothing is ordered for it in this session (spec sheet fumo, section 4): a person decides here.
    if (readFirmwareRequest(alert) !== undefined) return Status.Accepted;
    // What we cannot act on: an event is not processed (406), an alert is of a type that we do not know (415).
    return alert.code === Alert.ClientEvent ? Status.OptionalFeatureNotSupported : Status.UnsupportedMediaType;
  }

  async #keepNonces(): Promise<void> {
    const { nonces, account } = this.#options;
    if (this.#session === undefined || this.#device === undefined) return;
    const { verifier, prover } = this.#session.wire;
    // A peer that has not proved itself may have sent any nonce at all.
    if (!verifier.accepted) return;
    await this.#options.onProven?.(this.#device, account);
    const known = knownNonces(nonces, this.#device, account);
    const client = verifier.freshNonce ?? known.client;
    const server = prover.nonceToKeep ?? known.server;
    if (equalBytes(client, known.client) && equalBytes(server, known.server)) return;
    await nonces.keep(this.#device, account.serverId, { client, server });
  }

  /** Should that fail too, the session has failed already; the next one begins with the default nonce. */
  async #withNonces(outcome: ManagedOutcome<T>): Promise<ManagedOutcome<T>> {
    try {
      await this.#keepNonces();
    } catch (error) {
      if (!isPcAgentError(error)) throw error;
    }
    return outcome;
  }

  /** Says goodbye where the handset still listens: Alert 1223 (DM Protocol 1.2, 2.3.1). */
  async #abort(error: unknown): Promise<void> {
    const session = this.#session;
    if (!this.#ourTurn || session?.wire.lastHeader === undefined) return;
    if (isPcAgentError(error, 'bearer') || isPcAgentError(error, 'obex')) return;
    const envelope = session.abort();
    const summary = this.#log.see('to-handset', envelope);
    try {
      await this.#link.send(envelope, AbortSignal.timeout(LAST_WORD));
      this.#log.note('to-handset', envelope, summary);
    } catch {
      // Whoever cannot be told notices the end of the link.
    }
  }

  #silence(): PcAgentError {
    if (this.#session !== undefined) {
      return new PcAgentError('dm/session-cut', 'the handset left before the session was over', { retry: 'later' });
    }
    return this.#call === undefined
      ? new PcAgentError('dm/session-cut', 'the handset left without a word', { retry: 'later' })
      : new PcAgentError(IGNORED, 'the handset took the notification and started no session');
  }

  async #step<R>(what: string, work: (signal: AbortSignal) => Promise<R>): Promise<R> {
    const limit = stepLimit(this.#options);
    const timeout = new AbortController();
    const timer = setTimeout(() => timeout.abort(), limit);
    try {
      return await work(AbortSignal.any([this.#options.signal, timeout.signal]));
    } catch (error) {
      if (!timeout.signal.aborted || this.#options.signal.aborted || !isAbort(error)) throw error;
      throw new PcAgentError('dm/timeout', `the handset did not ${what} within ${limit / 1000} s`, { retry: 'later' });
    } finally {
      clearTimeout(timer);
    }
  }
}

/** The rest is known when the session has ended. */
const failureless = { device: undefined, facts: undefined, heard: true, cancelled: false, found: undefined } as const;

function packetRoom(link: MessageLink): { readonly packetRoom?: number } {
  const room = link instanceof ObexClientLink ? packetRoomOf(link.packetLimit) : undefined;
  return room === undefined ? {} : { packetRoom: room };
}
