import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A component of the virtual handset from the factory, and one that it does not have. */
export const CLOCK = 'com.example.clock';
export const TOOL = 'com.example.tool';
/** Octets of a package: more than fits a message. */
export const PACKAGE_SIZE = 150_000;

/** A newer clock, and something new, in a folder as `virtual-dms --packages` takes it. */
export function newerPackages(folder: string): string {
  const packages = join(folder, 'packages');
  mkdirSync(packages);
  const all = [
    { id: CLOCK, name: 'Clock', version: '1.10' },
    { id: TOOL, name: 'Tool', version: '2.0' },
  ];
  for (const about of all) {
    writeFileSync(join(packages, `${about.name}.bin`), randomBytes(PACKAGE_SIZE));
    writeFileSync(join(packages, `${about.name}.bin.json`), JSON.stringify(about));
  }
  return packages;
}
