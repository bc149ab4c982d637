import { carriedLength } from '../dm/large-object/carrier.ts';
import type { Procedure } from '../dm/server/work.ts';
import type { FirmwareManifest } from '../fumo/firmware-package.ts';
import { FirmwareState } from '../fumo/names.ts';
import { type FirmwareObject, findFirmwareObjects } from '../fumo/procedure/find-object.ts';
import { readFirmwareVersion } from '../fumo/procedure/firmware-version.ts';
import { type FirmwareOutcome, readFirmwareState, updateFirmware } from '../fumo/procedure/update-firmware.ts';
import { isBusy, isTerminal } from '../fumo/state-machine.ts';
import type { Job } from '../jobs/job.ts';
import { ask, getCommand } from '../scomo/procedure/commands.ts';
import { itemText } from '../syncml/item-data.ts';
import { executeOptions } from './execute-options.ts';
import type { FirmwareContext } from './job-context.ts';
import { firmwareManifest } from './package-parts.ts';
import { seenFirmware } from './seen.ts';
import { type OfferedPackage, suitablePackage } from './suitable-package.ts';
import {
  AWAITED,
  alreadyThere,
  ended,
  endedBy,
  endedUnloaded,
  endOfCompletion,
  resultOf,
  type WorkResult,
} from './work-result.ts';

/** Updates the firmware of a handset, as far as it gets in this session. */
export function* firmwareWork(job: Job, context: FirmwareContext): Procedure<WorkResult> {
  const { session, packages } = context;
  const model = session.facts.devInfo.get('./DevInfo/Mod');
  let found: OfferedPackage;
  let manifest: FirmwareManifest | undefined;
  try {
    found = suitablePackage(packages, { id: job.package ?? '', model, allowUnverified: job.allowUnverified });
    context.onPackage(found);
    manifest = firmwareManifest(context.parts, found.id, model);
  } catch (error) {
    return job.begun ? AWAITED : endedBy(error);
  }
  const version = yield* readFirmwareVersion();
  if (manifest !== undefined && version === manifest.to) return alreadyThere(job, 'is the firmware already');
  const from = manifest?.from ?? [];
  if (!job.begun && from.length > 0 && !from.includes(version ?? '')) {
    const message = `${found.id} is a step from ${from.join(', ')}, the handset has ${version ?? 'unknown firmware'}`;
    return ended('failed', 'offline/wrong-firmware', message);
  }
  const place = yield* findPlace(job, version, context);
  if ('kind' in place) return place;
  if (packages.offer !== undefined) return yield* fetchedByHandset(job, place, { ...context, found, version });
  const { object, state } = place;
  const carried = carriedLength(found.size, session.encoding);
  if (carried > (session.maxObject ?? Number.POSITIVE_INFINITY)) {
    return ended('failed', 'offline/too-large', 'the handset takes no package of this size');
  }
  // The content is verified while the handset answers this.
  const content = session.load(() => packages.open(found.digest));
  const isThere = yield* liesThere(job, object, state, found);
  const loaded = content();
  if (loaded.kind !== 'loaded') return endedUnloaded(loaded);
  const stop = session.each(() => loaded.value.refill());
  try {
    // Its first octets are read before the answer to this.
    const now = yield* readFirmwareState(object.uri);
    context.onTouch(seenFirmware(version, now));
    const outcome = yield* updateFirmware(object, {
      ...executeOptions(job, context),
      ...{ name: found.name, version: found.version, content: loaded.value },
      deliveries: [isThere ? 'present' : 'object'],
      update: true,
      onAccepted: () => context.onAccepted(),
      onWatch: () => context.onWatch(),
    });
    return resultOfUpdate(outcome, context.server);
  } finally {
    stop();
    loaded.value.release();
  }
}

interface Fetched extends FirmwareContext {
  readonly found: OfferedPackage;
  /** Of the firmware now. */
  readonly version: string | undefined;
}

