import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from 'vitest';
import { nodeClock } from '../../../src-main/base/node/clock.ts';
import { openStore, type Store, type StoreOptions } from '../../../src-main/store/store.ts';

/** A folder for one test, and stores in it that are closed after it. */
export function scratch() {
  const folders: string[] = [];
  const stores: Store[] = [];
  afterEach(async () => {
    for (const store of stores.splice(0)) await store.close();
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
  });
  const folder = (): string => {
    const made = mkdtempSync(join(tmpdir(), 'pc-agent-store-'));
    folders.push(made);
    return made;
  };
  return {
    folder,
    file: (): string => join(folder(), 'pc-agent.db'),
    open: (file: string, options: Partial<StoreOptions> = {}): Store => {
      const store = openStore({ file, clock: nodeClock, ...options });
      stores.push(store);
      return store;
    },
  };
}
