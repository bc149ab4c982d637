import type { KnownHandset } from '../../../src-main/contract/handsets.ts';
import type { ComponentView, PackageView } from '../../../src-main/contract/results.ts';
import type { Task } from '../../../src-main/contract/tasks.ts';
import { compareVersions } from '../../../src-main/scomo/version-order.ts';
import { isTaskOf } from '../handsets/card-facts.ts';

/** A component as the screen shows it. */
export interface SoftwareRow {
  readonly id: string;
  readonly name: string;
  readonly version: string;
  /** `active`, `inactive`, or the number that the handset gave. */
  readonly state: string;
  /** PkgID of the package that it came from. */
  readonly package: string | undefined;
  /** Its own `Status`, when it is another than Idle. */
  readonly status: number | undefined;
  /** The newest package of the cache that has a newer version of it. */
  readonly update: SoftwareUpdate | undefined;
}

export interface SoftwareUpdate {
  readonly package: PackageView;
  /** Version that the component has afterwards. */
  readonly version: string;
}

/** SCOMO 1.0, Status of a deployed component: nothing goes on and nothing went wrong. */
const IDLE = 10;

/** The newest task of this handset that brought a list of what is on it. */
export function lastReading(
  tasks: readonly Task[],
  owner: Pick<KnownHandset, 'device' | 'address' | 'alias'>,
): Task | undefined {
  return tasks.findLast((task) => task.end?.result?.components !== undefined && isTaskOf(task, owner));
}

/** What people call a component; its id where it has no name. */
export function componentName(components: readonly ComponentView[], id: string): string {
  return textOf(components.find((each) => each.id === id)?.name) ?? id;
}

/** Components by name, each with what is newer for it; letter case does not count in `search`. */
export function softwareRows(
  components: readonly ComponentView[],
  packages: readonly PackageView[],
  model: string | undefined,
  search = '',
): readonly SoftwareRow[] {
  const usable = packages.filter((each) => fitsModel(each, model));
  const wanted = plain(search);
  return components
    .map((component) => rowOf(component, usable))
    .filter(({ id, name, version }) => plain(`${name} ${id} ${version}`).includes(wanted))
    .toSorted((a, b) => a.name.localeCompare(b.name) || a.id.localeCompare(b.id));
}

/** The packages with which everything is up to date, each once. */
export function updatePackages(rows: readonly SoftwareRow[]): readonly string[] {
  return [...new Set(rows.flatMap(({ update }) => (update === undefined ? [] : [update.package.id])))];
}

/** Firmware for this model that is not out of use. */
export function firmwarePackages(packages: readonly PackageView[], model: string | undefined): readonly PackageView[] {
  return packages.filter(
    (each) => each.contents?.kind === 'firmware' && each.quarantined === undefined && isForModel(each, model),
  );
}

function rowOf(component: ComponentView, packages: readonly PackageView[]): SoftwareRow {
  const { id, version, state, name, pkgId, status } = component;
  const update = packages
    .map((each) => ({ package: each, version: versionIn(each, id, textOf(pkgId)) }))
    .filter((each): each is SoftwareUpdate => each.version !== undefined && compareVersions(each.version, version) > 0)
    .toSorted((a, b) => compareVersions(b.version, a.version))[0];
  return {
    ...{ id, version, state, update },
    name: textOf(name) ?? id,
    package: textOf(pkgId),
    status: typeof status === 'number' && status !== IDLE ? status : undefined,
  };
}

/** Version in which a package has a component: one that is no bundle is the component of its own id. */
function versionIn({ id, version, contents }: PackageView, component: string, pkgId: string | undefined) {
  if (contents?.kind === 'firmware') return undefined;
  const packed = contents?.components?.find((each) => each.id === component);
  if (packed !== undefined) return packed.version;
  return contents?.components === undefined && (id === component || id === pkgId) ? version : undefined;
}

function fitsModel(each: PackageView, model: string | undefined): boolean {
  return each.quarantined === undefined && isForModel(each, model);
}

function isForModel({ model: wanted }: PackageView, model: string | undefined): boolean {
  return wanted === undefined || wanted.trim() === '' || model === undefined || plain(wanted) === plain(model);
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function plain(text: string): string {
  return text.trim().replace(/\s+/g, ' ').toLowerCase();
}
