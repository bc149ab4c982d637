export const LANGUAGES = ['en', 'de'] as const;
export type Language = (typeof LANGUAGES)[number];

/** The language for a tag such as `de-AT`; English for one that we do not speak. */
export function languageOf(tag: string): Language {
  const base = tag.toLowerCase().split(/[-_.]/, 1)[0];
  return LANGUAGES.find((language) => language === base) ?? 'en';
}
