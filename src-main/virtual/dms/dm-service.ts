import { setTimeout as pause } from 'node:timers/promises';
import { equalBytes, hexOf, utf8 } from '../../base/bytes.ts';
import type { Digest, Random } from '../../base/digest.ts';
import { isPcAgentError, PcAgentError } from '../../base/errors.ts';
import type { Emit } from '../../contract/events.ts';
import type { Account } from '../../dm/account.ts';
import { DEFAULT_NONCES } from '../../dm/auth/credentials.ts';
import { Prover } from '../../dm/auth/prover.ts';
import { Verifier } from '../../dm/auth/verifier.ts';
import type { ReadAhead } from '../../dm/large-object/read-ahead.ts';
import { nonceOfForm } from '../../dm/notification/verify-notification.ts';
import { DmServerSession } from '../../dm/server/dm-server-session.ts';
import { failed, type SessionOutcome } from '../../dm/session-outcome.ts';
import type { DmStep } from '../../dm/step.ts';
import { type Direction, Watcher } from '../../dm/watcher/watcher.ts';
import type { Envelope } from '../../link/message-link.ts';
import { type OperationComplete, readOperationComplete, readSoftwareRequest } from '../../scomo/operation-complete.ts';
import { Alert } from '../../syncml/alert.ts';
import { decodeMessage } from '../../syncml/codec.ts';
import { encodingOf } from '../../syncml/content-type.ts';
import type { AlertCommand, Encoding, Header, Message } from '../../syncml/model.ts';
import { salvageHeader } from '../../syncml/salvage-header.ts';
import { Status } from '../../syncml/status.ts';
import { type FaultChoice, hasFault } from '../faults/fault.ts';
import { messageFaults, STALE_NONCE } from '../faults/message-faults.ts';
import { Calls } from './calls.ts';
import type { DmAnswer, DmEndpoint, DmRefusal, Visit } from './dm-endpoint.ts';
import { serverMessageFaults } from './faults.ts';
import { FirmwareDesk } from './firmware-desk.ts';
import type { Job, JobStore } from './job.ts';
import { jobWork, type LoadedPackage, settleByAlert } from './job-work.ts';
import type { KnownDevices } from './known-devices.ts';
import type { NotificationQueue } from './notifications.ts';
import type { DmsPackage, PackageSource } from './packages.ts';
import { type DmsProfile, STANDARD_DMS } from './profiles.ts';
import { SessionToken } from './session-token.ts';

export interface DmServiceOptions {
  readonly accounts: readonly Account[];
  readonly jobs: JobStore;
  readonly notifications: NotificationQueue;
  readonly packages: PackageSource;
  readonly devices: KnownDevices;
  readonly faults: readonly FaultChoice[];
  /** Default: standard. */
  readonly profile?: DmsProfile;
  readonly digest: Digest;
  readonly random: Random;
  readonly emit: Emit;
  /** Between two questions how far a handset's firmware has come, in milliseconds; default 200. */
  readonly watchPause?: number;
  /** Our own DM address; known once the server listens. */
  readonly url: () => string;
}

/** Largest message that the server takes and sends; most handsets take no more than one OBEX packet. */
const MAX_MESSAGE = 65_280;
const MAX_OBJECT = 16 * 1024 * 1024;
/** A handset that says nothing for so long, in milliseconds, has left its session. */
const QUIET = 60_000;
/** Sessions kept; the oldest gives way. */
const MAX_SESSIONS = 1000;

/** Between two questions how far the firmware has come, in milliseconds. */
const WATCH_PAUSE = 200;
/** Firmware packages that are at hand in a session. */
const MAX_FIRMWARE = 16;
/** Packages that a handset may ask for at once. */
const MAX_WANTED = 16;

/** A package whose content is read as it is delivered. */
interface DeliverablePackage extends LoadedPackage {
  readonly file: string;
  readonly content: ReadAhead;
}

interface OpenSession {
  readonly session: DmServerSession;
  readonly header: Header;
  readonly account: Account;
  readonly watcher: Watcher;
  readonly token: SessionToken;
  readonly alerts: OperationComplete[];
  /** By id. */
  readonly packages: ReadonlyMap<string, DeliverablePackage>;
  readonly firmware: FirmwareDesk;
  jobs: readonly Job[];
  begun: boolean;
  /** Jobs for software whose completion alert came before the work began. */
  readonly reported: string[];
  /** Jobs for software that the handset has accepted. */
  readonly accepted: Set<string>;
  ended: boolean;
  answered: number;
  /** Monotonic milliseconds. */
  lastHeard: number;
}

/** The DM server of the virtual DMS: one machine a session, jobs for work, notifications for jobs. */
export class DmService implements DmEndpoint {
  readonly #options: DmServiceOptions;
  readonly #calls: Calls;
  readonly #sessions = new Map<string, OpenSession>();

