import { isPcAgentError } from '../base/errors.ts';
import type { Cache } from '../cache/cache.ts';
import type { CachedPackage } from '../cache/cached-package.ts';
import { readSoftware, SOFTWARE_HEAD } from '../scomo/software-package.ts';
import type { KeptPackage } from './kept-packages.ts';

/** A component as a handset's inventory tells of it. */
export interface SoughtComponent {
  readonly id: string;
  readonly version: string;
  /** `PkgIDRef`: the package that it came from. */
  readonly pkgId?: string | undefined;
}

type Contents = readonly { readonly id: string; readonly version: string }[];

/** Packages whose contents are remembered; a manifest has at most 200 components. */
const MAX_REMEMBERED = 2000;

type Candidate = KeptPackage & Pick<CachedPackage, 'state'>;

/** Finds the package that a component came from: one of the cache, or one whose bytes are kept beside a newer one. */
export class PackageFinder {
  readonly #cache: Pick<Cache, 'list' | 'show' | 'head' | 'content'>;
  readonly #kept: () => readonly KeptPackage[];
  /** By digest; `undefined`: it is one component as a whole. */
  readonly #contents = new Map<string, Contents | undefined>();

  constructor(cache: Pick<Cache, 'list' | 'show' | 'head' | 'content'>, kept: () => readonly KeptPackage[]) {
    this.#cache = cache;
    this.#kept = kept;
  }

  /**
   * By the package that the component names, by its own id, else the package that contains it; always in this version.
   * @returns the package, which may be one that must not be used.
   */
  async find(component: SoughtComponent): Promise<Candidate | undefined> {
    const ids = [component.pkgId, component.id].flatMap((id) => id ?? []);
    for (const id of ids) {
      const found = this.#cache.show(id);
      if (found !== undefined && (await this.#holds(found, component, true))) return found;
    }
    for (const found of [...this.#cache.list(), ...this.#beside()]) {
      if (await this.#holds(found, component, ids.includes(found.id))) return found;
    }
    return undefined;
  }

  /** The very bytes. */
  content(sha256: string): Candidate | undefined {
    return [...this.#cache.list(), ...this.#beside()].find(({ digest }) => digest === sha256);
  }

  #beside(): readonly Candidate[] {
    return this.#kept().flatMap((kept) => {
      const state = this.#cache.content(kept.digest)?.state;
      return state === undefined ? [] : [{ ...kept, state }];
    });
  }

  /** @param isNamed the package has an id that the component names */
  async #holds(found: Candidate, component: SoughtComponent, isNamed: boolean): Promise<boolean> {
    const contents = await this.#contentsOf(found);
    // A package of another format is one component, which need not have its name on every handset.
    if (contents === undefined) return isNamed && fits(found.version, component.version);
    return contents.some((each) => isWanted(each, component));
  }

  async #contentsOf({ digest, state }: Candidate): Promise<Contents | undefined> {
    // What was seen of bytes that were found wrong may have been wrong too.
    if (state !== 'ready') this.#contents.delete(digest);
    if (state !== 'ready' || this.#contents.has(digest)) return this.#contents.get(digest);
    const head = await this.#cache.head(digest, SOFTWARE_HEAD).catch((error: unknown) => {
      if (isPcAgentError(error, 'cache')) return undefined;
      throw error;
    });
    // It was found damaged just now; whoever wants to use it is told so.
    if (head === undefined) return undefined;
    const reading = readSoftware(head);
    const contents =
      reading.kind === 'bundle' ? reading.manifest.components.map(({ id, version }) => ({ id, version })) : undefined;
    if (this.#contents.size >= MAX_REMEMBERED) this.#contents.clear();
    this.#contents.set(digest, contents);
    return contents;
  }
}

function isWanted({ id, version }: Contents[number], component: SoughtComponent): boolean {
  return id === component.id && fits(version, component.version);
}

/** A handset need not tell the version. */
function fits(version: string, wanted: string): boolean {
  return wanted === '' || version === wanted;
}
