import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useState } from 'react';
import { type Catalogue, catalogue, loadLanguage } from '../../src-main/wording/catalogue.ts';
import type { Language } from '../../src-main/wording/language.ts';
import { rememberLanguage } from './language-choice.ts';

interface Speech {
  readonly language: Language;
  /** All words of the language. */
  readonly words: Catalogue;
  /** Words of the frame and of what several screens show. */
  readonly common: Catalogue['screens']['common'];
  readonly speak: (language: Language) => void;
}

const SpeechContext = createContext<Speech | undefined>(undefined);

export function LanguageProvider({ first, children }: { readonly first: Language; readonly children: ReactNode }) {
  const [language, setLanguage] = useState(first);
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  const speak = useCallback((wanted: Language) => {
    void loadLanguage(wanted).then(() => {
      setLanguage(wanted);
      rememberLanguage(wanted);
    });
  }, []);
  const speech = useMemo<Speech>(() => {
    const words = catalogue(language);
    return { language, words, common: words.screens.common, speak };
  }, [language, speak]);
  return <SpeechContext value={speech}>{children}</SpeechContext>;
}

/** The reader's language and its words: `const { words, language } = useSpeech()`. */
export function useSpeech(): Speech {
  const speech = useContext(SpeechContext);
  if (speech === undefined) throw new TypeError('a component speaks inside LanguageProvider');
  return speech;
}
