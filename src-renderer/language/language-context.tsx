import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useState } from 'react';
import { type Catalogue, catalogue, loadAllWords } from '../../src-main/wording/catalogue.ts';
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

const SpeechContext = createContext<Pick<Speech, 'language' | 'speak'> | undefined>(undefined);

export function LanguageProvider({ first, children }: { readonly first: Language; readonly children: ReactNode }) {
  const [language, setLanguage] = useState(first);
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  const speak = useCallback((wanted: Language) => {
    void loadAllWords(wanted).then(() => {
      setLanguage(wanted);
      rememberLanguage(wanted);
    });
  }, []);
  const choice = useMemo(() => ({ language, speak }), [language, speak]);
  return <SpeechContext value={choice}>{children}</SpeechContext>;
}

/** The reader's language and its words: `const { words, language } = useSpeech()`. */
export function useSpeech(): Speech {
  const choice = useContext(SpeechContext);
  if (choice === undefined) throw new TypeError('a component speaks inside LanguageProvider');
  // Looked up at each drawing: the words of later screens come later.
  const words = catalogue(choice.language);
  return { ...choice, words, common: words.screens.common };
}
