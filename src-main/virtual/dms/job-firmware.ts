import { z } from 'zod';
import type { ByteSource } from '../../base/byte-source.ts';
import type { DeviceFacts, Procedure, Work } from '../../dm/server/work.ts';
import type { FirmwareComplete } from '../../fumo/firmware-alert.ts';
import { type FirmwareManifest, fits } from '../../fumo/firmware-package.ts';
import type { FirmwareOperation } from '../../fumo/names.ts';
import { type FirmwareObject, findFirmwareObjects } from '../../fumo/procedure/find-object.ts';
import {
  type FirmwareDelivery,
  type FirmwareOutcome,
  readFirmwareState,
  updateFirmware,
} from '../../fumo/procedure/update-firmware.ts';
import { isSuccessfulUpdate, resultRow } from '../../fumo/result-codes.ts';
import { isBusy } from '../../fumo/state-machine.ts';
import { ask, getCommand } from '../../scomo/procedure/commands.ts';
import { itemText } from '../../syncml/item-data.ts';
import { isSuccess } from '../../syncml/status.ts';
import type { Job, JobOutcome } from './job.ts';
import { ConsentWish } from './job-consent.ts';
import type { JobStore } from './job-store.ts';

/** How a job wants the firmware updated. */
export const FirmwareWish = z.strictObject({
  delivery: z
    .enum(['object', 'download', 'download-and-update', 'present'])
    .exactOptional()
    .meta({ description: 'how the package gets there; present: it is there; absent: what the handset can' }),
  update: z.boolean().default(true).meta({ description: 'false: the package is delivered and waits' }),
  url: z.url().max(2048).exactOptional().meta({ description: 'where the handset gets it; absent: from this server' }),
  descriptor: z.boolean().default(false).meta({ description: 'it gets a download descriptor of it' }),
  consent: ConsentWish.exactOptional().meta({
    description: 'what the person at the handset has to agree to before it begins',
  }),
  requested: z
    .enum(['user', 'device'])
    .exactOptional()
    .meta({ description: 'the handset asked for it: set by the server' }),
});

/** What is known of an update. */
export const FirmwareFacts = z.object({
  object: z.string().exactOptional().meta({ description: 'URI of the update object' }),
  before: z.string().exactOptional().meta({ description: 'DevDetail/FwV when the work began' }),
  after: z.string().exactOptional().meta({ description: 'DevDetail/FwV when the report was there' }),
  state: z.int().exactOptional().meta({ description: 'State of the update object when the report was there' }),
  delivered: z.literal(true).exactOptional().meta({ description: 'the package is on the handset' }),
});

/** A package of firmware that this server offers. */
export interface FirmwareOffer {
  readonly id: string;
  readonly manifest: FirmwareManifest;
}

export interface FirmwareWorkOptions {
  readonly store: JobStore;
  readonly facts: DeviceFacts;
  readonly packages: ReadonlyMap<
    string,
    { readonly name: string; readonly version: string; readonly content: ByteSource }
  >;
  readonly firmware: readonly FirmwareOffer[];
  /** Address of a package, or of its descriptor, as the handset gets it. */
  readonly urlOf: (packageId: string, descriptor: boolean) => string | undefined;
  /** The handset has accepted an operation of a job, whose report is due. */
  readonly onAccepted: (job: string, operation: FirmwareOperation) => void;
  /** The next question is only how far the handset has come. */
  readonly onWatch: () => void;
  /** Told which firmware there is, each time it was read. */
  readonly onFirmware: (version: string) => void;
}

/** Nothing goes through the cable twice where the handset can take it there; a handset may have no other network. */
const USUAL: readonly FirmwareDelivery[] = ['object', 'download-and-update', 'download'];
/** Who asks gets it in the way that begins at once (FUMO architecture, 5.4.5). */
const REQUESTED: readonly FirmwareDelivery[] = ['download-and-update', 'download', 'object'];

