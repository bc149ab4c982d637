import { loadLanguage } from '../../src-main/wording/catalogue.ts';
import { type Language, languageOf } from '../../src-main/wording/language.ts';

const KEY = 'pc-agent.language';

/** The language of an earlier choice, else the browser's, with its words loaded. */
export async function loadFirstLanguage(): Promise<Language> {
  const language = languageOf(stored() ?? navigator.language);
  await loadLanguage(language);
  return language;
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