  constructor(options: DmServiceOptions) {
    this.#options = options;
    this.#calls = new Calls(options);
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
    const since = performance.now() - QUIET;
    return [...this.#sessions.values()].filter(({ ended, lastHeard }) => !ended && lastHeard > since).length;
  }

  async handle(envelope: Envelope, signal: AbortSignal, visit: Visit = {}): Promise<DmAnswer | DmRefusal> {
    const encoding = encodingOf(envelope.contentType);
    if (encoding === undefined) {
      this.#error('syncml/content-type', 'a body came that is called no SyncML DM message');
      return { status: 415, message: 'this is no SyncML DM message' };
    }
    const open = await this.#openFor(envelope, encoding);
    if (open === undefined) {
      this.#error('dm/session-unknown', 'a message came of a session that was never begun');
      return { status: 400, message: 'no such session' };
    }
    const isFirst = open.answered === 0 || (open.answered === 1 && isRepeat(open, envelope));
    const refused = isFirst ? undefined : open.token.refusal(visit);
    if (refused !== undefined) {
      this.#error('dm/session-unknown', refused.message);
      return refused;
    }
    open.lastHeard = performance.now();
    this.#note(open, 'to-dms', envelope);
    // The handset's next message is taken a little later; it may have something to report then.
    if (open.firmware.leaves())
      await pause(this.#options.watchPause ?? WATCH_PAUSE, undefined, { signal }).catch(() => undefined);
    const { answer, outcome } = await this.#answer(open, envelope);
    this.#keepNonces(open);
    const faulty = 'body' in answer ? await this.#faultyAnswer(open, signal) : undefined;
    if (faulty === undefined && 'body' in answer) this.#note(open, 'to-handset', answer);
    if (outcome !== undefined) this.#end(open, outcome);
    const { cookie } = open.token;
    return faulty ?? (isFirst && cookie !== undefined && 'body' in answer ? { ...answer, setCookie: cookie } : answer);
  }

  async #openFor(envelope: Envelope, encoding: Encoding): Promise<OpenSession | undefined> {
    let message: Message;
    try {
      message = decodeMessage(envelope.body, encoding).message;
    } catch (error) {
      if (!isPcAgentError(error)) throw error;
      // What cannot be used but names an open session is refused there, by the Status of its header.
      const salvaged = salvageHeader(envelope.body, encoding);
      const named = salvaged && this.#sessions.get(sessionKey(salvaged));
      if (named !== undefined) return named;
      this.#error(error.code, error.message, error.offset);
      throw error;
    }
    return this.#sessionFor(message, encoding, envelope);
  }

  async #answer(
    open: OpenSession,
    envelope: Envelope,
  ): Promise<{ answer: Envelope | DmRefusal; outcome?: SessionOutcome }> {
    let step: DmStep;
    try {
      for (const { content } of open.packages.values()) await content.refill();
      step = open.session.receive(envelope);
    } catch (error) {
      if (!isPcAgentError(error)) throw error;
      const { code, message } = error;
      return { answer: { status: 400, message }, outcome: { ok: false, code, message } };
    }
    open.answered += 1;
    for (const { done, total } of step.progress) {
      this.#options.emit({ type: 'progress', session: open.header.sessionId, done, total });
    }
    // A session that is over answers nothing more.
    const answer = step.send ?? { status: 400, message: step.outcome?.message ?? 'the session is over' };
    return { answer, ...(step.outcome === undefined ? {} : { outcome: step.outcome }) };
  }

