/** Status codes of SyncML 1.2 (DM Representation 1.2, section 10; the numbers that DM does not use keep their names). */
export const Status = {
  InProgress: 101,
  Ok: 200,
  ItemAdded: 201,
  Accepted: 202,
  NonAuthoritativeResponse: 203,
  NoContent: 204,
  ResetContent: 205,
  PartialContent: 206,
  ConflictResolvedWithMerge: 207,
  ConflictResolvedWithClient: 208,
  ConflictResolvedWithDuplicate: 209,
  DeletedWithoutArchive: 210,
  ItemNotDeleted: 211,
  AuthenticationAccepted: 212,
  ChunkAccepted: 213,
  OperationCancelled: 214,
  NotExecuted: 215,
  AtomicRollBackOk: 216,
  MultipleChoices: 300,
  MovedPermanently: 301,
  Found: 302,
  SeeOther: 303,
  NotModified: 304,
  UseProxy: 305,
  BadRequest: 400,
  InvalidCredentials: 401,
  PaymentRequired: 402,
  Forbidden: 403,
  NotFound: 404,
  CommandNotAllowed: 405,
  OptionalFeatureNotSupported: 406,
  MissingCredentials: 407,
  RequestTimeout: 408,
  Conflict: 409,
  Gone: 410,
  SizeRequired: 411,
  IncompleteCommand: 412,
  RequestEntityTooLarge: 413,
  UriTooLong: 414,
  UnsupportedMediaType: 415,
  RequestedSizeTooBig: 416,
  RetryLater: 417,
  AlreadyExists: 418,
  ConflictResolvedWithServer: 419,
  DeviceFull: 420,
  UnknownSearchGrammar: 421,
  BadCgiScript: 422,
  SoftDeleteConflict: 423,
  SizeMismatch: 424,
  PermissionDenied: 425,
  PartialItemNotAccepted: 426,
  ItemNotEmpty: 427,
  MoveFailed: 428,
  CommandFailed: 500,
  CommandNotImplemented: 501,
  BadGateway: 502,
  ServiceUnavailable: 503,
  GatewayTimeout: 504,
  DtdVersionNotSupported: 505,
  ProcessingError: 506,
  AtomicFailed: 507,
  RefreshRequired: 508,
  DataStoreFailure: 510,
  ServerFailure: 511,
  SynchronizationFailed: 512,
  ProtocolVersionNotSupported: 513,
  OperationCancelledByServer: 514,
  AtomicRollBackFailed: 516,
  AtomicResponseTooLarge: 517,
} as const;
export type Status = (typeof Status)[keyof typeof Status];

const NAMES = new Map<number, string>();
for (const [name, code] of Object.entries(Status)) NAMES.set(code, spaced(name));

function spaced(name: string): string {
  return name.charAt(0) + name.slice(1).replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

/** Name of a code as the standard calls it, in sentence case; `undefined` for a number without one. */
export function statusName(code: number): string | undefined {
  return NAMES.get(code);
}

/** An unknown number counts as the x00 of its class (representation sheet, section 2.1). */
export function knownStatus(code: number): number {
  return NAMES.has(code) || !Number.isInteger(code) ? code : Math.floor(code / 100) * 100;
}

export function isSuccess(code: number): boolean {
  return code >= 200 && code < 300;
}
