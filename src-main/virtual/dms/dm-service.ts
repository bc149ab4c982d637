import { setTimeout as pause } from 'node:timers/promises';
import { equalBytes } from '../../base/bytes.ts';
import { isPcAgentError } from '../../base/errors.ts';
import { failed, type SessionOutcome } from '../../dm/session-outcome.ts';
import type { DmStep } from '../../dm/step.ts';
import type { Envelope } from '../../link/message-link.ts';
import { decodeMessage } from '../../syncml/codec.ts';
import { encodingOf } from '../../syncml/content-type.ts';
import type { Encoding, Message } from '../../syncml/model.ts';
import { salvageHeader } from '../../syncml/salvage-header.ts';
import { hasFault } from '../faults/fault.ts';
import { Calls } from './calls.ts';
import type { DmAnswer, DmEndpoint, DmRefusal, Visit } from './dm-endpoint.ts';
import { type DmServiceOptions, firstOf } from './dm-service-options.ts';
import { greets, isRepeat, type OpenSession } from './dm-session.ts';
import { faultyAnswer } from './faulty-answer.ts';
import type { Job } from './job.ts';
import { openSession, prepare } from './open-session.ts';
import { endState, SessionNotes } from './session-notes.ts';
import { NO_SIDE } from './session-side.ts';
import { SessionTable } from './session-table.ts';

/** Between two questions how far the firmware has come, in milliseconds. */
const WATCH_PAUSE = 200;
/** A session of a handset that begins another one is over after so many milliseconds without a message. */
const LEFT_AFTER = 5000;

/** The DM server of the virtual DMS: one machine a session, jobs for work, notifications for jobs. */
export class DmService implements DmEndpoint {
  readonly #options: DmServiceOptions;
  readonly #calls: Calls;
  readonly #notes: SessionNotes;
  readonly #sessions = new SessionTable();

  constructor(options: DmServiceOptions) {
    this.#options = options;
    this.#calls = new Calls(options);
    this.#notes = new SessionNotes(options);
  }

  /** A job waits for a handset: its PC is told by a notification. */
  notify(job: Job): void {
    const { accounts, devices, notifications, faults } = this.#options;
    const account = firstOf(accounts);
    const shown = hasFault(faults, 'dms-wrong-notification') ? { ...account, serverPassword: 'wrong' } : account;
    notifications.enqueue(job.device, (attempt) =>
      this.#calls.make(job.device, shown, devices.noncesOf(job.device, account).server, attempt),
    );
  }

  /** Sessions that would be broken off if the server ended now. */
  runningSessions(): number {
    return this.#sessions.running();
  }

  async handle(envelope: Envelope, signal: AbortSignal, visit: Visit = {}): Promise<DmAnswer | DmRefusal> {
    const encoding = encodingOf(envelope.contentType);
    if (encoding === undefined) {
      this.#notes.error('syncml/content-type', 'a body came that is called no SyncML DM message');
      return { status: 415, message: 'this is no SyncML DM message' };
    }
    const open = await this.#openFor(envelope, encoding);
    if (open === undefined) {
      this.#notes.error('dm/session-unknown', 'a message came of a session that was never begun');
      return { status: 400, message: 'no such session' };
    }
    const isFirst = open.answered === 0 || (open.answered === 1 && isRepeat(open, envelope));
    const refused = isFirst ? undefined : open.token.refusal(visit);
    if (refused !== undefined) {
      this.#notes.error('dm/session-unknown', refused.message);
      return refused;
    }
    open.lastHeard = performance.now();
    this.#notes.message(open, 'to-dms', envelope);
    // The handset's next message is taken a little later; it may have something to report then.
    if (open.firmware.leaves())
      await pause(this.#options.watchPause ?? WATCH_PAUSE, undefined, { signal }).catch(() => undefined);
    const { answer, outcome } = await this.#answer(open, envelope);
    this.#keepNonces(open);
    const faulty = 'body' in answer ? await faultyAnswer(this.#options.faults, open.answered, signal) : undefined;
    if (faulty === undefined && 'body' in answer) this.#notes.message(open, 'to-handset', answer);
    if (outcome !== undefined) {
      this.#end(open, outcome);
      if (open.begun) this.#endLeft(open);
    }
    const { cookie } = open.token;
    return faulty ?? (isFirst && cookie !== undefined && 'body' in answer ? { ...answer, setCookie: cookie } : answer);
  }

  lose(device: string, sessionId: string): void {
    const open = this.#sessions.lost(device, sessionId);
    if (open === undefined) return;
    const { jobs } = this.#options;
    const unbegun = open.begun ? undefined : jobs.queued(device)[0];
    const left = open.jobs.filter(({ id }) => jobs.get(id)?.state === 'running' && !outlives(open, id));
    // What is done twice without harm. Whether a free command was done nobody knows: that is said, and a person decides.
    for (const { id, operation } of left) if (operation !== 'commands') jobs.again(id);
    this.#end(open, failed('dm/session-cut', 'the link to the handset was lost'));
    if (unbegun !== undefined) this.notify(unbegun);
  }

  async #openFor(envelope: Envelope, encoding: Encoding): Promise<OpenSession | undefined> {
    let message: Message;
    try {
      message = decodeMessage(envelope.body, encoding).message;
    } catch (error) {
      if (!isPcAgentError(error)) throw error;
      // What cannot be used but names an open session is refused there, by the Status of its header.
      const salvaged = salvageHeader(envelope.body, encoding);
      const named = salvaged && this.#sessions.find(salvaged);
      if (named !== undefined) return named;
      this.#notes.error(error.code, error.message, error.offset);
      throw error;
    }
    const open = await this.#sessionFor(message, encoding, envelope);
    // Until the work begins, jobs come that need more.
    if (open !== undefined && !open.begun && !open.ended && open.answered > 0)
      await prepare(open.packages, message, this.#options);
    return open;
  }

  async #answer(
    open: OpenSession,
    envelope: Envelope,
  ): Promise<{ answer: Envelope | DmRefusal; outcome?: SessionOutcome }> {
    let step: DmStep;
    try {
      await open.packages.refill();
      step = open.session.receive(envelope);
    } catch (error) {
      if (!isPcAgentError(error)) throw error;
      const { code, message } = error;
      return { answer: { status: 400, message }, outcome: { ok: false, code, message } };
    }
    open.answered += 1;
    for (const { done, total } of step.progress) this.#advance(open, done, total);
    // A session that is over answers nothing more.
    const answer = step.send ?? { status: 400, message: step.outcome?.message ?? 'the session is over' };
    return { answer, ...(step.outcome === undefined ? {} : { outcome: step.outcome }) };
  }

  /** The large object that moves is the one of the job that was begun last. */
  #advance(open: OpenSession, done: number, total: number): void {
    const { jobs, emit } = this.#options;
    emit({ type: 'progress', session: open.header.sessionId, done, total });
    const job = open.jobs.findLast(({ id }) => jobs.get(id)?.state === 'running');
    if (job !== undefined) jobs.advance(job.id, { done, total });
  }

