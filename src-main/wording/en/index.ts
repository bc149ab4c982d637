import { alerts } from './alerts.ts';
import { commands } from './commands.ts';
import { errors } from './errors.ts';
import { events } from './events.ts';
import { results } from './results.ts';
import { common } from './screens/common.ts';
import { demo } from './screens/demo.ts';
import { handsets } from './screens/handsets.ts';
import { help } from './screens/help.ts';
import { install } from './screens/install.ts';
import { journal } from './screens/journal.ts';
import { network } from './screens/network.ts';
import { packages } from './screens/packages.ts';
import { servers } from './screens/servers.ts';
import { session } from './screens/session.ts';
import { settings } from './screens/settings.ts';
import { shell } from './shell.ts';
import { statuses } from './statuses.ts';
import { steps } from './steps.ts';

/** English, which is the measure: a sentence that another language lacks does not compile. */
export const en = {
  ...{ alerts, commands, errors, events, results, shell, statuses, steps },
  screens: { common, handsets, install, session, demo, packages, journal, servers, settings, network, help },
};
