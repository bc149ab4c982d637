import type { Catalogue } from '../../src-main/wording/catalogue.ts';

/** The state words that are the same everywhere. */
export type StateWord = keyof Catalogue['screens']['common']['states'];
