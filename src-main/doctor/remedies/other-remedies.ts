import { assertNever } from '../../base/errors.ts';
import type { AirReason } from '../../bearer/air/air.ts';
import type { Holder } from '../../bearer/discovery.ts';
import { infPath, RUN_FOLDER } from '../rule-files.ts';
import type { System } from '../system.ts';
import type { Cure } from './rule-remedies.ts';

/** Only what stays the same for as long as the computer runs is worth a trace: a module is gone at the next start. */
export async function driverCure(system: System, thing?: string): Promise<Cure> {
  return {
    remedy: {
      id: thing === undefined ? 'driver' : `driver:${thing}`,
      kind: 'apply',
      commands: ['modprobe cdc_acm'],
      needsAdministrator: !system.administrator,
      applied: (await system.stat(`${RUN_FOLDER}/cdc_acm`)) !== undefined,
    },
    apply: { kind: 'load' },
    undo: { kind: 'unload' },
  };
}

/** It counts from the next login on, so nothing can be tried at once. */
export function groupCure(thing: string, user: string, group: string): Cure {
  return manual(`group:${thing}`, [`usermod -aG ${quoted(group)} ${quoted(user)}`], true);
}

/** The list of the group has the user already, this session does not. */
export function loginCure(thing: string): Cure {
  return manual(`login:${thing}`, [], false);
}

/** Another program has it: its own way to close is better than a signal. */
export function holderCure(thing: string, { pid }: Holder): Cure {
  return manual(`holder:${thing}`, [`ps -p ${pid} -o pid,user,args`, `kill ${pid}`], false);
}

/** What brings Bluetooth back, each by the program that the system has for it. */
export function bluetoothCure(reason: AirReason, user: string): Cure | undefined {
  switch (reason) {
    case 'air/blocked':
      return manual('bluetooth-radio', ['rfkill unblock bluetooth'], false);
    case 'air/not-powered':
      return manual('bluetooth-power', ['bluetoothctl power on'], false);
    case 'air/no-service':
      return manual('bluetooth-service', ['systemctl enable --now bluetooth'], true);
    case 'air/permission-denied':
      return manual('group:bluetooth', [`usermod -aG bluetooth ${quoted(user)}`], true);
    case 'air/no-adapter':
    case 'air/not-supported':
      return undefined;
    default:
      return assertNever(reason);
  }
}

/** A rule of somebody else's is the administrator's to change. */
export function ruleFileCure(path: string): Cure {
  return manual('rule-file', [`sudoedit ${quoted(path)}`, 'udevadm control --reload-rules'], true);
}

/** Windows takes a driver's file only with a signed catalogue beside it; the file itself says so too. */
export function windowsDriverCure(system: System, thing: string): Cure | undefined {
  const path = infPath(system);
  if (path === undefined) return undefined;
  return manual(`driver:${thing}`, [`pnputil /add-driver "${path.replaceAll('/', '\\')}" /install`], true);
}

function manual(id: string, commands: string[], needsAdministrator: boolean): Cure {
  return { remedy: { id, kind: 'manual', commands, needsAdministrator, applied: false } };
}

/** For a person's shell. */
function quoted(word: string): string {
  return /^[\w./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
