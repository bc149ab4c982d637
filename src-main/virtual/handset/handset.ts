import type { ByteSource } from '../../base/byte-source.ts';
import { EMPTY_BYTES } from '../../base/bytes.ts';
import type { Clock } from '../../base/clock.ts';
import type { Digest, Random } from '../../base/digest.ts';
import { seconds } from '../../base/durations.ts';
import { PcAgentError } from '../../base/errors.ts';
import { nodeClock } from '../../base/node/clock.ts';
import type { SignatureVerifier } from '../../base/signature.ts';
import type { Emit } from '../../contract/events.ts';
import type { Account } from '../../dm/account.ts';
import { Prover } from '../../dm/auth/prover.ts';
import { Verifier } from '../../dm/auth/verifier.ts';
import { DmClientSession } from '../../dm/client/dm-client-session.ts';
import type { AccountObject } from '../../dm/objects/account-object.ts';
import type { TreeNode } from '../../dm/tree/node.ts';
import type { UserAnswer, UserQuestion } from '../../dm/user-question.ts';
import type { FetchPackage } from '../../fumo/fetch-package.ts';
import type { FetchSoftware } from '../../scomo/fetch-package.ts';
import type { OwnOperation } from '../../scomo/names.ts';
import { Alert } from '../../syncml/alert.ts';
import type { Encoding } from '../../syncml/model.ts';
import type { FaultChoice, MessageFaults } from '../faults/fault.ts';
import { messageFaults, STALE_NONCE } from '../faults/message-faults.ts';
import { type MessageHabits, oddOrder } from '../faults/message-habits.ts';
import { type HandsetAccount, HandsetAccounts, rootAcl } from './accounts.ts';
import { AgreedNonces } from './agreed-nonces.ts';
import type { BootstrapSecrets } from './bootstrap.ts';
import { FaultBoard } from './fault-board.ts';
import { FACTORY_COMPONENTS, HandsetDevice } from './handset-device.ts';
import type { FittingState, HandsetStateFile } from './handset-state.ts';
import { HeardNotifications } from './heard-notifications.ts';
import { KeptLinks } from './kept-link.ts';
import { HandsetObjectStore } from './object-store.ts';
import { limitOf } from './person.ts';
import type { HandsetProfile } from './profiles.ts';
import { TreeStore } from './tree-store.ts';
import { MAX_OBJECT, troubleOf } from './trouble.ts';

/** `ask`: a person is asked. */
export type ScriptedAnswer = UserAnswer | 'ask';

export interface HandsetOptions {
  readonly imei: string;
  readonly model: string;
  readonly encoding: Encoding;
  /** MaxMsgSize that is announced. */
  readonly maxMessage: number;
  /** What it has from the factory; the first is the one that a session of its own accord goes to. */
  readonly accounts: readonly HandsetAccount[];
  /** What it checks bootstrap documents with; without it signed ones are not taken. */
  readonly bootstrap?: BootstrapSecrets;
  readonly laxNotification: boolean;
  readonly profile: HandsetProfile;
  /** What it does wrong from the start. */
  readonly faults: readonly FaultChoice[];
  /** What its user answers, question by question; the last one holds for all that follow. Default: accept. */
  readonly answers?: readonly ScriptedAnswer[];
  /** The person who answers where `answers` say `ask`; without one nobody does. */
  readonly askPerson?: (question: UserQuestion, signal: AbortSignal) => Promise<UserAnswer>;
  /** Its own way to the URL of a firmware package; without one it downloads none. */
  readonly fetchFirmware?: FetchPackage;
  /** Its own way to the URL of a package of software; without one it downloads none. */
  readonly fetchSoftware?: FetchSoftware;
  /** Checks signatures of packages of software; with it only signed ones are installed. */
  readonly verifyPackage?: SignatureVerifier;
  readonly state: HandsetStateFile;
  readonly digest: Digest;
  readonly random: Random;
  readonly emit: Emit;
  /** Default: the system's. */
  readonly clock?: Clock;
}

/** What a handset does about its firmware without being told to. */
type FirmwareAction = 'ask-as-user' | 'ask-as-device' | 'update' | 'download-and-update';

