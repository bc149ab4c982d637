import { errors } from './errors.ts';
import { events } from './events.ts';
import { cards } from './screens/cards.ts';
import { common } from './screens/common.ts';
import { handsets } from './screens/handsets.ts';

/** English, which is the measure: a sentence that another language lacks does not compile. */
export const en = {
  ...{ errors, events },
  screens: { cards, common, handsets },
};
