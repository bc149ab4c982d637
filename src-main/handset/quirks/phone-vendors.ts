import { quirkFamilies } from './handset-traits.ts';

/** Vendors of the phone families of which something is known, by their USB-IF numbers. */
export function phoneVendors(): readonly number[] {
  return quirkFamilies().flatMap(({ match }) => match.vendorIds.map((id) => Number.parseInt(id, 16)));
}