/** The handset fetches the package by itself, where its object has a way for that. */
function* fetchedByHandset(job: Job, { object, state }: Place, context: Fetched): Procedure<WorkResult> {
  const { session, packages, found, version } = context;
  // The content is verified while the handset answers this.
  const offer = session.load(async () => packages.offer?.(found));
  const isThere = yield* liesThere(job, object, state, found);
  const loaded = offer();
  if (loaded.kind !== 'loaded') return endedUnloaded(loaded);
  const url = loaded.value;
  const now = yield* readFirmwareState(object.uri);
  context.onTouch(seenFirmware(version, now));
  const outcome = yield* updateFirmware(object, {
    ...executeOptions(job, context),
    ...{ name: found.name, version: found.version },
    ...(url === undefined ? {} : { url }),
    deliveries: isThere ? ['present'] : ['download-and-update', 'download'],
    update: true,
    onAccepted: () => context.onAccepted(),
    onWatch: () => context.onWatch(),
  });
  return resultOfUpdate(outcome, context.server);
}

interface Place {
  readonly object: FirmwareObject;
  readonly state: number | undefined;
}

/** The object to work with, or what has become of work that an earlier session began. */
function* findPlace(job: Job, version: string | undefined, context: FirmwareContext): Procedure<Place | WorkResult> {
  const objects = yield* findFirmwareObjects();
  const places: Place[] = [];
  for (const object of objects) places.push({ object, state: yield* readFirmwareState(object.uri) });
  if (places.length === 0) {
    return job.begun ? AWAITED : ended('failed', 'fumo/absent', 'the handset has no object for its firmware');
  }
  const busy = places.find(({ state }) => state !== undefined && isBusy(state));
  if (job.begun) {
    if (busy !== undefined) return AWAITED;
    const settled = whatBecame(job, places, version, context);
    if (settled !== undefined) return settled;
  }
  const free = places.find(({ state }) => state === undefined || !isBusy(state));
  if (free !== undefined) return free;
  return ended('failed', 'fumo/busy', `the handset is at work on its firmware (state ${busy?.state ?? 'unknown'})`);
}

/** By the firmware and the states that are there now; `undefined`: the order never reached the handset. */
function whatBecame(
  job: Job,
  places: readonly Place[],
  version: string | undefined,
  { before }: FirmwareContext,
): WorkResult | undefined {
  const was = before?.[0]?.version;
  const states = places.flatMap(({ state }) => (state === undefined ? [] : [state]));
  if (states.some(isUpdated) && (job.accepted || (was !== undefined && was !== version))) {
    return ended('done', undefined, 'seen in the state of its firmware');
  }
  if (!job.accepted) return undefined;
  const failed = states.find((state) => isTerminal(state) && !isUpdated(state));
  if (failed === undefined) return AWAITED;
  return ended('failed', 'fumo/operation-failed', `the handset says that the update has failed (state ${failed})`);
}

function isUpdated(state: number): boolean {
  return state === FirmwareState.UpdateSuccessfulWithData || state === FirmwareState.UpdateSuccessfulWithoutData;
}

/** Whether the package of an earlier session of this job waits on the handset: then it is not sent again. */
function* liesThere(
  job: Job,
  { uri, nodes }: FirmwareObject,
  state: number | undefined,
  { name, version }: OfferedPackage,
): Procedure<boolean> {
  const names = (yield* ask(getCommand(`${uri}/PkgName`))).items;
  if (!job.begun || state !== FirmwareState.ReadyToUpdate || !nodes.has('PkgName')) return false;
  const versions = nodes.has('PkgVersion') ? (yield* ask(getCommand(`${uri}/PkgVersion`))).items : [];
  const text = (items: typeof names): string | undefined =>
    items[0] === undefined ? undefined : itemText(items[0], undefined)?.trim();
  return text(names) === name && text(versions) === version;
}

function resultOfUpdate(outcome: FirmwareOutcome, server: string): WorkResult {
  switch (outcome.kind) {
    case 'completed':
      return { kind: 'ended', end: endOfCompletion({ kind: 'firmware', ...outcome.complete }) };
    case 'accepted':
      return AWAITED;
    case 'delivered':
      return ended('done');
    case 'no-way':
      return ended('failed', 'fumo/no-way', 'the handset takes no package by the session, and has no other way here');
    default:
      return resultOf(outcome, server);
  }
}
