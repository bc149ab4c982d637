import { deviceKey } from '../../../src-main/base/device-key.ts';
import { isVirtualImei } from '../../../src-main/base/imei.ts';
import type { KnownHandset } from '../../../src-main/contract/handsets.ts';
import type { DmsJobView } from '../../../src-main/contract/software-views.ts';
import type { Catalogue } from '../../../src-main/wording/catalogue.ts';
import { resultCodeText } from '../../../src-main/wording/code-text.ts';
import type { Language } from '../../../src-main/wording/language.ts';
import { deviceName, deviceNumber } from '../../components/device-name.ts';

type Words = Catalogue['screens']['serverJobs'];

/** What stands for a job's state: what it waits for is part of it. */
export type JobStanding = keyof Words['states'];

export function standingOf({ state, approval }: Pick<DmsJobView, 'state' | 'approval'>): JobStanding {
  if (approval === 'awaited' && state === 'queued') return approval;
  if (approval === 'refused' && state !== 'done') return approval;
  return state;
}

/** It waits for a phone and for nothing else. */
export function isWaiting(job: Pick<DmsJobView, 'state' | 'approval'>): boolean {
  return standingOf(job) === 'queued';
}

/** Whether a job is about this handset; one for a model is about every one of it. */
export function isAbout(
  job: Pick<DmsJobView, 'device' | 'model'>,
  handset: Pick<KnownHandset, 'device' | 'model'>,
): boolean {
  if (job.device !== undefined) return deviceKey(job.device) === deviceKey(handset.device);
  return job.model !== undefined && job.model === handset.model;
}

/** What a job does, and with what. */
export function dmsJobText(job: DmsJobView, nameOf: (id: string) => string | undefined, { operations }: Words): string {
  const { operation, package: packageId, component } = job;
  const what = packageId === undefined ? component : (nameOf(packageId) ?? packageId);
  switch (operation) {
    case 'inventory':
    case 'ask':
    case 'commands':
      return operations[operation];
    case 'firmware':
      return operations.firmware(what);
    case 'install':
    case 'update':
    case 'remove':
    case 'activate':
    case 'deactivate':
      return what === undefined ? operations.other(operation, what) : operations[operation](what);
    default:
      return operations.other(operation, what);
  }
}

/** What people call the phone of a job. */
export function jobPhoneText(
  { device, model }: Pick<DmsJobView, 'device' | 'model'>,
  handsets: readonly KnownHandset[],
  words: Words,
): string {
  if (device === undefined) return model === undefined ? words.anyPhone : words.model(model);
  const known = handsets.find((each) => deviceKey(each.device) === deviceKey(device));
  if (known !== undefined) return deviceName(known);
  return deviceNumber({ device, virtual: isVirtualImei(deviceKey(device)) });
}

/** What became of a job in words, with the handset's own code; empty while nothing is known. */
export function jobResultWords({ resultCode }: DmsJobView, words: Words, language: Language): string {
  if (resultCode === undefined) return '';
  return words.withCode(resultCodeText(resultCode, language), String(resultCode));
}
