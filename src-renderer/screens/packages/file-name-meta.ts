/** What is said of a file that becomes a package, as a person sees it in a form. */
export interface FileMeta {
  readonly id: string;
  readonly name: string;
  readonly version: string;
  readonly model: string;
}

/** The version of a package of which nobody says one, as the host takes it. */
const FIRST_VERSION = '1.0';
/** Longest values that the host takes. */
export const MAX_META: Readonly<Record<keyof FileMeta, number>> = { id: 256, name: 256, version: 64, model: 256 };
/** `mail-2.1.0`, `Mail v3.2`, `mail_1.4-beta2`: a name and a version with a point in it. */
const NAME_AND_VERSION = /^(.*?[^-_ .])[-_ ]+v?(\d+(?:\.\d+)+(?:[-+][0-9A-Za-z.]+)?)$/i;

/** What the name of a file says of the package in it: what a person would type, to be corrected where it is wrong. */
export function metaOfFileName(file: string): FileMeta {
  const id = printable(stemOf(file));
  const [, name = id, version = FIRST_VERSION] = NAME_AND_VERSION.exec(id) ?? [];
  return {
    id: id.slice(0, MAX_META.id),
    name: name.slice(0, MAX_META.name),
    version: version.slice(0, MAX_META.version),
    model: '',
  };
}

/** The name without its last ending; one that begins with its only point has none. */
function stemOf(file: string): string {
  const point = file.lastIndexOf('.');
  return point > 0 ? file.slice(0, point) : file;
}

/** The host refuses control characters: they would reach terminals. */
function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, '');
}

export type MetaProblem = 'missing' | 'sameId';

/** What is wrong with each file's meta; empty for one that can be added. */
export function metaProblems(metas: readonly FileMeta[]): readonly Partial<Record<keyof FileMeta, MetaProblem>>[] {
  const counts = new Map<string, number>();
  for (const { id } of metas) counts.set(id.trim(), (counts.get(id.trim()) ?? 0) + 1);
  return metas.map(({ id, name, version }) => {
    const problems: Partial<Record<keyof FileMeta, MetaProblem>> = {};
    if ((counts.get(id.trim()) ?? 0) > 1) problems.id = 'sameId';
    if (id.trim() === '') problems.id = 'missing';
    if (name.trim() === '') problems.name = 'missing';
    if (version.trim() === '') problems.version = 'missing';
    return problems;
  });
}
