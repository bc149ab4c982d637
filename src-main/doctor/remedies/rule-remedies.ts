import type { Remedy } from '../../contract/doctor.ts';
import { USB_DEVICES } from '../attached-device.ts';
import { ADMIN_FOLDER, MODEM_MANAGER_NAME, ownRules, RULES_NAME, type RuleName } from '../rule-files.ts';
import { readText, type System } from '../system.ts';
import { isWrittenByDoctor } from '../udev/installed-rules.ts';
import type { Errand } from './errand.ts';

/** A remedy and how the doctor does it and takes it back; a remedy for a person has neither. */
export interface Cure {
  readonly remedy: Remedy;
  readonly apply?: Errand;
  readonly undo?: Errand;
}

export interface RuleCureOptions {
  readonly system: System;
  /** Of the very device; absent: of all that may be meant. */
  readonly port?: string | undefined;
}

const UTF8 = new TextDecoder('utf-8');

/** Our rules in the administrator's folder, where they win over those of a package. */
export async function rulesCure({ system, port }: RuleCureOptions): Promise<Cure | undefined> {
  const content = await ownRules(system);
  const id = port === undefined ? 'udev-rules' : `udev-rules:usb:${port}`;
  return content === undefined ? undefined : fileCure({ system, port, name: RULES_NAME, content, id });
}

export interface ModemManagerOptions extends RuleCureOptions {
  /** Of the remedy. */
  readonly id: string;
  readonly vendorId?: number | undefined;
  readonly productId?: number | undefined;
}

/** The opt-in file, with a line for this very device, and those that it has already for others. */
export async function modemManagerCure(options: ModemManagerOptions): Promise<Cure | undefined> {
  const { system, port, id, vendorId, productId } = options;
  const ours = await ownRules(system, MODEM_MANAGER_NAME);
  if (ours === undefined) return undefined;
  const installed = (await readText(system, `${ADMIN_FOLDER}/${MODEM_MANAGER_NAME}`)) ?? '';
  const lines = new Set([...installed.matchAll(DEVICE_LINE)].map(([line]) => line));
  if (vendorId !== undefined && productId !== undefined) lines.add(deviceLine(vendorId, productId));
  const text = UTF8.decode(ours).replace(OTHERS, (heading) => [heading, ...[...lines].sort()].join('\n'));
  const content = new TextEncoder().encode(text);
  return fileCure({ system, port, name: MODEM_MANAGER_NAME, content, id });
}

const DEVICE_LINE =
  /^ATTRS\{idVendor\}=="[0-9a-f]{4}", ATTRS\{idProduct\}=="[0-9a-f]{4}", ENV\{ID_MM_DEVICE_IGNORE\}="1"$/gm;
const OTHERS = /^# Others, by vendor and product\.$/m;

function deviceLine(vendorId: number, productId: number): string {
  const [vendor, product] = [vendorId, productId].map((id) => id.toString(16).padStart(4, '0'));
  return `ATTRS{idVendor}=="${vendor}", ATTRS{idProduct}=="${product}", ENV{ID_MM_DEVICE_IGNORE}="1"`;
}

interface FileCure extends RuleCureOptions {
  readonly name: RuleName;
  readonly content: Uint8Array;
  readonly id: string;
}

async function fileCure({ system, port, name, content, id }: FileCure): Promise<Cure> {
  const applied = await isWrittenByDoctor(system, name);
  const installed = applied ? await readText(system, `${ADMIN_FOLDER}/${name}`) : undefined;
  const text = UTF8.decode(content);
  return {
    remedy: {
      id,
      kind: 'apply',
      path: `${ADMIN_FOLDER}/${name}`,
      content: text,
      commands: ['udevadm control --reload-rules', ...againCommands(port)],
      needsAdministrator: !system.administrator,
      applied,
      ...(applied && installed !== text ? { outdated: true } : {}),
    },
    apply: { kind: 'write', name, content, port },
    undo: { kind: 'restore', name, port },
  };
}

/** Lets udev go through its rules for a device whose node is not as they say. */
export function againCure(system: System, port: string): Cure {
  return {
    remedy: {
      id: `udev-again:usb:${port}`,
      kind: 'apply',
      commands: againCommands(port),
      needsAdministrator: !system.administrator,
      applied: false,
    },
    apply: { kind: 'again', port },
  };
}

function againCommands(port: string | undefined): string[] {
  const which =
    port === undefined ? '--subsystem-match=usb --subsystem-match=tty' : `--parent-match=${USB_DEVICES}/${port}`;
  return [`udevadm trigger --action=change ${which}`, 'udevadm settle --timeout=5'];
}
