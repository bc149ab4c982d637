import { en } from './en/index.ts';
import type { enLater } from './en/later.ts';
import type { Language } from './language.ts';

/** What the first drawing of the window and the command line need; English is the measure. */
export type FirstWords = typeof en;
/** What comes with `loadAllWords`: the other screens, and the shell around the window. */
export type LaterWords = typeof enLater;
export type Catalogue = Omit<FirstWords, 'screens'> &
  Omit<LaterWords, 'screens'> & { readonly screens: FirstWords['screens'] & LaterWords['screens'] };

const FIRST = new Map<Language, FirstWords>([['en', en]]);
const WHOLE = new Map<Language, Catalogue>();

const LOADERS: Readonly<
  Record<Language, { readonly first: () => Promise<FirstWords>; readonly later: () => Promise<LaterWords> }>
> = {
  en: { first: async () => en, later: async () => (await import('./en/later.ts')).enLater },
  de: {
    first: async () => (await import('./de/index.ts')).de,
    later: async () => (await import('./de/later.ts')).deLater,
  },
};

/** The words of a language that was loaded, else English. Before `loadAllWords` the later ones are not among them. */
export function catalogue(language: Language): Catalogue {
  return WHOLE.get(language) ?? ((FIRST.get(language) ?? en) as Catalogue);
}

/** Loads a language's first words: a page that nobody reads in it need not carry them. */
export async function loadLanguage(language: Language): Promise<void> {
  if (!FIRST.has(language)) FIRST.set(language, await LOADERS[language].first());
}

/** Loads all words of a language; every screen but the first waits for it. */
export async function loadAllWords(language: Language): Promise<void> {
  await loadLanguage(language);
  const first = FIRST.get(language);
  if (first === undefined || WHOLE.has(language)) return;
  const { screens, ...later } = await LOADERS[language].later();
  WHOLE.set(language, { ...first, ...later, screens: { ...first.screens, ...screens } });
}
