import type { FirstWords } from '../catalogue.ts';
import { errors } from './errors.ts';
import { cards } from './screens/cards.ts';
import { common } from './screens/common.ts';
import { handsets } from './screens/handsets.ts';

/** German. */
export const de: FirstWords = {
  errors,
  screens: { cards, common, handsets },
};
