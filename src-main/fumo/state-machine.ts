import { FirmwareState } from './names.ts';

/**
 * - `package-set`: PkgData came whole; `package-removed`: the package is gone, by whomever
 * - `url-set`: one of the PkgURLs was replaced
 * - `download-ordered`: Download or DownloadAndUpdate is executed; `update-ordered`: Update is, or what follows the
 *   download of a DownloadAndUpdate
 * - `kept`: a package that was downloaded lies where an update finds it
 * - `cleaned-up`: what an operation has left is forgotten
 */
export const FIRMWARE_EVENTS = [
  'package-set',
  'package-removed',
  'url-set',
  'download-ordered',
  'downloaded',
  'download-failed',
  'kept',
  'update-ordered',
  'updated',
  'update-failed',
  'cleaned-up',
] as const;
export type FirmwareEvent = (typeof FIRMWARE_EVENTS)[number];

type Row = Readonly<Partial<Record<FirmwareEvent, FirmwareState>>>;

/** A new beginning is possible from every end: the clean-up before it is part of it. */
const BEGINNINGS = {
  'package-set': FirmwareState.ReadyToUpdate,
  'url-set': FirmwareState.Idle,
  'download-ordered': FirmwareState.DownloadProgressing,
  'cleaned-up': FirmwareState.Idle,
} as const;

/**
 * Figure 10.2 of FUMO 1.0; an event that is not there is refused. While something progresses nothing begins.
 *
 * Update may be executed again where it failed and the package is still there, since the package on the device is all
 * that it demands. After an update the same package fits no longer.
 */
const TABLE: Readonly<Record<FirmwareState, Row>> = {
  [FirmwareState.Idle]: { ...BEGINNINGS, 'package-removed': FirmwareState.Idle },
  [FirmwareState.DownloadFailed]: { ...BEGINNINGS, 'package-removed': FirmwareState.DownloadFailed },
  [FirmwareState.DownloadProgressing]: {
    downloaded: FirmwareState.DownloadComplete,
    'download-failed': FirmwareState.DownloadFailed,
  },
  [FirmwareState.DownloadComplete]: { kept: FirmwareState.ReadyToUpdate },
  [FirmwareState.ReadyToUpdate]: {
    'package-set': FirmwareState.ReadyToUpdate,
    'package-removed': FirmwareState.Idle,
    'url-set': FirmwareState.Idle,
    'update-ordered': FirmwareState.UpdateProgressing,
  },
  [FirmwareState.UpdateProgressing]: {
    updated: FirmwareState.UpdateSuccessfulWithData,
    'update-failed': FirmwareState.UpdateFailedWithData,
  },
  [FirmwareState.UpdateFailedWithData]: {
    ...BEGINNINGS,
    'package-removed': FirmwareState.UpdateFailedWithoutData,
    'update-ordered': FirmwareState.UpdateProgressing,
  },
  [FirmwareState.UpdateFailedWithoutData]: {
    ...BEGINNINGS,
    'package-removed': FirmwareState.UpdateFailedWithoutData,
  },
  [FirmwareState.UpdateSuccessfulWithData]: {
    ...BEGINNINGS,
    'package-removed': FirmwareState.UpdateSuccessfulWithoutData,
  },
  [FirmwareState.UpdateSuccessfulWithoutData]: {
    ...BEGINNINGS,
    'package-removed': FirmwareState.UpdateSuccessfulWithoutData,
  },
};

/** The state after an event, `undefined` when it cannot happen in this one. */
export function nextState(state: FirmwareState, event: FirmwareEvent): FirmwareState | undefined {
  return TABLE[state][event];
}

export function firmwareStateOf(value: number): FirmwareState | undefined {
  return Object.values(FirmwareState).find((state) => state === value);
}

/** Nothing more comes of it by itself. */
export function isTerminal(state: number): boolean {
  switch (state) {
    case FirmwareState.DownloadFailed:
    case FirmwareState.UpdateFailedWithData:
    case FirmwareState.UpdateFailedWithoutData:
    case FirmwareState.UpdateSuccessfulWithData:
    case FirmwareState.UpdateSuccessfulWithoutData:
      return true;
    default:
      return false;
  }
}

/** The object is at work, so nobody may change what it works with. */
export function isBusy(state: number): boolean {
  switch (state) {
    case FirmwareState.DownloadProgressing:
    case FirmwareState.DownloadComplete:
    case FirmwareState.UpdateProgressing:
      return true;
    default:
      return false;
  }
}