/** The session that is about to begin. */
export interface SessionPlan {
  readonly account: Account;
  readonly sessionId: string;
  readonly alert: typeof Alert.ServerInitiatedMgmt | typeof Alert.ClientInitiatedMgmt;
  /** Which nonce both sides begin with: the stored ones, or the default after a notification that used it. */
  readonly nonce?: Uint8Array;
  /** Address of the DMS as the handset writes it. */
  readonly server: string;
  /** Longest message that fits one packet of the link. */
  readonly packetRoom?: number;
}

/** A virtual handset: its software, its accounts and what it remembers between sessions. */
export class Handset {
  readonly device: HandsetDevice;
  readonly accounts: HandsetAccounts;
  readonly options: HandsetOptions;
  /** SessionIDs that are under way: a repeated notification starts nothing. */
  readonly openSessions = new Set<string>();
  /** Sessions that wait for another link. */
  readonly kept = new KeptLinks();
  readonly nonces: AgreedNonces;
  readonly heard: HeardNotifications;
  /** What it does wrong now. */
  readonly faults: FaultBoard;
  readonly #objects: HandsetObjectStore;
  readonly #tree: TreeStore | undefined;
  /** Where it is reached, once that is known. */
  address = '';
  /** Told when it goes off the link and comes back at another address. */
  onMove: (() => void) | undefined;
  #questions = 0;
  /** What was accepted, as it was kept last. */
  #accepted: { readonly software?: unknown; readonly firmware?: unknown } = {};

