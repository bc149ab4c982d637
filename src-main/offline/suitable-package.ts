import { PcAgentError } from '../base/errors.ts';
import type { ReadAhead } from '../dm/large-object/read-ahead.ts';

/** What the cache says of a package, as far as installing it is concerned. */
export interface OfferedPackage {
  readonly id: string;
  readonly name: string;
  readonly version: string;
  /** Handset model that it is for; empty: any. */
  readonly model: string;
  /** SHA-256, lower-case hex. */
  readonly digest: string;
  readonly trust: 'verified' | 'unverified';
  readonly state: 'ready' | 'quarantined';
  readonly size: number;
}

/** The cache, as far as it is needed here. */
export interface PackageSource {
  find(id: string): OfferedPackage | undefined;
  /** The first octets of a content, at most `length`. @throws PcAgentError `cache/*` */
  head(digest: string, length: number): Promise<Uint8Array>;
  /** The content, verified, to be read as it is sent. @throws PcAgentError `cache/*` */
  open(digest: string): Promise<ReadAhead>;
  /**
   * Where the handset fetches a package over a network link of its own. Absent: it is sent in the session.
   * @throws PcAgentError `cache/*`, `listening/network-off`
   */
  readonly offer?: (found: OfferedPackage) => Promise<string>;
}

export interface Wanted {
  readonly id: string;
  /** `./DevInfo/Mod` of the handset; `undefined` when it did not say. */
  readonly model: string | undefined;
  readonly allowUnverified: boolean;
}

/**
 * The package of the cache that may go onto a handset.
 * @throws PcAgentError `cache/absent`, `/quarantined`, `/unverified`, `offline/wrong-model`
 */
export function suitablePackage(source: Pick<PackageSource, 'find'>, wanted: Wanted): OfferedPackage {
  const { id, model } = wanted;
  const found = usablePackage(source.find(id), wanted);
  if (isForModel(found.model, model)) return found;
  const message = `${id} is for ${found.model}, the handset is ${model ?? 'unknown'}`;
  throw unsuitable('offline/wrong-model', message, id);
}

/**
 * The package if it may go onto any handset at all, whatever its model.
 * @throws PcAgentError `cache/absent`, `/quarantined`, `/unverified`
 */
export function usablePackage<P extends OfferedPackage>(
  found: P | undefined,
  { id, allowUnverified }: Omit<Wanted, 'model'>,
): P {
  if (found === undefined) throw unsuitable('cache/absent', `there is no package ${id}`, id);
  if (found.state === 'quarantined') throw unsuitable('cache/quarantined', `${id} was taken out of use`, id);
  if (found.trust !== 'verified' && !allowUnverified) {
    throw unsuitable('cache/unverified', `nobody vouches for ${id}: use --allow-unverified to install it`, id);
  }
  return found;
}

/** Models differ in case and blanks between a package's file and a handset. */
export function isForModel(wanted: string, model: string | undefined): boolean {
  const plain = (text: string): string => text.trim().replace(/\s+/g, ' ').toLowerCase();
  return plain(wanted) === '' || (model !== undefined && plain(wanted) === plain(model));
}

function unsuitable(code: string, message: string, id: string): PcAgentError {
  return new PcAgentError(code, message, { retry: 'after-operator', details: { id } });
}
