import { utf8 } from '../base/bytes.ts';
import { PcAgentError } from '../base/errors.ts';
import { FIRMWARE_HEAD, type FirmwareManifest, readFirmware } from '../fumo/firmware-package.ts';
import { type ComponentNeed, readSoftware, SOFTWARE_HEAD } from '../scomo/software-package.ts';
import { compareVersions } from '../scomo/version-order.ts';
import { isForModel, type OfferedPackage } from './suitable-package.ts';

/** A component that a package brings. */
export interface PackagePart {
  readonly id: string;
  readonly name: string;
  readonly version: string;
  readonly needs: readonly ComponentNeed[];
}

/** What lies in a package, by its beginning. */
export type PackageParts =
  | {
      readonly kind: 'software';
      readonly parts: readonly PackagePart[];
      /** It is of our format of packages that are installed whole. */
      readonly isBundle: boolean;
      readonly model: string;
    }
  | { readonly kind: 'firmware'; readonly manifest: FirmwareManifest }
  /** It says that it is of one of our formats, and is not, or of another version of it. */
  | { readonly kind: 'damaged' };

/** Octets from the start of a package that tell what lies in it. */
export const PACKAGE_HEAD: number = Math.max(SOFTWARE_HEAD, FIRMWARE_HEAD);

const FIRMWARE_MAGIC = utf8('PC-AGENT-FIRMWARE ');

/** @param head the first octets, `PACKAGE_HEAD` or all */
export function partsOf(head: Uint8Array, found: NamedPackage & Pick<OfferedPackage, 'size'>): PackageParts {
  if (FIRMWARE_MAGIC.every((octet, index) => head[index] === octet)) {
    const firmware = readFirmware(head);
    if (typeof firmware === 'number' || firmware.at + firmware.manifest.size !== found.size) return { kind: 'damaged' };
    return { kind: 'firmware', manifest: firmware.manifest };
  }
  const reading = readSoftware(head);
  switch (reading.kind) {
    case 'bundle': {
      const { model = '', components } = reading.manifest;
      // Whoever lies about sizes lies about what lies where.
      const whole = components.reduce((sum, { size }) => sum + size, reading.at);
      if (whole !== found.size) return { kind: 'damaged' };
      return { kind: 'software', isBundle: true, model, parts: components };
    }
    case 'other':
      return single(found);
    case 'unknown':
    case 'damaged':
      return { kind: 'damaged' };
  }
}

type NamedPackage = Pick<OfferedPackage, 'id' | 'name' | 'version'>;

/** Any other file is one component, named by its id. */
export function single({ id, name, version }: NamedPackage): Extract<PackageParts, { kind: 'software' }> {
  return { kind: 'software', isBundle: false, model: '', parts: [{ id, name, version, needs: [] }] };
}

/**
 * The components of a package that may be installed.
 * @throws PcAgentError `offline/package-damaged`, `offline/wrong-kind`, `offline/wrong-model`
 */
export function softwareParts(
  read: PackageParts,
  id: string,
  model: string | undefined,
): Extract<PackageParts, { kind: 'software' }> {
  if (read.kind === 'damaged') throw unusable('offline/package-damaged', `${id} is damaged, or of a newer format`, id);
  if (read.kind === 'firmware') throw unusable('offline/wrong-kind', `${id} is firmware`, id);
  if (!isForModel(read.model, model)) {
    throw unusable('offline/wrong-model', `${id} is for ${read.model}, the handset is ${model ?? 'unknown'}`, id);
  }
  return read;
}

/**
 * What firmware says of itself; `undefined` of a format that is not ours.
 * @throws PcAgentError `offline/package-damaged`, `offline/wrong-kind`, `offline/wrong-model`
 */
export function firmwareManifest(
  read: PackageParts,
  id: string,
  model: string | undefined,
): FirmwareManifest | undefined {
  if (read.kind === 'damaged') throw unusable('offline/package-damaged', `${id} is damaged, or of a newer format`, id);
  if (read.kind === 'software') {
    if (read.isBundle) throw unusable('offline/wrong-kind', `${id} is no firmware`, id);
    return undefined;
  }
  if (!isForModel(read.manifest.model, model)) {
    const message = `${id} is for ${read.manifest.model}, the handset is ${model ?? 'unknown'}`;
    throw unusable('offline/wrong-model', message, id);
  }
  return read.manifest;
}

type Installed = readonly { readonly id: string; readonly version: string }[];

/** What a component of a set cannot do without and would not find, in the words of a sentence. */
export function missingNeed(parts: readonly PackagePart[], installed: Installed): string | undefined {
  for (const { id, needs } of parts) {
    for (const need of needs) {
      const unmet = unmetNeed(need, parts, installed);
      if (unmet !== undefined) return `${id} needs ${unmet}`;
    }
  }
  return undefined;
}

/** What is needed and is neither in the set nor installed, in this version or a newer one. */
export function unmetNeed({ id, version }: ComponentNeed, parts: Installed, installed: Installed): string | undefined {
  const there = [...parts, ...installed].find((each) => each.id === id)?.version;
  const wanted = version === undefined ? id : `${id} ${version}`;
  if (there === undefined) return `${wanted}, which is not there`;
  return version === undefined || compareVersions(there, version) >= 0 ? undefined : `${wanted}, and there is ${there}`;
}

function unusable(code: string, message: string, id: string): PcAgentError {
  return new PcAgentError(code, message, { retry: 'after-operator', details: { id } });
}
