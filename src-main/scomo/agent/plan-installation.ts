import { type ByteSource, piecesOf } from '../../base/byte-source.ts';
import { hexOf } from '../../base/bytes.ts';
import type { Digest } from '../../base/digest.ts';
import type { SignatureVerifier } from '../../base/signature.ts';
import { ResultCode } from '../names.ts';
import { type ComponentNeed, readSoftware } from '../software-package.ts';
import { compareVersions } from '../version-order.ts';

/** A package as it lies below `Inventory/Delivered`. */
export interface DeliveredContent {
  readonly pkgId: string;
  readonly name: string;
  readonly description?: string;
  /** Of a package that is one component. */
  readonly version: string;
  readonly envType?: string;
  readonly data: ByteSource;
}

/** What a handset takes. */
export interface InstallationRules {
  readonly digest: Digest;
  /** DevInfo/Mod. */
  readonly model?: string;
  /** With it only what is signed with its key is taken. */
  readonly verify?: SignatureVerifier | undefined;
  /** Environment types that it has; without it every one. */
  readonly environments?: readonly string[] | undefined;
  /** Octets that all components may have together. */
  readonly room?: number | undefined;
}

/** One component that is to be installed. */
export interface PlannedComponent {
  readonly id: string;
  readonly name: string;
  readonly description?: string;
  /** Of its package. */
  readonly envType?: string;
  readonly version: string;
  readonly pkgIdRef: string;
  readonly sha256: string;
  readonly size: number;
  readonly needs: readonly ComponentNeed[];
}

export type InstallationPlan =
  | { readonly kind: 'planned'; readonly components: readonly PlannedComponent[] }
  /** The result code, what is in the way in words, and the package that is to blame where one is. */
  | { readonly kind: 'refused'; readonly code: number; readonly problem: string; readonly pkgId?: string };

interface Installed {
  readonly id: string;
  readonly version: string;
  readonly size?: number;
}

const refused = (code: number, problem: string): InstallationPlan & { kind: 'refused' } => ({
  kind: 'refused',
  code,
  problem,
});

/**
 * Checks packages that are to be installed together before anything is changed: form, signature, contents, environment,
 * needs of the whole set (in a circle of needs no order would do) and room.
 */
export function planInstallation(
  packages: readonly DeliveredContent[],
  installed: readonly Installed[],
  rules: InstallationRules,
): InstallationPlan {
  const components: PlannedComponent[] = [];
  for (const each of packages) {
    const plan = planPackage(each, rules);
    if (plan.kind === 'refused') return { ...plan, pkgId: each.pkgId };
    const { envType = '' } = each;
    components.push(...plan.components.map((planned) => ({ ...planned, ...(envType === '' ? {} : { envType }) })));
  }
  const twice = components.find(({ id }, index) => components.findIndex((other) => other.id === id) !== index);
  if (twice !== undefined) {
    return { ...refused(ResultCode.InstallFailed, `${twice.id} is in it twice`), pkgId: twice.pkgIdRef };
  }
  const afterwards = [...installed.filter(({ id }) => !components.some((each) => each.id === id)), ...components];
  const missing = missingNeed(components, afterwards);
  if (missing !== undefined) {
    return { ...refused(ResultCode.InstallFailed, missing.problem), pkgId: missing.pkgId };
  }
  const total = afterwards.reduce((sum, { size = 0 }) => sum + size, 0);
  if (rules.room !== undefined && total > rules.room) {
    return refused(ResultCode.InstallOutOfMemory, `${total} bytes would be installed, there is room for ${rules.room}`);
  }
  return { kind: 'planned', components };
}

function planPackage(pkg: DeliveredContent, rules: InstallationRules): InstallationPlan {
  const { environments, verify, model, digest } = rules;
  const { data, envType = '', pkgId } = pkg;
  if (envType !== '' && environments !== undefined && !environments.includes(envType)) {
    return refused(ResultCode.WrongEnvironment, `${pkgId} is for the environment ${envType}`);
  }
  const reading = readSoftware(data);
  switch (reading.kind) {
    case 'damaged':
      return refused(ResultCode.ValidationFailed, `${pkgId} is damaged`);
    case 'unknown':
      return refused(ResultCode.InstallFailed, `${pkgId} is of a version of the format that is not known`);
    case 'other': {
      if (verify !== undefined) return refused(ResultCode.ValidationFailed, `${pkgId} is not signed`);
      const sha256 = hexOf(digest.sha256Of(piecesOf(data)));
      const { name, version, description } = pkg;
      const about = { id: pkgId, name, version, ...(description === undefined ? {} : { description }) };
      return { kind: 'planned', components: [{ ...about, pkgIdRef: pkgId, sha256, size: data.length, needs: [] }] };
    }
    case 'bundle': {
      const { manifest, signed, signature, at } = reading;
      if (verify !== undefined && signature === undefined) {
        return refused(ResultCode.ValidationFailed, `${pkgId} is not signed`);
      }
      if (verify !== undefined && signature !== undefined && !verify(signed, signature)) {
        return refused(ResultCode.ValidationFailed, `the signature of ${pkgId} is wrong`);
      }
      if (manifest.model !== undefined && manifest.model !== model) {
        return refused(ResultCode.WrongEnvironment, `${pkgId} is for the model ${manifest.model}`);
      }
      const { components } = manifest;
      const sizes = components.reduce((sum, { size }) => sum + size, 0);
      if (at + sizes !== data.length) {
        return refused(ResultCode.ValidationFailed, `${pkgId} has ${data.length - at} bytes of contents, not ${sizes}`);
      }
      let from = at;
      for (const { id, size, sha256 } of components) {
        if (hexOf(digest.sha256Of(piecesOf(sliceOf(data, from, size)))) !== sha256) {
          return refused(ResultCode.ValidationFailed, `the contents of ${id} are damaged`);
        }
        from += size;
      }
      return { kind: 'planned', components: components.map((each) => ({ ...each, pkgIdRef: pkgId })) };
    }
  }
}

function missingNeed(
  components: readonly PlannedComponent[],
  afterwards: readonly Installed[],
): { readonly problem: string; readonly pkgId: string } | undefined {
  for (const { id, needs, pkgIdRef: pkgId } of components) {
    for (const need of needs) {
      const there = afterwards.find((each) => each.id === need.id);
      const wanted = need.version === undefined ? need.id : `${need.id} ${need.version}`;
      if (there === undefined) return { problem: `${id} needs ${wanted}, which is not there`, pkgId };
      if (need.version !== undefined && compareVersions(there.version, need.version) < 0) {
        return { problem: `${id} needs ${wanted}, and there is ${there.version}`, pkgId };
      }
    }
  }
  return undefined;
}

function sliceOf(source: ByteSource, from: number, length: number): ByteSource {
  return { length, subarray: (start, end) => source.subarray(from + start, from + Math.min(end, length)) };
}
