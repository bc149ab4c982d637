import { isPcAgentError } from '../base/errors.ts';
import type { Cache } from '../cache/cache.ts';
import type { CachedPackage } from '../cache/cached-package.ts';
import { readSoftware, SOFTWARE_HEAD } from '../scomo/software-package.ts';

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

/** Finds the package of the cache that a component came from. */
export class PackageFinder {
  readonly #cache: Pick<Cache, 'list' | 'show' | 'head'>;
  /** By digest; `undefined`: it is one component as a whole. */
  readonly #contents = new Map<string, Contents | undefined>();

  constructor(cache: Pick<Cache, 'list' | 'show' | 'head'>) {
    this.#cache = cache;
  }

  /**
   * By the package that the component names, by its own id, else the package that contains it; always in this version.
   * @returns the package, which may be one that must not be used.
   */
  async find(component: SoughtComponent): Promise<CachedPackage | undefined> {
    const named = [component.pkgId, component.id].flatMap((id) => (id === undefined ? [] : [this.#cache.show(id)]));
    for (const found of named) if (found !== undefined && (await this.#holds(found, component))) return found;
    for (const found of this.#cache.list()) {
      const contents = await this.#contentsOf(found);
      if (contents?.some((each) => isWanted(each, component)) === true) return found;
    }
    return undefined;
  }

  async #holds(found: CachedPackage, component: SoughtComponent): Promise<boolean> {
    const contents = await this.#contentsOf(found);
    // A package of another format is one component, which need not have its name on every handset.
    if (contents === undefined) return fits(found.version, component.version);
    return contents.some((each) => isWanted(each, component));
  }

  async #contentsOf({ digest, state }: CachedPackage): Promise<Contents | undefined> {
    if (this.#contents.has(digest) || state !== 'ready') return this.#contents.get(digest);
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
