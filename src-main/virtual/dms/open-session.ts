import type { Account } from '../../dm/account.ts';
import { DEFAULT_NONCES } from '../../dm/auth/credentials.ts';
import { Prover } from '../../dm/auth/prover.ts';
import { Verifier } from '../../dm/auth/verifier.ts';
import { nonceOfForm } from '../../dm/notification/verify-notification.ts';
import { type DmServerOptions, DmServerSession } from '../../dm/server/dm-server-session.ts';
import type { Work } from '../../dm/server/work.ts';
import { Watcher } from '../../dm/watcher/watcher.ts';
import type { Encoding, Header, Message } from '../../syncml/model.ts';
import { hasFault } from '../faults/fault.ts';
import { messageFaults, STALE_NONCE } from '../faults/message-faults.ts';
import type { Calls } from './calls.ts';
import { type DmServiceOptions, firstOf } from './dm-service-options.ts';
import { modelIn, type OpenSession, wantedIn } from './dm-session.ts';
import { serverMessageFaults } from './faults.ts';
import { FirmwareDesk } from './firmware-desk.ts';
import type { JobStore } from './job-store.ts';
import { jobWork } from './job-work.ts';
import { STANDARD_DMS } from './profiles.ts';
import { takeAlert } from './session-alerts.ts';
import type { SessionNotes } from './session-notes.ts';
import { SessionPackages } from './session-packages.ts';
import { NO_SIDE } from './session-side.ts';
import { SessionToken } from './session-token.ts';

/** Largest message that the server takes and sends; most handsets take no more than one OBEX packet. */
const MAX_MESSAGE = 65_280;
const MAX_OBJECT = 16 * 1024 * 1024;

interface OpenSessionParts {
  readonly calls: Calls;
  readonly notes: SessionNotes;
  /** The handset has proved itself, and its work begins. */
  readonly onBegin: (open: OpenSession) => void;
}

/** A session for the first message of a handset, with what it may deliver at hand. */
export async function openSession(
  message: Message,
  encoding: Encoding,
  options: DmServiceOptions,
  { calls, notes, onBegin }: OpenSessionParts,
): Promise<OpenSession> {
  const { header } = message;
  const { accounts, jobs: store, random } = options;
  const account = accounts.find((entry) => entry.user === header.source.name) ?? firstOf(accounts);
  const device = header.source.uri;
  // Taken before anything is waited for: the session of a notification is settled when its work begins.
  const nonces = firstNonces(header, account, options, calls);
  const packages = new SessionPackages(options.packages);
  await prepare(packages, message, options);
  const firmware = new FirmwareDesk({
    store,
    device,
    offered: packages.firmware,
    files: packages.loaded,
    url: options.url,
  });
  const token = new SessionToken(options.profile ?? STANDARD_DMS, random);
  const open: OpenSession = {
    session: new DmServerSession({
      encoding,
      sessionId: header.sessionId.trim(),
      ...credentials(account, nonces, options),
      maxMsgSize: MAX_MESSAGE,
      maxObjSize: MAX_OBJECT,
      packetRoom: MAX_MESSAGE,
      self: { uri: options.url(), name: account.serverId },
      peer: { uri: device },
      ...respUriOf(token, options),
      ...messageFaults(serverMessageFaults(options.faults)),
      begin: (facts) => {
        onBegin(open);
        return beginWork(open, facts, options, calls);
      },
      onAlert: (alert) => takeAlert(open, alert, store, notes),
    }),
    ...{ header, account, token, packages, firmware },
    watcher: new Watcher(),
    alerts: [],
    jobs: [],
    begun: false,
    reported: new Set(),
    accepted: new Set(),
    ended: false,
    answered: 0,
    lastHeard: performance.now(),
  };
  options.emit({ type: 'session', id: header.sessionId, handset: device, dms: account.serverId, state: 'started' });
  return open;
}

/** Takes in hand what a session may need as soon as the handset has proved itself. */
export async function prepare(packages: SessionPackages, message: Message, options: DmServiceOptions): Promise<void> {
  const device = message.header.source.uri;
  const { jobs, side = NO_SIDE } = options;
  const queued = jobs.queued(device).flatMap((job) => (job.package === undefined ? [] : [job.package]));
  await packages.load([...queued, ...wantedIn(message), ...side.packagesFor(device, modelIn(message))]);
}

function beginWork(
  open: OpenSession,
  facts: Parameters<DmServerOptions['begin']>[0],
  options: DmServiceOptions,
  calls: Calls,
): Work {
  const { jobs: store, notifications, side = NO_SIDE } = options;
  const { account, firmware, packages } = open;
  const device = open.header.source.uri;
  side.met(facts);
  notifications.settled(device);
  calls.settled(device);
  const forFirmware = firmware.begin(facts);
  open.begun = true;
  return jobWork({
    jobs: store.queued(device),
    onStart: (job) => void open.jobs.push(job),
    store,
    packages: packages.loaded,
    server: account.serverId,
    onInventory: (inventory) => side.sawInventory(device, inventory),
    asksFirmware: () => side.asksFirmware(device),
    onFirmware: (version) => side.sawFirmware(device, version),
    isRuled: () => side.isRuled(device),
    due: () => side.due(device, packages.offered),
    forFirmware,
    forSoftware: { reported: [...open.reported], onAccepted: (id) => accept(open, id, store) },
  });
}

/** Known after a restart too: the report comes all the same. */
function accept({ accepted }: OpenSession, id: string, store: JobStore): void {
  accepted.add(id);
  store.amend(id, { accepted: true });
}

/** What a session begins with: after a notification by the default nonce both sides begin anew with that. */
function firstNonces(
  header: Header,
  account: Account,
  { devices }: DmServiceOptions,
  calls: Calls,
): { readonly client: readonly Uint8Array[]; readonly server: Uint8Array } {
  const device = header.source.uri;
  const known = devices.noncesOf(device, account);
  const form = calls.formOf(device, header.sessionId) ?? 'stored';
  const isDefault = form !== 'stored';
  return {
    client: isDefault ? [...DEFAULT_NONCES, known.client] : [known.client],
    server: nonceOfForm(form, known.server),
  };
}

function credentials(
  account: Account,
  nonces: { readonly client: readonly Uint8Array[]; readonly server: Uint8Array },
  { accounts, faults, digest, random }: DmServiceOptions,
): Pick<DmServerOptions, 'prover' | 'verifier'> {
  const wrong = hasFault(faults, 'dms-wrong-password');
  return {
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
  };
}

function respUriOf(token: SessionToken, { faults }: DmServiceOptions): { readonly respUri?: string } {
  const respUri = hasFault(faults, 'dms-respuri') ? 'http://192.0.2.1/elsewhere' : token.respUri;
  return respUri === undefined ? {} : { respUri };
}
