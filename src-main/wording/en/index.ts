import { errors } from './errors.ts';
import { cards } from './screens/cards.ts';
import { common } from './screens/common.ts';
import { handsets } from './screens/handsets.ts';

/** English, which is the measure: a sentence that another language lacks does not compile. */
export const en = {
  errors,
  screens: { cards, common, handsets },
};
