/** Result codes of a completion alert (spec sheet fumo, section 5). */

/**
 * Where a code comes from: a failed `download`, a failed `update`, either of both, or an operation that was done.
 */
export type ResultClass = 'success' | 'download' | 'update' | 'either';

export interface ResultRow {
  readonly from: number;
  /** Included. */
  readonly to: number;
  readonly meaning: string;
  readonly class: ResultClass;
}

const one = (code: number, meaning: string, kind: ResultClass): ResultRow => ({
  from: code,
  to: code,
  meaning,
  class: kind,
});

/** In the order of their numbers. 412 and 500 as implementations have them: the republished text lost both. */
export const RESULT_CODES: readonly ResultRow[] = [
  one(200, 'successful', 'success'),
  { from: 250, to: 299, meaning: 'successful, by the maker', class: 'success' },
  one(400, 'management client error', 'either'),
  one(401, 'cancelled by the user', 'either'),
  one(402, 'damaged update package', 'update'),
  one(403, 'the package is for another device or firmware', 'update'),
  one(404, 'the signature of the package is wrong', 'update'),
  one(405, 'package not acceptable', 'either'),
  one(406, 'the download server did not accept the device', 'download'),
  one(407, 'the download server did not answer in time', 'download'),
  one(408, 'not implemented', 'either'),
  one(409, 'undefined error', 'either'),
  one(410, 'firmware update failed', 'update'),
  one(411, 'malformed or bad URL', 'download'),
  one(412, 'download server unavailable', 'download'),
  { from: 450, to: 499, meaning: 'client error, by the maker', class: 'either' },
  one(500, 'download server error', 'download'),
  one(501, 'no memory for the download', 'download'),
  one(502, 'no memory for the update', 'update'),
  one(503, 'the download failed on the network', 'download'),
  { from: 550, to: 599, meaning: 'download server error, by the maker', class: 'download' },
];

export const FirmwareResult = {
  Successful: 200,
  CorruptedPackage: 402,
  PackageMismatch: 403,
  ValidationFailed: 404,
  NotAcceptable: 405,
  NotImplemented: 408,
  Undefined: 409,
  UpdateFailed: 410,
  BadUrl: 411,
  DownloadOutOfMemory: 501,
} as const;

/** The row of a code; `undefined` for one outside every table. */
export function resultRow(code: number): ResultRow | undefined {
  return RESULT_CODES.find(({ from, to }) => code >= from && code <= to);
}

/** 2xx is success, also of a number that no table has. */
export function isSuccessfulUpdate(code: number): boolean {
  return code >= 200 && code < 300;
}