  constructor(chosen: HandsetOptions) {
    const { profile } = chosen;
    const options = profile.encoding === undefined ? chosen : { ...chosen, encoding: profile.encoding };
    this.options = options;
    this.faults = new FaultBoard([...(profile.faults ?? []), ...options.faults]);
    this.#objects = new HandsetObjectStore(options.state.objectFolder);
    this.nonces = new AgreedNonces(options.state);
    this.heard = new HeardNotifications(options.state);
    const { state, fetchSoftware, verifyPackage } = options;
    this.#tree = state.treeFolder === undefined ? undefined : new TreeStore(state.treeFolder);
    state.catchUp(this.#tree?.note);
    const stored = state.state;
    this.device = new HandsetDevice({
      imei: options.imei,
      model: options.model,
      texts: profile.texts,
      digest: options.digest,
      software: {
        components: stored.components ?? profile.components ?? FACTORY_COMPONENTS,
        alerts: stored.alerts,
        ...(stored.software ?? { pending: [] }),
      },
      ...(fetchSoftware === undefined ? {} : { fetchSoftware }),
      trouble: troubleOf(this.faults, verifyPackage, profile.maxObject),
      ...(profile.scomoRoot === undefined ? {} : { scomoRoot: profile.scomoRoot }),
      ...(profile.firmwareParent === undefined ? {} : { firmwareParent: profile.firmwareParent }),
      rootAcl: rootAcl(options.accounts),
      placeAccount: (serverId) => this.accounts.placeFor(serverId),
      isFree: (serverId) => this.accounts.isFree(serverId),
      ...(stored.firmware === undefined ? {} : { firmware: structuredClone(stored.firmware) }),
      ...(options.fetchFirmware === undefined ? {} : { fetchFirmware: options.fetchFirmware }),
      onChange: () => this.#keep(),
    });
    this.#tree?.load(this.device.tree);
    this.accounts = new HandsetAccounts(this.device.tree);
    this.device.restart();
    this.#watchFaults();
    if (this.#tree !== undefined && stored.provisioned === true) return;
    for (const account of options.accounts) this.accounts.put({ addresses: [], ...account });
    this.keepTree();
    state.change({ provisioned: true });
  }

  /** What was changed in the tree is on disk when this returns: due before a server or a sender is told of it. */
  keepTree(): void {
    this.#tree?.flush();
  }

  /** What was changed and what was accepted is on disk when this returns: due before the server is told of it. */
  keepAccepted(): void {
    const { agent, firmware } = this.device;
    const kept = this.#accepted;
    if (agent.record.pending === kept.software && firmware.record.pending === kept.firmware) this.keepTree();
    else this.#keep();
  }

  /** Nothing is kept any more. */
  close(): void {
    this.#tree?.close();
  }

  /** Its user, or itself, asks for an update of the firmware, or begins one; false when that cannot be now. */
  beginFirmware(action: FirmwareAction): boolean {
    const { firmware } = this.device;
    switch (action) {
      case 'ask-as-user':
        firmware.request('user');
        return true;
      case 'ask-as-device':
        firmware.request('device');
        return true;
      case 'update':
        return firmware.begin('update');
      case 'download-and-update':
        return firmware.begin('downloadandupdate');
    }
  }

  /** Its user wants a package, or begins an operation; false when that cannot be now. */
  beginSoftware(action: 'want' | OwnOperation, id: string): boolean {
    const { agent } = this.device;
    if (action !== 'want') return agent.begin(action, id);
    agent.request(id);
    return true;
  }

  /** An account that came by a bootstrap; its nonces are new with it. */
  takeAccount(account: AccountObject): void {
    this.nonces.forget(account.serverId);
    this.accounts.put(account);
    this.keepTree();
  }

  /** A session of its own accord. */
  planOwn(server: string, packetRoom?: number): SessionPlan {
    const account = this.#firstAccount();
    const octets = this.options.random.bytes(2);
    const id = Math.max(1, ((octets[0] ?? 0) << 8) | (octets[1] ?? 1));
    return {
      account,
      sessionId: id.toString(16).toUpperCase(),
      alert: Alert.ClientInitiatedMgmt,
      server,
      ...(packetRoom === undefined ? {} : { packetRoom }),
    };
  }

  /** The machine of a session, with everything that the handset knows of the server. */
  begin(plan: SessionPlan): DmClientSession {
    const { options } = this;
    const { account } = plan;
    const { profile } = options;
    const nonces = this.nonces.of(account);
    const wrong = this.faults.has('wrong-password');
    const type = account.preferred ?? account.auth;
    const emptyNonce = profile.withoutNonce === true && type === 'md5';
    const known = emptyNonce ? EMPTY_BYTES : (plan.nonce ?? nonces.client);
    const prover = new Prover({
      type,
      least: account.auth,
      user: account.user,
      password: wrong ? `not-${account.password}` : account.password,
      nonce: this.faults.has('stale-nonce') ? STALE_NONCE : known,
      emptyNonce,
      digest: options.digest,
    });
    const verifier = new Verifier({
      demand: account.auth,
      passwordOf: (user) => (user === account.serverId ? account.serverPassword : undefined),
      defaultUser: account.serverId,
      nonces: plan.nonce === undefined ? [nonces.server] : [plan.nonce, nonces.server],
      ...(nonces.spentProof === undefined ? {} : { spentProof: nonces.spentProof }),
      digest: options.digest,
      random: options.random,
    });
    return new DmClientSession({
      device: this.device,
      objects: this.#objects,
      authority: account.serverId,
      alert: plan.alert,
      encoding: options.encoding,
      sessionId: plan.sessionId,
      prover,
      verifier,
      maxMsgSize: options.maxMessage,
      maxObjSize: profile.maxObject ?? MAX_OBJECT,
      asksUser: profile.nobodyThere !== true,
      repeatsSetup: profile.forgetsSetup !== true,
      self: { uri: this.device.id, name: account.user },
      peer: { uri: plan.server },
      ...(plan.packetRoom === undefined ? {} : { packetRoom: plan.packetRoom }),
      ...inBoth(
        this.#habits(),
        messageFaults(() => this.faults.choices),
      ),
    });
  }

  get clock(): Clock {
    return this.options.clock ?? nodeClock;
  }

  /** What its user says to the next question. */
  nextAnswer(): ScriptedAnswer {
    if (this.faults.has('user-refuses')) return 'reject';
    if (this.faults.has('user-postpones')) return 'cancel';
    if (this.faults.has('user-never-answers')) return 'ask';
    const { answers = this.options.profile.answers ?? [] } = this.options;
    const answer = answers[Math.min(this.#questions, answers.length - 1)] ?? 'accept';
    this.#questions += 1;
    return answer;
  }

  /** What a person says to a question, who may be one that says nothing. */
  async askPerson(question: UserQuestion, signal: AbortSignal): Promise<UserAnswer> {
    if (this.faults.has('user-never-answers')) {
      await this.clock.sleep(seconds(limitOf(question)), signal);
      return 'timeout';
    }
    return (await this.options.askPerson?.(question, signal)) ?? 'timeout';
  }

  /** Goes off the link; where it is reached by more than this link, it comes back at another address. */
  reenumerate(): void {
    // A cable that comes back and goes at once again would never carry anything.
    this.faults.clear('re-enumerate');
    this.onMove?.();
  }

  /** Keeps what a session has left: nonces for the next one, software and alerts. */
  finish(account: Account, session: DmClientSession): void {
    // What was accepted (202) in a session that broke off is done all the same; its alert goes out in the next one.
    this.device.settle();
    this.nonces.keep(account, session);
    this.#keepNonces(account);
    this.keepTree();
    if (this.openSessions.size === 0) {
      this.#objects.keepOnly(valuesOf(this.device.tree.root));
      this.#tree?.sweep();
    }
    const { verifier, sessionId } = session.wire;
    this.heard.ended(sessionId, verifier.accepted && verifier.user !== undefined);
    this.#keep();
  }

  /** The account has the nonces too. Where the server wrote others into it meanwhile, those are the ones that count. */
  #keepNonces(before: Account): void {
    const { serverId, clientNonce, serverNonce } = before;
    const now = this.accounts.find(serverId);
    const written = now?.clientNonce !== clientNonce || now.serverNonce !== serverNonce;
    if (now === undefined || written) this.nonces.forget(serverId);
    else this.accounts.setNonces(serverId, this.nonces.of(now));
    for (const gone of this.accounts.forgetGone()) {
      this.device.agent.forgetServer(gone);
      this.device.firmware.forgetServer(gone);
    }
  }

  /** A device that went down in the middle of something goes up again when that fault is cleared. */
  #watchFaults(): void {
    const goesDown = (): boolean =>
      ['install-reboots', 'firmware-reboots', 'reboot'].some((name) => this.faults.has(name));
    let before = goesDown();
    this.faults.onChange(() => {
      const now = goesDown();
      if (before && !now) this.device.restart();
      before = now;
    });
  }

  /** How its messages are written, by its kind or as it is told to. */
  #habits(): MessageHabits {
    const { habits } = this.options.profile;
    if (habits !== undefined) return habits();
    const odd = oddOrder();
    return {
      mangle: (message) => {
        const changed = odd.mangle?.(message) ?? message;
        return this.faults.has('status-order') ? changed : message;
      },
    };
  }

  #firstAccount(): Account {
    const [account] = this.accounts.all;
    if (account === undefined)
      throw new PcAgentError('provisioning/no-account', 'the handset has no account of a server');
    return account;
  }

