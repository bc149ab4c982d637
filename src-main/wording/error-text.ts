import { catalogue } from './catalogue.ts';
import type { Language } from './language.ts';

/** What a person needs to know of an error. */
export interface ErrorText {
  /** What happened. */
  readonly what: string;
  /** Whether the handset is safe. */
  readonly phoneSafe: string;
  /** What to do next. */
  readonly next: string;
}

/** The words for an error code; a code without words of its own gets those of its family, else general ones. */
export function errorText(code: string, language: Language = 'en'): ErrorText {
  const { byCode, byFamily, unknown } = catalogue(language).errors;
  const words = lookUp<ErrorText>(byCode, code) ?? lookUp<ErrorText>(byFamily, code.split('/', 1)[0] ?? '');
  return words ?? unknown;
}

/** True when the code has a sentence of its own. */
export function hasErrorText(code: string): boolean {
  return Object.hasOwn(catalogue('en').errors.byCode, code);
}

function lookUp<T>(table: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}
