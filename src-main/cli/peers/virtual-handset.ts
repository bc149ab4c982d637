import { readFileSync } from 'node:fs';
import type { ByteStream } from '../../base/byte-stream.ts';
import { isAbort, isPcAgentError, PcAgentError } from '../../base/errors.ts';
import { nodeClock } from '../../base/node/clock.ts';
import { nodeDigest, nodeHmacSha1, nodeRandom } from '../../base/node/digest.ts';
import { signatureVerifier } from '../../base/node/signature-verifier.ts';
import { VERSION } from '../../base/version.ts';
import { parseHandsetAddress } from '../../bearer/address.ts';
import type { BearerKind } from '../../bearer/bearer.ts';
import { ExitCode } from '../../contract/exit-codes.ts';
import type { SessionOutcome } from '../../dm/session-outcome.ts';
import { createHttpAgent } from '../../net/http-agent.ts';
import { createMemoryLedger } from '../../net/ledger.ts';
import { OWN_OPERATIONS, type OwnOperation } from '../../scomo/names.ts';
import { askUser } from '../../virtual/handset/ask-user.ts';
import { serialAnswerLimit, serveAtLine } from '../../virtual/handset/at-prelude.ts';
import { takeBootstrap } from '../../virtual/handset/bootstrap.ts';
import { capabilityObject, labelOf } from '../../virtual/handset/capability-object.ts';
import { DlotaClient } from '../../virtual/handset/dlota-client.ts';
import { fetchFirmwareBy } from '../../virtual/handset/fetch-firmware.ts';
import { fetchSoftwareBy } from '../../virtual/handset/fetch-software.ts';
import { Handset, type HandsetOptions } from '../../virtual/handset/handset.ts';
import { callByHttp, callByObex } from '../../virtual/handset/handset-call.ts';
import { serveHandset } from '../../virtual/handset/handset-service.ts';
import { HandsetStateFile } from '../../virtual/handset/handset-state.ts';
import { inboxService } from '../../virtual/handset/inbox.ts';
import { readProfileFile } from '../../virtual/handset/profile-file.ts';
import { type HandsetProfile, PROFILES, STANDARD } from '../../virtual/handset/profiles.ts';
import { roomOf } from '../../virtual/handset/trouble.ts';
import { downloadAsUser, type UserDownload } from '../../virtual/handset/user-download.ts';
import type { CommandContext, CommandOutcome } from '../command.ts';
import { DEFAULTS } from '../defaults.ts';
import type { VirtualHandsetOptions } from '../options.ts';
import { hearInput } from './handset-input.ts';
import { HandsetPlaces } from './handset-places.ts';
import { obexBearer } from './relay-bearer.ts';

/** `virtual-handset`: a handset that is a program, for trying, training and tests. */
export async function run(options: VirtualHandsetOptions, context: CommandContext): Promise<CommandOutcome> {
  const state = new HandsetStateFile(options.state);
  const profile = profileChosen(options, context);
  const asks = (options.answer ?? profile.answers)?.includes('ask') === true;
  const http = createHttpAgent();
  const downloads = new DlotaClient({
    ...{ http, ledger: createMemoryLedger(), clock: nodeClock },
    owed: { initial: state.state.owed ?? [], keep: (owed) => state.change({ owed: [...owed] }) },
    get maxSize() {
      return roomOf(handset.faults, profile.maxObject);
    },
    ask: (question, signal) =>
      askUser(handset, question, {
        askPerson: (asked) => handset.askPerson(asked, signal),
      }),
  });
  const handset: Handset = new Handset({
    imei: options.imei,
    model: options.model ?? profile.model ?? DEFAULTS.model,
    encoding: options.encoding,
    maxMessage: options.maxMessage ?? profile.maxMessage ?? DEFAULTS.maxMessage,
    accounts: options.accounts,
    laxNotification: options.laxNotification,
    profile,
    faults: options.fault,
    ...(options.answer === undefined ? {} : { answers: options.answer }),
    ...(asks ? { askPerson: async (question, signal) => (await person?.ask(question, signal)) ?? 'timeout' } : {}),
    bootstrap: { ...pinOf(options, asks), imsi: options.imsi, hmac: nodeHmacSha1 },
    fetchFirmware: fetchFirmwareBy(downloads, context.signal),
    fetchSoftware: fetchSoftwareBy(downloads, context.signal),
    ...keyOf(options),
    state,
    digest: nodeDigest,
    random: nodeRandom,
    emit: context.emit,
  });
  // A person at standard input is only there when one is to be asked.
  const person = hearInput({
    asks,
    board: handset.faults,
    who: () => ({ device: handset.device.id, address: handset.address }),
    context,
  });
  if (options.firmware !== undefined && !handset.beginFirmware(options.firmware)) {
    context.note(`the firmware cannot be told now: ${options.firmware}`);
  }
  const [action, ...id] = options.software?.split('=') ?? [];
  if (isSoftwareAction(action) && !handset.beginSoftware(action, id.join('='))) {
    context.note(`that cannot be done with the software now: ${options.software}`);
  }
  // What an earlier run still owes; a session need not wait for it.
  const owed = downloads.sendPending(context.signal).catch((error: unknown) => {
    if (!isAbort(error)) throw error;
  });
  try {
    if (options.download !== undefined) await owed;
    if (options.download !== undefined)
      return await fetchAsUser(handset, downloads, options.download, options, context);
    if (options.listen !== undefined) return await listen(handset, options.listen, options, context);
    return await call(handset, options.connect ?? '', context);
  } finally {
    await http.close();
  }
}