  /** The session that a message belongs to; `undefined` when it is of none and cannot begin one. */
  async #sessionFor(message: Message, encoding: Encoding, envelope: Envelope): Promise<OpenSession | undefined> {
    const { header } = message;
    const known = this.#sessions.find(header);
    // A handset may use an id again: its first message then begins a session of its own, also when the last one was cut.
    const over = known?.ended === true || greets(message);
    const again = known !== undefined && over && header.msgId === 1 && !isRepeat(known, envelope);
    if (known !== undefined && !again) return known;
    if (header.msgId !== 1 && !greets(message)) return undefined;
    if (known !== undefined) {
      this.#end(known, failed('dm/session-cut', 'the handset began anew before the session was over'));
      this.#sessions.delete(known);
    }
    const oldest = this.#sessions.oldestIfFull();
    if (oldest !== undefined) {
      this.#end(oldest, failed('dm/session-cut', 'the handset said nothing more, and others came'));
      this.#sessions.delete(oldest);
    }
    this.#sessions.releaseQuiet();
    const open = await openSession(message, encoding, this.#options, {
      calls: this.#calls,
      notes: this.#notes,
      onBegin: (begun) => this.#endLeft(begun),
    });
    this.#sessions.add(open);
    return open;
  }

  /** A handset whose link broke comes with a session of its own: nothing more is to be expected of the one before. */
  #endLeft(open: OpenSession): void {
    for (const left of this.#sessions.leftFor(open, this.#options.leftAfter ?? LEFT_AFTER)) {
      this.#end(left, failed('dm/session-cut', 'the handset began another session before this one was over'));
    }
  }

  #end(open: OpenSession, outcome: SessionOutcome): void {
    if (open.ended) return;
    open.ended = true;
    open.packages.release();
    const { jobs, side = NO_SIDE } = this.#options;
    if (!outcome.ok) {
      for (const job of open.jobs) {
        if (jobs.get(job.id)?.state === 'running' && !outlives(open, job.id)) {
          jobs.finish(job.id, { state: 'failed', message: outcome.code ?? 'the session failed' });
        }
      }
      this.#notes.error(outcome.code ?? 'dm/failed', outcome.message ?? 'the session failed');
    }
    if (open.begun) {
      const code = outcome.code === undefined ? {} : { code: outcome.code };
      side.ended(open.header.source.uri, { id: open.header.sessionId, state: endState(outcome), ...code });
    }
    this.#notes.end(open, outcome);
  }

  /** What a session has come to so far; on the disk before the handset is told of it. */
  #keepNonces({ session, header, account }: OpenSession): void {
    const { devices } = this.#options;
    const { prover, verifier } = session.wire;
    // A peer that has not proved itself may have sent any nonce at all.
    if (!verifier.accepted) return;
    const device = header.source.uri;
    const known = devices.noncesOf(device, account);
    const client = verifier.freshNonce ?? known.client;
    const server = prover.nonceToKeep ?? known.server;
    if (equalBytes(client, known.client) && equalBytes(server, known.server)) return;
    devices.keep(device, account, { client, server });
  }
}

/** An operation that the handset has accepted is reported in another session, should this one fail. */
function outlives({ accepted, firmware }: OpenSession, id: string): boolean {
  return accepted.has(id) || firmware.outlives(id);
}
