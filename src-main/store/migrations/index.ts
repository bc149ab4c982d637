import type { Migration } from '../migrate.ts';
import { settingsMigration } from './001-settings.ts';
import { journalMigration } from './002-journal.ts';
import { cacheMigration } from './003-cache.ts';
import { jobsMigration } from './004-jobs.ts';
import { ownAccountsMigration } from './005-own-accounts.ts';
import { softwareOrdersMigration } from './006-software-orders.ts';
import { archivesMigration } from './007-archives.ts';
import { cardsMigration } from './008-cards.ts';

/** In order, each once. A migration that has been released is never changed: what comes later is a new one. */
export const MIGRATIONS: readonly Migration[] = [
  settingsMigration,
  journalMigration,
  cacheMigration,
  jobsMigration,
  ownAccountsMigration,
  softwareOrdersMigration,
  archivesMigration,
  cardsMigration,
];
