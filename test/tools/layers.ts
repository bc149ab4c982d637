import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import {
  ELECTRON_HOME,
  ENTRIES,
  LAYERS,
  type Layer,
  LOADS_BY_NAME,
  NATIVE_HOME,
  NATIVE_MODULES,
} from './layer-table.ts';

export interface LayerFault {
  readonly file: string;
  readonly line: number;
  readonly message: string;
}

/** Specifiers of `import`, `export … from`, `import()`, `require` and type imports; comments are taken out before. */
const SPECIFIER = /\b(?:from|import|require|import\.meta\.resolve|require\.resolve)\s*\(?\s*(['"`])([^'"`\n]+)\1/g;
/** What may load anything: an import whose name is worked out, a `require` that is made, a binary that is opened. */
const HIDDEN = /\bimport\s*\((?!\s*(['"`])[^'"`$\n]+\1\s*[,)])|\b(?:createRequire|dlopen)\b/g;
const COMMENT = /\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/[^\n]*/g;

function isWithin(path: string, parent: string): boolean {
  return path === parent || path.startsWith(`${parent}/`) || path.startsWith(`${parent}.`);
}

function layerOf(file: string): Layer | undefined {
  const matching = LAYERS.filter((layer) => isWithin(file, layer.path));
  return matching.sort((a, b) => b.path.length - a.path.length)[0];
}

function isAllowedFile(from: Layer, file: string, target: string): boolean {
  const to = layerOf(target);
  if (to === undefined) return false;
  if (to.path === from.path) return true;
  if (ENTRIES.includes(file) && isWithin(target, 'src-main/cli')) return true;
  if (isWithin(to.path, 'src-main/base')) {
    return to.path === 'src-main/base' || (from.pure === undefined && from.may.includes('base/node'));
  }
  // A folder whose pure half has a row of its own imports that half.
  if (isWithin(target, from.path) && to.pure !== undefined) return true;
  return from.may.some((allowed) => isAllowedBy(allowed, target));
}

function isAllowedBy(allowed: string, target: string): boolean {
  // `cli` means the shared files of that folder, not the commands below it.
  if (allowed === 'cli' && isWithin(target, 'src-main/cli/peers')) return false;
  return isWithin(target, `src-main/${allowed}`);
}

function faultOf(file: string, specifier: string): string | undefined {
  const from = layerOf(file);
  if (from === undefined) return 'stands in no layer: add its folder to test/tools/layer-table.ts';
  if (specifier.startsWith('.')) {
    const target = posix.normalize(posix.join(posix.dirname(file), specifier));
    if (isAllowedFile(from, file, target)) return undefined;
    return `${from.path} may not import ${target}`;
  }
  if (specifier === 'electron' || specifier.startsWith('electron/')) {
    return isWithin(file, ELECTRON_HOME) ? undefined : `only ${ELECTRON_HOME} may import electron`;
  }
  if (NATIVE_MODULES.some((name) => specifier === name || specifier.startsWith(`${name}/`))) {
    return isWithin(file, NATIVE_HOME) ? undefined : `only ${NATIVE_HOME} may import ${specifier}`;
  }
  if (from.pure === undefined) return undefined;
  if (from.pure.some((name) => specifier === name || specifier.startsWith(`${name}/`))) return undefined;
  return `${from.path} is pure and may not import ${specifier}`;
}

/** What is wrong with the imports of one file; `file` is its path from the root, with slashes. */
export function faultsOfFile(file: string, source: string): readonly LayerFault[] {
  const blanked = source.replace(COMMENT, (comment) => comment.replace(/[^\n]/g, ' '));
  const faults: LayerFault[] = [];
  const tell = ({ index }: RegExpExecArray, message: string | undefined): void => {
    if (message !== undefined) faults.push({ file, line: blanked.slice(0, index).split('\n').length, message });
  };
  for (const match of blanked.matchAll(SPECIFIER)) tell(match, faultOf(file, match[2] ?? ''));
  if (LOADS_BY_NAME.some((place) => isWithin(file, place))) return faults;
  for (const match of blanked.matchAll(HIDDEN)) tell(match, 'nobody can see what this loads: name it in an import');
  return faults;
}

function* sourcesBelow(root: string, folder: string): Generator<string> {
  const entries = readdirSync(join(root, folder), { withFileTypes: true });
  for (const entry of entries) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) yield* sourcesBelow(root, path);
    else if (/\.(ts|tsx|mts|mjs)$/.test(entry.name)) yield path;
  }
}

/** Checks every source of the product below `root`. */
export function checkLayers(root: string): readonly LayerFault[] {
  const faults: LayerFault[] = [];
  const present = readdirSync(root);
  for (const folder of ['src-main', 'src-renderer'].filter((name) => present.includes(name))) {
    for (const file of sourcesBelow(root, folder)) {
      faults.push(...faultsOfFile(file, readFileSync(join(root, file), 'utf8')));
    }
  }
  return faults;
}

export function main(): void {
  const faults = checkLayers(process.cwd());
  for (const { file, line, message } of faults) process.stderr.write(`${file}:${line} ${message}\n`);
  if (faults.length > 0) process.exitCode = 1;
}
