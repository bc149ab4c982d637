/**
 * Names, states and codes of SCOMO 1.0 (spec sheet scomo, sections 1 to 6; where the approved text could not be read,
 * at least two independent implementations agree on them).
 */

export const SCOMO_TYPE = 'urn:oma:mo:oma-scomo:1.0';
export const OPERATION_COMPLETE = 'urn:oma:at:scomo:1.0:OperationComplete';
/** The early draft's name of the same alert: accepted, never sent. */
export const OPERATION_COMPLETE_DRAFT = 'org.openmobilealliance.dm.softwarecomponent.OperationComplete';

/** `Delivered/<x>/Status`. */
export const DeliveredStatus = {
  Idle: 10,
  RemoveFailed: 20,
  RemoveProgressing: 30,
  InstallProgressing: 40,
  InstallFailedWithData: 50,
  InstallFailedWithoutData: 60,
} as const;

/** `Delivered/<x>/State`. */
export const DeliveredState = { Delivered: 10, Installed: 20 } as const;

/** `Deployed/<x>/Status`. */
export const DeployedStatus = { Idle: 10, RemoveFailed: 20, RemoveProgressing: 30 } as const;

/** `Deployed/<x>/State`. */
export const DeployedState = { Inactive: 10, Active: 20 } as const;

/** Result codes of the completion alert. */
export const ResultCode = {
  Successful: 1200,
  ClientError: 1400,
  UserCancelled: 1401,
  DownloadFailed: 1402,
  DownloadAuthenticationFailed: 1403,
  DownloadOutOfMemory: 1404,
  InstallFailed: 1405,
  InstallOutOfMemory: 1406,
  ValidationFailed: 1407,
  RemoveFailed: 1408,
  ActivateFailed: 1409,
  DeactivateFailed: 1410,
  NotImplemented: 1411,
  Undefined: 1412,
} as const;

export function isSuccessfulResult(code: number): boolean {
  return code >= 1200 && code < 1300;
}
