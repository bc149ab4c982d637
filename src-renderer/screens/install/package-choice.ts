import type { PackageView } from '../../../src-main/contract/results.ts';

/** Rows that are drawn at once; who looks for another types a part of its name. */
export const SHOWN_PACKAGES = 60;

/** How a package stands to one handset. */
export interface PackageChoice {
  readonly package: PackageView;
  /** `other-model`: it is for another model; `quarantined`: it was taken out of use. */
  readonly fit: 'suitable' | 'other-model' | 'quarantined';
}

export interface PackageChoices {
  readonly suitable: readonly PackageChoice[];
  readonly others: readonly PackageChoice[];
  /** How many more there are than are shown. */
  readonly more: number;
}

/** Packages that hold `search`, those for this handset first, of these the verified ones. */
export function packageChoices(
  packages: readonly PackageView[],
  model: string | undefined,
  search: string,
): PackageChoices {
  const wanted = plain(search);
  const found = packages
    // Firmware has a dialog of its own, with its warnings.
    .filter(({ contents }) => contents?.kind !== 'firmware')
    .filter(({ id, name, version }) => plain(`${name} ${version} ${id}`).includes(wanted))
    .map((each) => ({ package: each, fit: fitOf(each, model) }))
    .toSorted((a, b) => rank(a) - rank(b) || a.package.name.localeCompare(b.package.name));
  const shown = found.slice(0, SHOWN_PACKAGES);
  return {
    suitable: shown.filter(({ fit }) => fit === 'suitable'),
    others: shown.filter(({ fit }) => fit !== 'suitable'),
    more: found.length - shown.length,
  };
}

/** The host decides in the end; where the model is not known every package may suit. */
function fitOf({ model: wanted, quarantined }: PackageView, model: string | undefined): PackageChoice['fit'] {
  if (quarantined !== undefined) return 'quarantined';
  if (wanted === undefined || plain(wanted) === '') return 'suitable';
  return model === undefined || plain(model) === plain(wanted) ? 'suitable' : 'other-model';
}

function rank({ fit, package: { trust } }: PackageChoice): number {
  if (fit === 'quarantined') return 3;
  if (fit === 'other-model') return 2;
  return trust === 'verified' ? 0 : 1;
}

function plain(text: string): string {
  return text.trim().replace(/\s+/g, ' ').toLowerCase();
}
