import type { Language } from './language.ts';

const RULES = new Map<Language, Intl.PluralRules>();

/** The form that a language uses for a number (CLDR plural rules); `other` where a form is not given. */
export function plural(
  language: Language,
  count: number,
  forms: Partial<Record<Intl.LDMLPluralRule, string>> & { readonly other: string },
): string {
  let rules = RULES.get(language);
  if (rules === undefined) {
    rules = new Intl.PluralRules(language);
    RULES.set(language, rules);
  }
  return forms[rules.select(count)] ?? forms.other;
}
