import { DeliveredStatus, DeployedStatus, DownloadStatus } from './names.ts';

/** What moves the `Status` of a node of SCOMO 1.0 (spec sheet scomo, sections 3 and 4). */
type Table<Status extends number, Event extends string> = Readonly<
  Record<Status, Readonly<Partial<Record<Event, Status>>>>
>;

const d = DownloadStatus;

/** `Download/<x>/Status`. A job may be begun again where it failed; after a success its node goes. */
export const DOWNLOAD_TABLE: Table<
  DownloadStatus,
  'download-begun' | 'downloaded' | 'download-failed' | 'install-begun' | 'install-failed' | 'data-gone'
> = {
  [d.Idle]: { 'download-begun': d.DownloadProgressing },
  [d.DownloadFailed]: { 'download-begun': d.DownloadProgressing },
  [d.DownloadProgressing]: {
    // After a restart, from its beginning.
    'download-begun': d.DownloadProgressing,
    downloaded: d.DownloadComplete,
    'download-failed': d.DownloadFailed,
  },
  [d.DownloadComplete]: { 'download-begun': d.DownloadProgressing, 'install-begun': d.InstallProgressing },
  [d.InstallProgressing]: { 'install-failed': d.InstallFailedWithData },
  [d.InstallFailedWithData]: {
    'download-begun': d.DownloadProgressing,
    'data-gone': d.InstallFailedWithoutData,
  },
  [d.InstallFailedWithoutData]: { 'download-begun': d.DownloadProgressing },
};

const p = DeliveredStatus;
const PACKAGE_BEGINNINGS = { 'remove-begun': p.RemoveProgressing, 'install-begun': p.InstallProgressing } as const;

/** `Delivered/<x>/Status`. */
export const DELIVERED_TABLE: Table<
  DeliveredStatus,
  'remove-begun' | 'remove-failed' | 'install-begun' | 'installed' | 'install-failed' | 'data-gone' | 'data-come'
> = {
  [p.Idle]: PACKAGE_BEGINNINGS,
  [p.RemoveFailed]: PACKAGE_BEGINNINGS,
  [p.RemoveProgressing]: { 'remove-failed': p.RemoveFailed },
  [p.InstallProgressing]: { installed: p.Idle, 'install-failed': p.InstallFailedWithData },
  [p.InstallFailedWithData]: { ...PACKAGE_BEGINNINGS, 'data-gone': p.InstallFailedWithoutData },
  [p.InstallFailedWithoutData]: { ...PACKAGE_BEGINNINGS, 'data-come': p.Idle },
};

const c = DeployedStatus;
const COMPONENT_BEGINNINGS = {
  'remove-begun': c.RemoveProgressing,
  'activate-begun': c.ActivateProgressing,
  'deactivate-begun': c.DeactivateProgressing,
} as const;

/** `Deployed/<x>/Status`. */
export const DEPLOYED_TABLE: Table<
  DeployedStatus,
  | 'remove-begun'
  | 'remove-failed'
  | 'activate-begun'
  | 'activated'
  | 'activate-failed'
  | 'deactivate-begun'
  | 'deactivated'
  | 'deactivate-failed'
> = {
  [c.Idle]: COMPONENT_BEGINNINGS,
  [c.RemoveFailed]: COMPONENT_BEGINNINGS,
  [c.RemoveProgressing]: { 'remove-failed': c.RemoveFailed },
  [c.ActivateFailed]: COMPONENT_BEGINNINGS,
  [c.ActivateProgressing]: { activated: c.Idle, 'activate-failed': c.ActivateFailed },
  [c.DeactivateFailed]: COMPONENT_BEGINNINGS,
  [c.DeactivateProgressing]: { deactivated: c.Idle, 'deactivate-failed': c.DeactivateFailed },
};

/** The status after an event; `undefined` when it cannot happen in this one, or when no table has this one. */
export function nextStatus<Status extends number, Event extends string>(
  table: Table<Status, Event>,
  status: number,
  event: Event,
): Status | undefined {
  const rows: Readonly<Record<number, Readonly<Partial<Record<Event, Status>>> | undefined>> = table;
  return rows[status]?.[event];
}