/** Updates the firmware of a handset as far as it gets in this session. */
export function* firmwareWork(job: Job, options: FirmwareWorkOptions): Work {
  const { store } = options;
  const end = (message: string): void => void store.finish(job.id, { state: 'failed', message });
  const object = yield* idleObject();
  if (typeof object === 'string') return end(object);
  const before = yield* readFirmwareVersion();
  if (before !== undefined) options.onFirmware(before);
  const wish = job.firmware;
  const present = wish?.delivery === 'present' || job.firmwareFacts?.delivered === true;
  const id = job.package ?? (present || wish?.url !== undefined ? undefined : suitable(before, options)?.id);
  const pkg = id === undefined ? undefined : options.packages.get(id);
  if (pkg === undefined && !present && wish?.url === undefined) return end(noPackage(job, before, options));
  store.amend(job.id, {
    ...(id === undefined ? {} : { package: id }),
    firmwareFacts: { ...job.firmwareFacts, object: object.uri, ...(before === undefined ? {} : { before }) },
  });
  const url = wish?.url ?? (id === undefined ? undefined : options.urlOf(id, wish?.descriptor ?? false));
  const outcome = yield* updateFirmware(object, {
    correlator: job.id,
    deliveries: present ? ['present'] : waysOf(wish),
    update: wish?.update ?? true,
    onAccepted: (operation) => options.onAccepted(job.id, operation),
    onWatch: options.onWatch,
    ...(wish?.consent === undefined ? {} : { consent: wish.consent }),
    ...(pkg === undefined ? {} : { name: pkg.name, version: pkg.version, content: pkg.content }),
    ...(url === undefined ? {} : { url }),
  });
  if (outcome.kind === 'completed' || outcome.kind === 'delivered' || outcome.kind === 'done') {
    yield* noteFirmware(job.id, object.uri, store, options.onFirmware);
  }
  const ended = outcomeOf(outcome);
  if (ended !== undefined) store.finish(job.id, ended);
}

/** What the handset says of its firmware after a report. */
export function* noteFirmware(
  job: string,
  object: string,
  store: JobStore,
  onFirmware: (version: string) => void,
): Work {
  const after = yield* readFirmwareVersion();
  if (after !== undefined) onFirmware(after);
  const state = yield* readFirmwareState(object);
  store.amend(job, {
    firmwareFacts: {
      ...store.get(job)?.firmwareFacts,
      ...(after === undefined ? {} : { after }),
      ...(state === undefined ? {} : { state }),
    },
  });
}

/** A report ends its job, but that of a download that an update has to follow. */
export function endOfFirmware({ operation, resultCode }: FirmwareComplete, job: Job): JobOutcome | undefined {
  const good = isSuccessfulUpdate(resultCode);
  if (good && operation === 'download' && job.firmware?.update !== false) return undefined;
  if (good) return { state: 'done', resultCode };
  const meaning = resultRow(resultCode)?.meaning ?? 'a code that no table has';
  return { state: 'failed', resultCode, message: `the handset ended the ${operation} with ${resultCode}: ${meaning}` };
}

function* idleObject(): Procedure<FirmwareObject | string> {
  const objects = yield* findFirmwareObjects();
  let busy: number | undefined;
  for (const object of objects) {
    const state = yield* readFirmwareState(object.uri);
    if (state === undefined || !isBusy(state)) return object;
    busy = state;
  }
  if (busy === undefined) return 'the handset has no object for an update of its firmware';
  return `the handset is at work on its firmware (state ${busy})`;
}

/** DevDetail/FwV. */
export function* readFirmwareVersion(): Procedure<string | undefined> {
  const { code, items } = yield* ask(getCommand('./DevDetail/FwV'));
  const text = isSuccess(code) && items[0] !== undefined ? itemText(items[0], undefined)?.trim() : undefined;
  return text === '' ? undefined : text;
}

/** The first package for this model that leads on from this firmware. */
function suitable(version: string | undefined, { facts, firmware }: FirmwareWorkOptions): FirmwareOffer | undefined {
  const target = { model: facts.devInfo.get('./DevInfo/Mod') ?? '', version: version ?? '' };
  return firmware.find(({ manifest }) => fits(manifest, target) && manifest.to !== target.version);
}

function noPackage(job: Job, version: string | undefined, { facts }: FirmwareWorkOptions): string {
  if (job.package !== undefined) return `there is no package ${job.package}`;
  return `there is no firmware for ${facts.devInfo.get('./DevInfo/Mod') ?? 'this model'} with ${version ?? 'its version'}`;
}

function waysOf(wish: Job['firmware']): readonly FirmwareDelivery[] {
  if (wish?.delivery !== undefined) return [wish.delivery];
  if (wish?.url !== undefined) return REQUESTED.filter((way) => way !== 'object');
  return wish?.requested === undefined ? USUAL : REQUESTED;
}

/** What an outcome means for its job; `undefined` when a report is due, or has ended it. */
function outcomeOf(outcome: FirmwareOutcome): JobOutcome | undefined {
  switch (outcome.kind) {
    case 'accepted':
    case 'completed':
      return undefined;
    case 'delivered':
    case 'done':
      return { state: 'done' };
    case 'no-way':
      return { state: 'failed', message: 'the handset has no way to this update that is wanted or possible' };
    case 'refused':
      return { state: 'failed', message: `the handset refused ${outcome.step} with status ${outcome.code}` };
    case 'declined':
    case 'postponed':
      return { state: 'failed', message: `the person at the handset did not agree (status ${outcome.code})` };
  }
}