  /** The session that a message belongs to; `undefined` when it is of none and cannot begin one. */
  async #sessionFor(message: Message, encoding: Encoding, envelope: Envelope): Promise<OpenSession | undefined> {
    const { header } = message;
    const key = sessionKey(header);
    const known = this.#sessions.get(key);
    // A handset may use an id again: its first message then begins a session of its own, also when the last one was cut.
    const over = known?.ended === true || greets(message);
    const again = known !== undefined && over && header.msgId === 1 && !isRepeat(known, envelope);
    if (known !== undefined && !again) return known;
    if (header.msgId !== 1 && !greets(message)) return undefined;
    if (known !== undefined) {
      this.#end(known, failed('dm/session-cut', 'the handset began anew before the session was over'));
      this.#sessions.delete(key);
    }
    if (this.#sessions.size >= MAX_SESSIONS) {
      const [oldest] = this.#sessions;
      if (oldest !== undefined) {
        this.#end(oldest[1], failed('dm/session-cut', 'the handset said nothing more, and others came'));
        this.#sessions.delete(oldest[0]);
      }
    }
    const open = await this.#open(message, encoding);
    this.#sessions.set(key, open);
    return open;
  }

  async #open(message: Message, encoding: Encoding): Promise<OpenSession> {
    const { header } = message;
    const { accounts, digest, random, faults, emit } = this.#options;
    const account = accounts.find((entry) => entry.user === header.source.name) ?? firstOf(accounts);
    const device = header.source.uri;
    const nonces = this.#firstNonces(header, account);
    this.#releaseQuiet();
    const offered = (await this.#options.packages.firmware()).slice(0, MAX_FIRMWARE);
    const packages = await this.#packagesFor(device, offered, wantedIn(message));
    const { jobs: store } = this.#options;
    const firmware = new FirmwareDesk({ store, device, offered, files: packages, url: this.#options.url });
    const wrong = hasFault(faults, 'dms-wrong-password');
    const token = new SessionToken(this.#options.profile ?? STANDARD_DMS, random);
    const respUri = hasFault(faults, 'dms-respuri') ? 'http://192.0.2.1/elsewhere' : token.respUri;
    const session: DmServerSession = new DmServerSession({
      encoding,
      sessionId: header.sessionId.trim(),
      prover: new Prover({
        type: account.auth,
        user: account.serverId,
        password: wrong ? `not-${account.serverPassword}` : account.serverPassword,
        nonce: hasFault(faults, 'dms-stale-nonce') ? STALE_NONCE : nonces.server,
        digest,
      }),
      verifier: new Verifier({
        demand: account.auth,
        passwordOf: (user) => accounts.find((entry) => entry.user === user)?.password,
        defaultUser: account.user,
        nonces: nonces.client,
        digest,
        random,
      }),
      maxMsgSize: MAX_MESSAGE,
      maxObjSize: MAX_OBJECT,
      packetRoom: MAX_MESSAGE,
      self: { uri: this.#options.url(), name: account.serverId },
      peer: { uri: device },
      ...(respUri === undefined ? {} : { respUri }),
      ...messageFaults(serverMessageFaults(faults)),
      begin: (facts) => {
        this.#options.notifications.settled(device);
        this.#calls.settled(device);
        open.jobs = this.#options.jobs.queued(device);
        const server = account.serverId;
        const forFirmware = firmware.begin(facts);
        open.begun = true;
        const forSoftware = { reported: [...open.reported], onAccepted: (id: string) => void open.accepted.add(id) };
        return jobWork({ jobs: open.jobs, store, packages, server, onInventory: () => {}, forFirmware, forSoftware });
      },
      onAlert: (alert) => this.#alert(open, alert),
    });
    const open: OpenSession = {
      session,
      header,
      account,
      watcher: new Watcher(),
      token,
      alerts: [],
      packages,
      firmware,
      jobs: [],
      begun: false,
      reported: [],
      accepted: new Set(),
      ended: false,
      answered: 0,
      lastHeard: performance.now(),
    };
    emit({ type: 'session', id: header.sessionId, handset: device, dms: account.serverId, state: 'started' });
    return open;
  }

  /** What handsets that have left would go on holding; should one come back, it is read again. */
  #releaseQuiet(): void {
    const since = performance.now() - QUIET;
    for (const { ended, lastHeard, packages } of this.#sessions.values()) {
      if (ended || lastHeard > since) continue;
      for (const { content } of packages.values()) content.release();
    }
  }

  /** What a session begins with: after a notification by the default nonce both sides begin anew with that. */
  #firstNonces(
    header: Header,
    account: Account,
  ): { readonly client: readonly Uint8Array[]; readonly server: Uint8Array } {
    const device = header.source.uri;
    const known = this.#options.devices.noncesOf(device, account);
    const form = this.#calls.formOf(device, header.sessionId) ?? 'stored';
    const isDefault = form !== 'stored';
    return {
      client: isDefault ? [...DEFAULT_NONCES, known.client] : [known.client],
      server: nonceOfForm(form, known.server),
    };
  }

  async #packagesFor(
    device: string,
    firmware: readonly DmsPackage[],
    wanted: readonly string[],
  ): Promise<ReadonlyMap<string, DeliverablePackage>> {
    const { jobs, packages } = this.#options;
    const loaded = new Map<string, DeliverablePackage>();
    for (const id of [...jobs.queued(device).map((job) => job.package), ...wanted]) {
      if (id === undefined || loaded.has(id)) continue;
      const found = await packages.find(id);
      if (found !== undefined) loaded.set(found.id, { ...found, content: await packages.open(found.id) });
    }
    for (const found of firmware) {
      if (!loaded.has(found.id)) loaded.set(found.id, { ...found, content: await packages.open(found.id) });
    }
    return loaded;
  }

  #alert(open: OpenSession, alert: AlertCommand): number {
    const complete = readOperationComplete(alert);
    open.alerts.push(...complete);
    for (const entry of complete) {
      const id = settleByAlert(entry, this.#options.jobs);
      if (id !== undefined && !open.begun) open.reported.push(id);
    }
    if (complete.length > 0) return Status.Ok;
    const firmware = open.firmware.take(alert);
    if (firmware !== undefined) return firmware;
    const wanted = readSoftwareRequest(alert);
    if (wanted.length > 0) return this.#want(open, wanted);
    // What we cannot act on: an event is not processed (406), an alert is of a type that we do not know (415).
    return alert.code === Alert.ClientEvent ? Status.OptionalFeatureNotSupported : Status.UnsupportedMediaType;
  }

  /** What a handset asks for is installed in this session (200), in another one, or, when it is not offered, never (202). */
  #want({ header, packages, begun }: OpenSession, wanted: readonly string[]): number {
    const { jobs } = this.#options;
    const device = header.source.uri;
    for (const id of wanted) {
      if (!packages.has(id)) {
        this.#error('package/absent', `the handset wants ${id}, and there is no such package`);
        return Status.Accepted;
      }
      const waits = jobs.queued(device).some((job) => job.operation === 'install' && job.package === id);
      const software = {
        delivery: 'object',
        install: true,
        activate: true,
        descriptor: false,
        requested: true,
      } as const;
      if (!waits) jobs.add({ device, operation: 'install', package: id, software });
    }
    return begun ? Status.Accepted : Status.Ok;
  }

  #end(open: OpenSession, outcome: SessionOutcome): void {
    if (open.ended) return;
    open.ended = true;
    for (const { content } of open.packages.values()) content.release();
    const { header, account } = open;
    const { jobs, emit } = this.#options;
    const device = header.source.uri;
    if (!outcome.ok) {
      for (const job of open.jobs) {
        if (jobs.get(job.id)?.state === 'running' && !outlives(open, job.id)) {
          jobs.finish(job.id, { state: 'failed', message: outcome.code ?? 'the session failed' });
        }
      }
      this.#error(outcome.code ?? 'dm/failed', outcome.message ?? 'the session failed');
    }
    const state = outcome.ok ? 'done' : outcome.code === 'dm/aborted' ? 'aborted' : 'failed';
    const alerts = open.alerts.map(({ resultCode, operation, correlator }) => ({
      resultCode,
      uri: operation,
      correlator,
    }));
    emit({
      type: 'session',
      id: header.sessionId,
      handset: device,
      dms: account.serverId,
      state,
      alerts: [...alerts, ...open.firmware.reports],
      ...(outcome.code === undefined ? {} : { code: outcome.code }),
    });
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

  async #faultyAnswer(open: OpenSession, signal: AbortSignal): Promise<Envelope | DmRefusal | undefined> {
    if (open.answered !== 2) return undefined;
    const { faults } = this.#options;
    if (hasFault(faults, 'dms-http-500')) return { status: 500, message: 'the server is told to fail' };
    if (hasFault(faults, 'dms-html'))
      return { contentType: 'text/html', body: utf8('<html><body>hello</body></html>') };
    if (hasFault(faults, 'dms-empty')) return { contentType: 'text/plain', body: new Uint8Array(0) };
    if (hasFault(faults, 'dms-huge')) return { contentType: 'text/plain', body: new Uint8Array(100_000_000) };
    if (!hasFault(faults, 'dms-stall')) return undefined;
    await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
    throw new PcAgentError('virtual/stalled', 'the answer was held back, as the server was told to');
  }

  #note(open: OpenSession, direction: Direction, envelope: Envelope): void {
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

  #error(code: string, message: string, offset?: number): void {
    this.#options.emit({ type: 'error', code, message, ...(offset === undefined ? {} : { offset }) });
  }
}

