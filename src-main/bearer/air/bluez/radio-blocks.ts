import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Which Bluetooth radios are switched off, by the system's name of each (`hci0`, or that of a key of a notebook). */
export type RadioBlocks = ReadonlyMap<string, boolean>;

const RFKILL = '/sys/class/rfkill';

/** What the kernel tells of its switches (Documentation/ABI/stable/sysfs-class-rfkill); nothing where it has none. */
export async function readRadioBlocks(folder = RFKILL): Promise<RadioBlocks> {
  const names = await readdir(folder).catch(() => []);
  const rows = await Promise.all(names.map((name) => readSwitch(join(folder, name))));
  return new Map(rows.flatMap((row) => (row === undefined ? [] : [row])));
}

async function readSwitch(folder: string): Promise<readonly [string, boolean] | undefined> {
  const read = (name: string): Promise<string> => readFile(join(folder, name), 'utf8').then((text) => text.trim());
  try {
    const [type, name, soft, hard] = await Promise.all([read('type'), read('name'), read('soft'), read('hard')]);
    return type === 'bluetooth' ? [name, soft === '1' || hard === '1'] : undefined;
  } catch {
    // It was unplugged meanwhile.
    return undefined;
  }
}
