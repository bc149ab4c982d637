import type { LaterWords } from '../catalogue.ts';
import { alerts } from './alerts.ts';
import { commands } from './commands.ts';
import { events } from './events.ts';
import { results } from './results.ts';
import { air } from './screens/air.ts';
import { demo } from './screens/demo.ts';
import { doctor } from './screens/doctor.ts';
import { help } from './screens/help.ts';
import { install } from './screens/install.ts';
import { journal } from './screens/journal.ts';
import { links } from './screens/links.ts';
import { listening } from './screens/listening.ts';
import { network } from './screens/network.ts';
import { outcome } from './screens/outcome.ts';
import { packages } from './screens/packages.ts';
import { prompts } from './screens/prompts.ts';
import { serverJobs } from './screens/server-jobs.ts';
import { servers } from './screens/servers.ts';
import { session } from './screens/session.ts';
import { settings } from './screens/settings.ts';
import { software } from './screens/software.ts';
import { virtual } from './screens/virtual.ts';
import { shell } from './shell.ts';
import { statuses } from './statuses.ts';
import { steps } from './steps.ts';

/** What is not in the window's first drawing. */
export const deLater: LaterWords = {
  ...{ alerts, commands, events, results, shell, statuses, steps },
  screens: {
    air,
    demo,
    doctor,
    help,
    install,
    journal,
    links,
    listening,
    network,
    outcome,
    packages,
    prompts,
    serverJobs,
    servers,
    session,
    settings,
    software,
    virtual,
  },
};
