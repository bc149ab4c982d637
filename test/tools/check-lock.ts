import { readFileSync } from 'node:fs';
import { z } from 'zod';

const Lock = z.object({
  packages: z.record(
    z.string(),
    z.looseObject({
      resolved: z.string().optional(),
      link: z.boolean().optional(),
      optionalDependencies: z.record(z.string(), z.string()).optional(),
    }),
  ),
});

/**
 * What is wrong with a package-lock.json. `npm install` leaves out an optional package that the registry lacks for
 * another platform, and the next `npm ci` then refuses the lock; an address would bind the project to one registry.
 */
export function faultsOfLock(text: string): readonly string[] {
  const { packages } = Lock.parse(JSON.parse(text));
  const names = new Set(Object.keys(packages).map((path) => path.split('node_modules/').pop()));
  const faults: string[] = [];
  for (const [path, entry] of Object.entries(packages)) {
    if (entry.resolved !== undefined && entry.link !== true) faults.push(`${path} holds an address`);
    for (const name of Object.keys(entry.optionalDependencies ?? {})) {
      if (!names.has(name)) faults.push(`${name}, optional for ${path || 'this project'}, has no entry`);
    }
  }
  return faults;
}

export function main(): void {
  const faults = faultsOfLock(readFileSync('package-lock.json', 'utf8'));
  for (const fault of faults) process.stderr.write(`package-lock.json: ${fault}\n`);
  if (faults.length > 0) process.exitCode = 1;
}
