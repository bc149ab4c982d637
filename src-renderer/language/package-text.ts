import type { Catalogue } from '../../src-main/wording/catalogue.ts';

/** A DM package as people count it: the call, then steps 1 to 4. */
export function packageText(dmPackage: number, words: Catalogue['screen']): string {
  if (dmPackage < 0) return words.unreadPackage;
  return dmPackage === 0 ? words.packageCall : words.package(dmPackage);
}
