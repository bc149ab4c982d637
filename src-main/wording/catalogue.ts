import { en } from './en/index.ts';
import type { Language } from './language.ts';

/** English is the measure: a sentence that another language lacks does not compile. */
export type Catalogue = typeof en;

const LOADED = new Map<Language, Catalogue>([['en', en]]);

const OTHERS: Readonly<Record<Exclude<Language, 'en'>, () => Promise<Catalogue>>> = {
  de: async () => (await import('./de/index.ts')).de,
};

/** The words of a language that was loaded, else English. */
export function catalogue(language: Language): Catalogue {
  return LOADED.get(language) ?? en;
}

/** Loads a language's words: a page that nobody reads in it need not carry them. */
export async function loadLanguage(language: Language): Promise<void> {
  if (language === 'en' || LOADED.has(language)) return;
  LOADED.set(language, await OTHERS[language]());
}
