import { join } from 'node:path';
import type { System } from './system.ts';

/** Who may open handsets. Below 73, where `73-seat-late.rules` gives the person at the seat what is tagged `uaccess`. */
export const RULES_NAME = '70-pc-agent.rules';
/** Opt-in: which handsets ModemManager leaves alone. */
export const MODEM_MANAGER_NAME = '70-pc-agent-modem-manager.rules';
export const INF_NAME = 'pc-agent-obex.inf';

export type RuleName = typeof RULES_NAME | typeof MODEM_MANAGER_NAME;

/** Where an administrator puts rules; what lies here wins over files of the same name elsewhere (udev(7)). */
export const ADMIN_FOLDER = '/etc/udev/rules.d';
/** All folders of rules; of files with one name the first found counts (udev(7)). */
export const RULE_FOLDERS: readonly string[] = [
  ADMIN_FOLDER,
  '/run/udev/rules.d',
  '/usr/local/lib/udev/rules.d',
  '/usr/lib/udev/rules.d',
  '/lib/udev/rules.d',
];
/** What was there before the doctor wrote, and digests of what it wrote. The administrator's own. */
export const KEPT_FOLDER = '/var/lib/pc-agent/doctor';
/** Traces of what the doctor did until the next start of the computer. */
export const RUN_FOLDER = '/run/pc-agent-doctor';

/** This version's rules, as they come with the program; `undefined` where they are missing. */
export async function ownRules(system: System, name: RuleName = RULES_NAME): Promise<Uint8Array | undefined> {
  if (system.nativeFolder === undefined) return undefined;
  return system.readFile(join(system.nativeFolder, 'udev', name));
}

export function infPath(system: System): string | undefined {
  return system.nativeFolder === undefined ? undefined : join(system.nativeFolder, 'inf', INF_NAME);
}
