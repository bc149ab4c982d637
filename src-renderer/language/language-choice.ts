import { loadAllWords, loadLanguage } from '../../src-main/wording/catalogue.ts';
import { type Language, languageOf } from '../../src-main/wording/language.ts';

const KEY = 'pc-agent.language';

/** The language of an earlier choice, else the browser's, with its words loaded. */
export async function loadFirstLanguage(): Promise<Language> {
  const language = chosenLanguage();
  await loadLanguage(language);
  return language;
}

/** The words that only later screens need. Another language brings its own when it is chosen. */
export function loadLaterWords(): Promise<void> {
  return loadAllWords(chosenLanguage());
}

function chosenLanguage(): Language {
  return languageOf(stored() ?? navigator.language);
}

/** A browser that keeps nothing only forgets the choice. */
export function rememberLanguage(language: Language): void {
  try {
    localStorage.setItem(KEY, language);
  } catch {
    return;
  }
}

function stored(): string | undefined {
  try {
    return localStorage.getItem(KEY) ?? undefined;
  } catch {
    return undefined;
  }
}