/** @throws PcAgentError `virtual/profile-invalid` */
function profileChosen({ profile }: VirtualHandsetOptions, { resolvePath }: CommandContext): HandsetProfile {
  if (profile?.toLowerCase().endsWith('.json') === true) return readProfileFile(resolvePath(profile));
  return PROFILES.find(({ name }) => name === profile) ?? STANDARD;
}

function isSoftwareAction(text: string | undefined): text is 'want' | OwnOperation {
  return text === 'want' || OWN_OPERATIONS.some((operation) => operation === text);
}

/** @throws PcAgentError `cli/usage` when the file cannot be read; `settings/invalid` when it holds no such key. */
function keyOf({ packageKey }: VirtualHandsetOptions): Pick<HandsetOptions, 'verifyPackage'> {
  if (packageKey === undefined) return {};
  let pem: string;
  try {
    pem = readFileSync(packageKey, 'utf8');
  } catch (cause) {
    throw new PcAgentError('cli/usage', '--package-key cannot be read', { cause });
  }
  return { verifyPackage: signatureVerifier(pem) };
}

/** A person who is there types the PIN, unless it was given. */
function pinOf({ pin }: VirtualHandsetOptions, asks: boolean): { readonly pin?: string } {
  if (pin !== undefined) return { pin };
  return asks ? {} : { pin: DEFAULTS.pin };
}

async function fetchAsUser(
  handset: Handset,
  client: DlotaClient,
  url: string,
  options: VirtualHandsetOptions,
  { signal }: CommandContext,
): Promise<CommandOutcome> {
  const fields = { device: handset.device.id, virtual: true };
  let done: UserDownload;
  try {
    done = await downloadAsUser(client, url, { folder: options.inbox, signal });
  } catch (error) {
    if (!isAbort(error)) throw error;
    return { exitCode: ExitCode.Cancelled, ok: false, code: 'dlota/aborted', message: 'broken off', ...fields };
  }
  const { reason, ...download } = done;
  if (reason === undefined) return { exitCode: ExitCode.Done, ok: true, ...fields, download };
  const message = `the download ended with ${download.notification.code}`;
  return { exitCode: ExitCode.Failed, ok: false, code: reason, message, ...fields, download };
}

