import type { FirstWords } from '../catalogue.ts';
import { alerts } from './alerts.ts';
import { commands } from './commands.ts';
import { errors } from './errors.ts';
import { events } from './events.ts';
import { results } from './results.ts';
import { cards } from './screens/cards.ts';
import { common } from './screens/common.ts';
import { handsets } from './screens/handsets.ts';
import { statuses } from './statuses.ts';
import { steps } from './steps.ts';

/** German. */
export const de: FirstWords = {
  ...{ alerts, commands, errors, events, results, statuses, steps },
  screens: { cards, common, handsets },
};
