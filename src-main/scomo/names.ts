/**
 * Names, states and codes of SCOMO 1.0 (spec sheet scomo, sections 1 to 6; where the approved text could not be read,
 * at least two independent implementations agree on them).
 */

export const SCOMO_TYPE = 'urn:oma:mo:oma-scomo:1.0';
/** The types that a server takes for the object: SCOMO 1.1 adds nodes and takes none away. */
export const SCOMO_TYPES: readonly string[] = [SCOMO_TYPE, 'urn:oma:mo:oma-scomo:1.1'];
export const OPERATION_COMPLETE = 'urn:oma:at:scomo:1.0:OperationComplete';
/** The early draft's name of the same alert: accepted, never sent. */
export const OPERATION_COMPLETE_DRAFT = 'org.openmobilealliance.dm.softwarecomponent.OperationComplete';

/** Ours: a device, or the person who holds it, wants a package; Data is its PkgID. SCOMO 1.0 has no such alert. */
export const SOFTWARE_REQUEST = 'com.example.pcagent.scomo.request';

/** `Download/<x>/Status`. */
export const DownloadStatus = {
  Idle: 10,
  DownloadFailed: 20,
  DownloadProgressing: 30,
  DownloadComplete: 40,
  InstallProgressing: 50,
  InstallFailedWithData: 60,
  InstallFailedWithoutData: 70,
} as const;
export type DownloadStatus = (typeof DownloadStatus)[keyof typeof DownloadStatus];

/** `Delivered/<x>/Status`. */
export const DeliveredStatus = {
  Idle: 10,
  RemoveFailed: 20,
  RemoveProgressing: 30,
  InstallProgressing: 40,
  InstallFailedWithData: 50,
  InstallFailedWithoutData: 60,
} as const;
export type DeliveredStatus = (typeof DeliveredStatus)[keyof typeof DeliveredStatus];

/** One implementation writes this for 60: accepted, never sent. */
export const INSTALL_FAILED_WITHOUT_DATA_ODD = 70;

/** `Delivered/<x>/State`. */
export const DeliveredState = { Delivered: 10, Installed: 20 } as const;

/** `Deployed/<x>/Status`. */
export const DeployedStatus = {
  Idle: 10,
  RemoveFailed: 20,
  RemoveProgressing: 30,
  ActivateFailed: 40,
  ActivateProgressing: 50,
  DeactivateFailed: 60,
  DeactivateProgressing: 70,
} as const;
export type DeployedStatus = (typeof DeployedStatus)[keyof typeof DeployedStatus];

/** `Deployed/<x>/State`. */
export const DeployedState = { Inactive: 10, Active: 20 } as const;

/** Nodes below `Operations`, by what they do. */
export const OPERATION_NODE = {
  download: 'Download',
  'download-install': 'DownloadInstall',
  'download-install-inactive': 'DownloadInstallInactive',
  install: 'Install',
  'install-inactive': 'InstallInactive',
  remove: 'Remove',
  activate: 'Activate',
  deactivate: 'Deactivate',
} as const;
export type ScomoOperation = keyof typeof OPERATION_NODE;
export const SCOMO_OPERATIONS = [
  'download',
  'download-install',
  'download-install-inactive',
  'install',
  'install-inactive',
  'remove',
  'activate',
  'deactivate',
] as const satisfies readonly ScomoOperation[];

/** What a handset, or the person who holds it, may begin without a server. */
export const OWN_OPERATIONS = [
  'download-install',
  'install',
  'activate',
  'deactivate',
  'remove',
] as const satisfies readonly ScomoOperation[];
export type OwnOperation = (typeof OWN_OPERATIONS)[number];

/**
 * The same nodes as others spell them: the OMA's DDF file, an early draft, an implementation. Executed where they are
 * there, and there for servers that name them.
 */
export const OTHER_SPELLINGS: Readonly<Partial<Record<ScomoOperation, string>>> = {
  'download-install': 'DownloadInstallActivate',
  'download-install-inactive': 'DownlaodInstallInactive',
  deactivate: 'Deactive',
};

/** Result codes of the completion alert; all of them are in `result-codes.ts`. */
export const ResultCode = {
  Successful: 1200,
  UserCancelled: 1401,
  DownloadFailed: 1402,
  DownloadOutOfMemory: 1404,
  InstallFailed: 1405,
  InstallOutOfMemory: 1406,
  ValidationFailed: 1407,
  RemoveFailed: 1408,
  ActivateFailed: 1409,
  DeactivateFailed: 1410,
  NotImplemented: 1411,
  Undefined: 1412,
  WrongEnvironment: 1413,
  /** Of a maker: also what is installed well is taken back with what is not. */
  RolledBack: 1473,
} as const;

export function isSuccessfulResult(code: number): boolean {
  return code >= 1200 && code < 1300;
}