/** PkgIDs that a handset asks for in its first message, so that they are at hand in this session. */
function wantedIn({ commands }: Message): readonly string[] {
  return commands
    .flatMap((command) => (command.kind === 'Alert' ? readSoftwareRequest(command) : []))
    .slice(0, MAX_WANTED);
}

/** An operation that the handset has accepted is reported in another session, should this one fail. */
function outlives({ accepted, firmware }: OpenSession, id: string): boolean {
  return accepted.has(id) || firmware.outlives(id);
}

function firstOf(accounts: readonly Account[]): Account {
  const account = accounts[0];
  if (account === undefined) throw new TypeError('a server has at least one account');
  return account;
}

/** Sessions belong to a device: two may choose the same id. */
function sessionKey({ source, sessionId }: Pick<Header, 'source' | 'sessionId'>): string {
  return `${source.uri}\n${sessionId.trim()}`;
}

function greets(message: Message): boolean {
  return message.commands.some(
    (command) =>
      command.kind === 'Alert' &&
      (command.code === Alert.ServerInitiatedMgmt || command.code === Alert.ClientInitiatedMgmt),
  );
}

/** True when the message is the one that the session answered last. */
function isRepeat(open: OpenSession, envelope: Envelope): boolean {
  return open.session.wire.isRepeat(envelope);
}
