import { equalBytes, hexOf } from '../../base/bytes.ts';
import { isAbort, isPcAgentError, PcAgentError } from '../../base/errors.ts';
import { untilAborted } from '../../base/until-aborted.ts';
import type { MessageSummary } from '../../contract/message-summary.ts';
import { failed, type SessionOutcome } from '../../dm/session-outcome.ts';
import type { DmStep } from '../../dm/step.ts';
import type { UserAnswer, UserQuestion } from '../../dm/user-question.ts';
import { type Direction, Watcher } from '../../dm/watcher/watcher.ts';
import type { Envelope, MessageLink } from '../../link/message-link.ts';
import { bareContentType, ContentType } from '../../syncml/content-type.ts';
import { Status } from '../../syncml/status.ts';
import { askUser } from './ask-user.ts';
import type { Handset, SessionPlan } from './handset.ts';

export interface HandsetSessionOptions {
  readonly handset: Handset;
  readonly plan: SessionPlan;
  readonly link: MessageLink;
  readonly signal: AbortSignal;
  /** Why the last message that came was refused at the link, if it was. */
  readonly refusal?: () => PcAgentError | undefined;
  /** Told when the server wants the next message elsewhere (RespURI). */
  readonly onTarget?: (uri: string) => void;
}

/** A fault that ends the link from the handset's side. */
class Vanished extends Error {}

/** Runs one DM session of the handset over a link to its end; never throws but for a bug. */
export async function runHandsetSession(options: HandsetSessionOptions): Promise<SessionOutcome> {
  const { handset, plan, link } = options;
  const { emit } = handset.options;
  const session = handset.begin(plan);
  const event = {
    type: 'session',
    id: plan.sessionId,
    handset: handset.device.id,
    dms: plan.account.serverId,
  } as const;
  emit({ ...event, state: 'started' });
  handset.openSessions.add(plan.sessionId);
  const conversation = new Conversation(options);
  let outcome: SessionOutcome;
  try {
    outcome = await converse(conversation, session, options);
  } catch (error) {
    outcome = await outcomeOf(error, conversation, session.abort.bind(session), options);
  }
  // Whatever broke it off: an Atomic that waits for an answer is rolled back before anything is kept.
  session.close();
  handset.openSessions.delete(plan.sessionId);
  handset.finish(plan.account, session);
  if (!outcome.ok && outcome.code !== undefined) {
    emit({ type: 'error', code: outcome.code, message: outcome.message ?? outcome.code });
  }
  // A session that ended by the protocol's rules leaves a sound link: whoever asks for more is told that there is none.
  await link.close(outcome.ok || endedByRule(outcome) ? 'done' : 'aborted');
  emit({
    ...event,
    state: outcome.ok ? 'done' : outcome.code === 'dm/aborted' ? 'aborted' : 'failed',
    ...(outcome.code === undefined ? {} : { code: outcome.code }),
  });
  return outcome;
}

async function converse(
  conversation: Conversation,
  session: ReturnType<Handset['begin']>,
  options: HandsetSessionOptions,
): Promise<SessionOutcome> {
  let next: Envelope | undefined = session.start();
  let outcome: SessionOutcome | undefined;
  const abortAfter = options.handset.faults.number('abort', 2);
  for (let count = 1; next !== undefined; count += 1) {
    // What the server is told of must outlive us, should we end now.
    options.handset.nonces.keep(options.plan.account, session);
    options.handset.keepAccepted();
    await conversation.say(next);
    if (outcome !== undefined) {
      await conversation.hearOut();
      return outcome;
    }
    let answer = await conversation.listen();
    if (answer !== undefined && options.handset.faults.number('duplicate-message', 2) === count) {
      await conversation.say(next);
      answer = await conversation.listen();
    }
    if (answer === undefined) return failed('dm/session-cut', 'the server left before the session was over');
    if (abortAfter !== undefined && count >= abortAfter) {
      await conversation.say(session.abort());
      await conversation.hearOut();
      return failed('dm/aborted', 'the handset broke the session off');
    }
    let step: DmStep = session.receive(answer);
    conversation.report(step);
    while (step.ask !== undefined) {
      step = session.answer(await conversation.ask(step.ask));
      conversation.report(step);
    }
    options.onTarget?.(session.wire.target);
    outcome = step.outcome;
    next = step.send;
  }
  return outcome ?? failed('dm/out-of-turn', 'the session ended without a reason');
}

/** What an error means for the session; a signal from outside is told to the server when the link still stands. */
async function outcomeOf(
  error: unknown,
  conversation: Conversation,
  abort: () => Envelope,
  options: HandsetSessionOptions,
): Promise<SessionOutcome> {
  const refusal = options.refusal?.();
  if (refusal !== undefined) return failed(refusal.code, refusal.message);
  if (error instanceof Vanished) return failed('virtual/vanished', 'the handset dropped the link, as it was told to');
  if (isAbort(error) || options.signal.aborted) {
    await conversation.sayLast(abort());
    return failed('dm/cancelled', 'the handset was told to end');
  }
  if (isPcAgentError(error)) return failed(error.code, error.message);
  throw error;
}

