import type { Finding } from '../contract/doctor.ts';
import { type Accounts, readAccounts } from './accounts.ts';
import type { Cure } from './remedies/rule-remedies.ts';
import { readText, readValue, type System } from './system.ts';
import { hasUdev, type InstalledRules, installedRules } from './udev/installed-rules.ts';

/** What several checks need to know of the computer. */
export interface Examination {
  readonly system: System;
  readonly accounts: Accounts;
  /** udev runs here. */
  readonly udev: boolean;
  readonly rules: InstalledRules;
  /** The modem service, where it runs. */
  readonly modemManager?: { readonly pid: number };
}

/** What a check found, and what the doctor would do about it. */
export interface Checked {
  readonly finding: Finding;
  readonly cure?: Cure | undefined;
}

/** A computer with more is not looked through to its end. */
const MOST_PROCESSES = 8_192;
const AT_A_TIME = 64;

export async function examine(system: System): Promise<Examination> {
  const [accounts, udev, rules, pid] = await Promise.all([
    readAccounts(system),
    hasUdev(system),
    installedRules(system),
    system.platform === 'linux' ? processNamed(system, 'ModemManager') : undefined,
  ]);
  return { system, accounts, udev, rules, ...(pid === undefined ? {} : { modemManager: { pid } }) };
}

async function processNamed(system: System, name: string): Promise<number | undefined> {
  const pids = (await system.list('/proc')).filter((entry) => /^\d{1,10}$/.test(entry)).slice(0, MOST_PROCESSES);
  for (let at = 0; at < pids.length; at += AT_A_TIME) {
    const some = pids.slice(at, at + AT_A_TIME);
    const names = await Promise.all(some.map((pid) => readValue(system, `/proc/${pid}/comm`)));
    const found = some[names.indexOf(name)];
    if (found !== undefined) return Number(found);
  }
  return undefined;
}

/** Properties that udev keeps of a device node (`E:` lines of its database); none where it keeps nothing. */
export async function udevProperties(system: System, key: string): Promise<ReadonlyMap<string, string>> {
  const text = (await readText(system, `/run/udev/data/${key}`)) ?? '';
  return new Map([...text.matchAll(/^E:([^=\n]+)=(.*)$/gm)].map(([, name = '', value = '']) => [name, value]));
}
