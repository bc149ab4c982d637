import { hexOf } from '../../base/bytes.ts';
import { nodeDigest } from '../../base/node/digest.ts';
import { ADMIN_FOLDER, KEPT_FOLDER, ownRules, RULE_FOLDERS, RULES_NAME, type RuleName } from '../rule-files.ts';
import { readText, type System } from '../system.ts';

/** How the rules that udev reads compare with those of this version. */
export type InstalledRules =
  | { readonly kind: 'ours'; readonly path: string }
  | { readonly kind: 'missing' }
  /** A file of the same name with other content, e.g. of another version, or altered by hand. */
  | { readonly kind: 'different'; readonly path: string; readonly octets: number }
  /** An empty file or a link to nothing takes the place of those that a package installed. */
  | { readonly kind: 'masked'; readonly path: string }
  /** udev reads it, this user may not. */
  | { readonly kind: 'unreadable'; readonly path: string }
  /** The program's own copy is missing, so there is nothing to compare with. */
  | { readonly kind: 'no-source' };

/** Octet by octet. Of files with one name udev reads the first (udev(7), "Rules files"). */
export async function installedRules(system: System): Promise<InstalledRules> {
  const ours = await ownRules(system);
  if (ours === undefined) return { kind: 'no-source' };
  for (const folder of RULE_FOLDERS) {
    const path = `${folder}/${RULES_NAME}`;
    if ((await system.stat(path)) === undefined) continue;
    const octets = await system.readFile(path);
    if (octets === undefined) return { kind: 'unreadable', path };
    if (octets.length === 0) return { kind: 'masked', path };
    return Buffer.from(octets).equals(ours)
      ? { kind: 'ours', path }
      : { kind: 'different', path, octets: octets.length };
  }
  return { kind: 'missing' };
}

/** Whether what lies in the administrator's folder is what the doctor put there. */
export async function isWrittenByDoctor(system: System, name: RuleName): Promise<boolean> {
  const written = await readText(system, `${KEPT_FOLDER}/${name}.wrote`);
  if (written === undefined) return false;
  const octets = await system.readFile(`${ADMIN_FOLDER}/${name}`);
  return octets !== undefined && written.split('\n').includes(hexOf(nodeDigest.sha256(octets)));
}

/** Whether udev runs here: a container has its files and not udev. */
export async function hasUdev(system: System): Promise<boolean> {
  return (await system.stat('/run/udev')) !== undefined;
}