function isNotification({ contentType }: Envelope): boolean {
  return bareContentType(contentType) === ContentType.Notification;
}

/** Messages in and out, each with its event. */
class Conversation {
  readonly #options: HandsetSessionOptions;
  readonly #watcher = new Watcher();
  #sent = 0;
  /** Bodies of the last message each way. */
  readonly #last = new Map<Direction, Uint8Array>();

  constructor(options: HandsetSessionOptions) {
    this.#options = options;
  }

  async say(envelope: Envelope): Promise<void> {
    const { link, signal, handset } = this.#options;
    await link.send(envelope, signal);
    this.#note('to-dms', envelope);
    this.#sent += 1;
    const vanishAfter = handset.faults.number('vanish', 2);
    if (vanishAfter !== undefined && this.#sent >= vanishAfter) {
      await link.close('aborted');
      throw new Vanished();
    }
    const moveAfter = handset.faults.number('re-enumerate', 2);
    if (moveAfter !== undefined && this.#sent >= moveAfter) {
      const closed = link.close('aborted');
      handset.reenumerate();
      await closed;
      throw new Vanished();
    }
  }

  async listen(): Promise<Envelope | undefined> {
    const { link, signal, handset } = this.#options;
    let envelope = await link.receive(signal);
    // A server that repeats package 0 is already being answered (spec sheet dm-protocol, section 12).
    while (envelope !== undefined && isNotification(envelope)) envelope = await link.receive(signal);
    if (envelope !== undefined) this.#note('to-handset', envelope);
    const stallAfter = handset.faults.number('stall', 2);
    if (stallAfter !== undefined && this.#sent >= stallAfter) await untilAborted(signal);
    return envelope;
  }

  /** After our last word: takes the server's answer to it, if one comes, so that nobody is cut off in mid-message. */
  async hearOut(): Promise<void> {
    try {
      const limit = AbortSignal.any([this.#options.signal, AbortSignal.timeout(LAST_ANSWER)]);
      const envelope = await this.#options.link.receive(limit);
      if (envelope !== undefined) this.#note('to-handset', envelope);
    } catch {
      // The session is over either way.
    }
  }

  /** Tries to get a last message out; whether it arrives does not matter any more. */
  async sayLast(envelope: Envelope): Promise<void> {
    try {
      await this.#options.link.send(envelope, AbortSignal.timeout(LAST_WORD));
      this.#note('to-dms', envelope);
    } catch {
      // The link is gone: the server will notice that for itself.
    }
  }

  report(step: DmStep): void {
    const { emit } = this.#options.handset.options;
    for (const { done, total } of step.progress) {
      emit({ type: 'progress', session: this.#options.plan.sessionId, done, total });
    }
  }

  /** Puts a question to the handset's user: one that is scripted answers at once, a person within the time limit. */
  ask(question: UserQuestion): Promise<UserAnswer> {
    const { handset, plan } = this.#options;
    return askUser(handset, question, {
      session: plan.sessionId,
      askPerson: (asked) => this.#askPerson(asked),
    });
  }

  /** A server that leaves meanwhile has nothing more to hear. */
  async #askPerson(question: UserQuestion): Promise<UserAnswer> {
    const { handset, link, signal } = this.#options;
    const left = new AbortController();
    void link.peerGone?.then(() => left.abort());
    try {
      return await handset.askPerson(question, AbortSignal.any([signal, left.signal]));
    } catch (error) {
      if (!left.signal.aborted || signal.aborted || !isAbort(error)) throw error;
      throw new PcAgentError('dm/session-cut', 'the server left while the user was asked', { retry: 'later' });
    }
  }

  #note(direction: Direction, envelope: Envelope): void {
    const { handset, plan } = this.#options;
    const last = this.#last.get(direction);
    const isRepeat = last !== undefined && equalBytes(last, envelope.body);
    this.#last.set(direction, envelope.body);
    const { summary } = this.#watcher.observe(direction, envelope);
    handset.options.emit({
      type: 'message',
      session: plan.sessionId,
      direction,
      package: summary.package,
      msgId: summary.readable ? summary.msgId : -1,
      bytes: envelope.body.length,
      sha256: hexOf(handset.options.digest.sha256(envelope.body)),
      contentType: envelope.contentType,
      ...(isRepeat ? { repeated: true } : {}),
    });
    if (direction === 'to-dms') this.#tellOfRefusedObject(summary);
  }

  /** Who only saw the Status go by would not know which side noticed. */
  #tellOfRefusedObject({ commands }: MessageSummary): void {
    const refused = commands.find(({ kind, code }) => kind === 'Status' && code === Status.SizeMismatch);
    if (refused === undefined) return;
    const message = `a large object came with another size than was announced (status ${Status.SizeMismatch})`;
    this.#options.handset.options.emit({ type: 'error', code: 'dm/large-object-incomplete', message });
  }
}

function endedByRule(outcome: SessionOutcome): boolean {
  return outcome.code?.startsWith('dm/') === true && outcome.code !== 'dm/cancelled';
}

/** How long a last message may take, and the answer to it, in milliseconds. */
const LAST_WORD = 1000;
const LAST_ANSWER = 5000;
