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

/** A package as it is now, which may be one that must not be used. */
type Candidate = KeptPackage & Pick<CachedPackage, 'state'>;

/** Which packages there are at one moment, and what lies in them. */
export interface PackageSurvey {
  /**
   * The package that a component came from: by the package that it names, by its own id, else one that contains it;
   * always in this version, and one of the cache before one that is only kept beside it.
   */
  find(component: SoughtComponent): Candidate | undefined;
  /** The very bytes. */
  content(sha256: string): Candidate | undefined;
}

/** A component in a package. */
interface Part {
  readonly version: string;
  readonly package: Candidate;
  /** It is there under its id, not only kept beside a newer one. */
  readonly isShown: boolean;
}

/** Finds the packages that components came from: those of the cache, and those whose bytes are kept beside newer ones. */
export class PackageFinder {
  readonly #cache: Pick<Cache, 'list' | 'head' | 'content'>;
  readonly #kept: () => readonly KeptPackage[];
  /** By digest; `undefined`: it is one component as a whole. */
  readonly #contents = new Map<string, Contents | undefined>();

  constructor(cache: Pick<Cache, 'list' | 'head' | 'content'>, kept: () => readonly KeptPackage[]) {
    this.#cache = cache;
    this.#kept = kept;
  }

  async survey(): Promise<PackageSurvey> {
    const shown = this.#cache.list();
    const all = [...shown, ...this.#beside()];
    const byDigest = new Map([...all].reverse().map((found) => [found.digest, found]));
    const wholes = new Map<string, Part[]>();
    const parts = new Map<string, Part[]>();
    for (const [index, found] of all.entries()) {
      const contents = await this.#contentsOf(found);
      const part = { package: found, isShown: index < shown.length };
      if (contents === undefined) push(wholes, found.id, { ...part, version: found.version });
      for (const { id, version } of contents ?? []) push(parts, id, { ...part, version });
    }
    return {
      content: (sha256) => byDigest.get(sha256),
      find(component) {
        const ids = [...new Set([component.pkgId, component.id])].flatMap((id) => id ?? []);
        // A package of another format is one component, which need not have its name on every handset.
        const found = [...ids.flatMap((id) => wholes.get(id) ?? []), ...(parts.get(component.id) ?? [])];
        const fitting = found.filter(({ version }) => component.version === '' || version === component.version);
        return fitting.sort((a, b) => rank(a, ids) - rank(b, ids))[0]?.package;
      },
    };
  }

  #beside(): readonly Candidate[] {
    return this.#kept().flatMap((kept) => {
      const state = this.#cache.content(kept.digest)?.state;
      return state === undefined ? [] : [{ ...kept, state }];
    });
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

function push(lists: Map<string, Part[]>, id: string, part: Part): void {
  const list = lists.get(id);
  if (list === undefined) lists.set(id, [part]);
  else list.push(part);
}

/** The lower the better; what a component names first is better than what it names then. */
function rank({ package: { id }, isShown }: Part, ids: readonly string[]): number {
  const at = ids.indexOf(id);
  return (isShown ? 0 : ids.length + 1) + (at < 0 ? ids.length : at);
}
