import { alerts as deAlerts } from './de/alerts.ts';
import { commands as deCommands } from './de/commands.ts';
import { errors as deErrors } from './de/errors.ts';
import { events as deEvents } from './de/events.ts';
import { results as deResults } from './de/results.ts';
import { screen as deScreen } from './de/screen.ts';
import { statuses as deStatuses } from './de/statuses.ts';
import { steps as deSteps } from './de/steps.ts';
import { alerts } from './en/alerts.ts';
import { commands } from './en/commands.ts';
import { errors } from './en/errors.ts';
import { events } from './en/events.ts';
import { results } from './en/results.ts';
import { screen } from './en/screen.ts';
import { statuses } from './en/statuses.ts';
import { steps } from './en/steps.ts';
import type { Language } from './language.ts';

const EN = { alerts, commands, errors, events, results, screen, statuses, steps };

/** English is the measure: a sentence that another language lacks does not compile. */
export type Catalogue = typeof EN;

const CATALOGUES: Readonly<Record<Language, Catalogue>> = {
  en: EN,
  de: {
    alerts: deAlerts,
    commands: deCommands,
    errors: deErrors,
    events: deEvents,
    results: deResults,
    screen: deScreen,
    statuses: deStatuses,
    steps: deSteps,
  },
};

export function catalogue(language: Language): Catalogue {
  return CATALOGUES[language];
}