async function listen(
  handset: Handset,
  address: string,
  options: VirtualHandsetOptions,
  context: CommandContext,
): Promise<CommandOutcome> {
  if (/^https?:/i.test(address)) {
    throw new PcAgentError('cli/usage', 'a handset with a network link calls: use --connect http://HOST:PORT/PATH');
  }
  const { signal } = context;
  const inbox = inboxService({
    ...(options.inbox === undefined ? {} : { folder: options.inbox }),
    capability: () => capabilityObject(labelOf(handset.device)),
    onDocument: (type, body) => void takeBootstrap(handset, type, body, signal),
    onStored: (name, size) => context.note(`the inbox keeps ${name}, ${size} bytes`),
  });
  const outcomes: SessionOutcome[] = [];
  const { atOnly, maxPacket } = handset.options.profile;
  const servePeer = (stream: ByteStream, bearer: BearerKind) =>
    serveHandset(stream, {
      handset,
      inbox,
      signal,
      onOutcome: (outcome) => outcomes.push(outcome),
      ...(bearer === 'serial' ? { answerLimit: serialAnswerLimit } : {}),
    });
  const serve = (stream: ByteStream, bearer: BearerKind) =>
    bearer === 'serial'
      ? serveAtLine(stream, {
          signal,
          serve: (peer) => servePeer(peer, bearer),
          about: () => labelOf(handset.device),
          faults: handset.faults,
          atOnly: atOnly === true,
          ...(maxPacket === undefined ? {} : { maxPacket }),
        })
      : servePeer(stream, bearer);
  const places = new HandsetPlaces({ handset, serve, context });
  await places.open(address);
  await new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
  await places.close();
  await handset.kept.settled();
  const broken = outcomes.some((outcome) => outcome.code === 'dm/cancelled');
  return {
    exitCode: broken ? ExitCode.Cancelled : ExitCode.Done,
    ok: !broken,
    ...(broken ? { code: 'dm/cancelled', message: 'a session was broken off' } : {}),
    ...summaryOf(handset, outcomes),
  };
}

async function call(handset: Handset, address: string, context: CommandContext): Promise<CommandOutcome> {
  const parsed = parseHandsetAddress(address);
  context.emit({ type: 'started', address, pid: process.pid });
  try {
    const outcome =
      parsed.kind === 'http'
        ? await overHttp(handset, new URL(parsed.url), context)
        : await overObex(handset, address, context);
    // What the server ordered is done before the program ends; it is reported in the next session.
    await Promise.all([handset.device.agent.idle(), handset.device.firmware.idle()]);
    return {
      exitCode: exitCodeOf(outcome),
      ok: outcome.ok,
      ...(outcome.code === undefined ? {} : { code: outcome.code, message: outcome.message ?? outcome.code }),
      ...summaryOf(handset, [outcome]),
    };
  } catch (error) {
    if (isAbort(error)) return { exitCode: ExitCode.Cancelled, ok: false, code: 'dm/cancelled', message: 'cancelled' };
    if (!isPcAgentError(error, 'bearer/unavailable') && !isPcAgentError(error, 'bearer/timeout')) throw error;
    context.emit({ type: 'error', code: error.code, message: error.message });
    return { exitCode: ExitCode.NotFound, ok: false, code: error.code, message: error.message };
  }
}

async function overHttp(handset: Handset, url: URL, context: CommandContext): Promise<SessionOutcome> {
  const agent = createHttpAgent();
  try {
    return await callByHttp(handset, {
      url,
      agent,
      ledger: createMemoryLedger(),
      version: VERSION,
      signal: context.signal,
    });
  } finally {
    await agent.close();
  }
}

async function overObex(handset: Handset, address: string, { signal }: CommandContext): Promise<SessionOutcome> {
  const place = obexBearer(address);
  const stream = await place.bearer.dial(place.address, { signal });
  return callByObex(handset, stream, { signal });
}

function exitCodeOf(outcome: SessionOutcome): ExitCode {
  if (outcome.ok) return ExitCode.Done;
  return outcome.code === 'dm/cancelled' ? ExitCode.Cancelled : ExitCode.Failed;
}

function summaryOf(handset: Handset, outcomes: readonly SessionOutcome[]): object {
  return {
    device: handset.device.id,
    virtual: true,
    sessions: outcomes.map(({ ok, code }) => ({ ok, ...(code === undefined ? {} : { code }) })),
    firmware: { version: handset.device.firmware.version, state: handset.device.firmware.state },
    components: handset.device.agent.components.map(({ id, version, state, sha256 }) => ({
      id,
      version,
      state,
      sha256,
    })),
  };
}