  #keep(): void {
    const { agent, firmware } = this.device;
    const { components, alerts: completions, pending: operations, before } = agent.record;
    const { state, pending, alerts } = firmware.record;
    this.#accepted = { software: operations, firmware: pending };
    const kept = this.options.state;
    const record: FittingState = {
      revision: (kept.state.revision ?? 0) + 1,
      components: [...components],
      alerts: [...completions],
      software: { pending: [...operations], ...(before === undefined ? {} : { before: [...before] }) },
      firmware: { state, ...(pending === undefined ? {} : { pending }), alerts: [...alerts] },
    };
    // With the changes of the tree that belong to it, so that neither is ever there without the other.
    this.#tree?.flush(record);
    kept.change(record);
  }
}

/** What is wrong with a message is wrong in the shape that it usually has. */
function inBoth(habits: MessageHabits, faults: MessageFaults): MessageHabits & MessageFaults {
  const { mangle } = habits;
  if (mangle === undefined) return { ...habits, ...faults };
  return { ...habits, ...faults, mangle: (message) => faults.mangle?.(mangle(message)) ?? mangle(message) };
}

function* valuesOf(node: TreeNode): Generator<ByteSource, void, void> {
  if (node.value !== undefined) yield node.value;
  for (const child of node.children.values()) yield* valuesOf(child);
}
