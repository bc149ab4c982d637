/** Result codes of a completion alert (spec sheet scomo, section 6). */

/** Which part of an operation a code speaks of; `any` for those that speak of none. */
export type ResultClass = 'success' | 'download' | 'install' | 'remove' | 'activate' | 'deactivate' | 'any';

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

/** In the order of their numbers; those of a maker that are known by name come before the range that they are of. */
export const RESULT_CODES: readonly ResultRow[] = [
  one(1200, 'successful', 'success'),
  { from: 1250, to: 1299, meaning: 'successful, by the maker', class: 'success' },
  one(1400, 'client error', 'any'),
  one(1401, 'cancelled by the user', 'any'),
  one(1402, 'the download failed', 'download'),
  one(1403, 'the download server did not accept the device', 'download'),
  one(1404, 'no memory for the download', 'download'),
  one(1405, 'the installation failed', 'install'),
  one(1406, 'no memory for the installation', 'install'),
  one(1407, 'the package did not pass the check', 'install'),
  one(1408, 'the removal failed', 'remove'),
  one(1409, 'the activation failed', 'activate'),
  one(1410, 'the deactivation failed', 'deactivate'),
  one(1411, 'not implemented', 'any'),
  one(1412, 'undefined error', 'any'),
  one(1413, 'made for another environment', 'install'),
  one(1452, 'only a part was installed', 'install'),
  one(1472, 'installed and taken back', 'install'),
  one(1473, 'the installation failed and was taken back', 'install'),
  one(1475, 'the installation failed and could not be taken back', 'install'),
  { from: 1450, to: 1499, meaning: 'client error, by the maker', class: 'any' },
  one(1500, 'download server error', 'download'),
  one(1501, 'download server unavailable', 'download'),
  { from: 1550, to: 1599, meaning: 'download server error, by the maker', class: 'download' },
];

/** The row of a code; `undefined` for one outside every table. */
export function resultRow(code: number): ResultRow | undefined {
  return RESULT_CODES.find(({ from, to }) => code >= from && code <= to);
}
