/** Names and states of FUMO 1.0 (spec sheet fumo, sections 1 to 4). */

export const FUMO_TYPE = 'urn:oma:mo:oma-fumo:1.0';

/** `<x>/State`. */
export const FirmwareState = {
  Idle: 10,
  DownloadFailed: 20,
  DownloadProgressing: 30,
  DownloadComplete: 40,
  ReadyToUpdate: 50,
  UpdateProgressing: 60,
  UpdateFailedWithData: 70,
  UpdateFailedWithoutData: 80,
  UpdateSuccessfulWithData: 90,
  UpdateSuccessfulWithoutData: 100,
} as const;
export type FirmwareState = (typeof FirmwareState)[keyof typeof FirmwareState];

/** What can be executed: the last part of the alert's type. */
export type FirmwareOperation = 'download' | 'update' | 'downloadandupdate';

/** Node of each operation below the object. */
export const OPERATION_NODE: Readonly<Record<FirmwareOperation, string>> = {
  download: 'Download',
  update: 'Update',
  downloadandupdate: 'DownloadAndUpdate',
};

/** Who wants an update: a person at the handset, or the handset itself. */
export type FirmwareRequester = 'user' | 'device';

/** What comes before the operation, `userrequest` or `devicerequest` in an alert's type. */
export const ALERT_PREFIX = 'org.openmobilealliance.dm.firmwareupdate.';
