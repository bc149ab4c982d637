import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from 'vitest';
import type { Clock } from '../../../src-main/base/clock.ts';
import { type Journal, type JournalOptions, openJournal } from '../../../src-main/journal/journal.ts';
import { openStore, type Store } from '../../../src-main/store/store.ts';

export const DAY = 24 * 60 * 60 * 1000;

/** A clock that stands until it is moved. */
export class StandingClock implements Clock {
  wall = Date.UTC(2026, 5, 1);
  time = 1000;

  now(): Date {
    return new Date(this.wall);
  }

  monotonic(): number {
    return this.time;
  }

  sleep(): Promise<void> {
    return Promise.reject(new Error('nobody sleeps here'));
  }

  /** Time goes by. */
  pass(milliseconds: number): void {
    this.wall += milliseconds;
    this.time += milliseconds;
  }
}

export interface Rig {
  readonly folder: string;
  readonly clock: StandingClock;
  readonly store: Store;
  readonly journal: Journal;
  readonly problems: unknown[];
  /** As after a restart; `killed` leaves the journal as it is. */
  again(how?: { readonly killed?: boolean; readonly away?: number }): Promise<Rig>;
}

export function rigs(): (options?: Partial<JournalOptions>) => Rig {
  const running: Rig[] = [];
  afterEach(async () => {
    for (const { journal, store, folder } of running.splice(0)) {
      journal.close();
      await store.close();
      rmSync(folder, { recursive: true, force: true });
    }
  });
  const start = (folder: string, clock: StandingClock, options: Partial<JournalOptions>): Rig => {
    const problems: unknown[] = [];
    const onProblem = (error: unknown) => problems.push(error);
    const onTraceLost = (error: unknown) => problems.push(error);
    const store = openStore({ file: join(folder, 'pc-agent.db'), clock, onTraceLost });
    const journal = openJournal({ store, folder: join(folder, 'journal'), clock, onProblem, ...options });
    const rig: Rig = {
      folder,
      clock,
      store,
      journal,
      problems,
      again: async ({ killed = false, away = 0 } = {}) => {
        if (!killed) journal.close();
        await store.close();
        running.splice(running.indexOf(rig), 1);
        clock.wall += away;
        return start(folder, clock, options);
      },
    };
    running.push(rig);
    return rig;
  };
  return (options = {}) => start(mkdtempSync(join(tmpdir(), 'pc-agent-journal-')), new StandingClock(), options);
}
