import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from 'react';
import { type Catalogue, catalogue } from '../../src-main/wording/catalogue.ts';
import { type Language, languageOf } from '../../src-main/wording/language.ts';

interface Speech {
  readonly language: Language;
  readonly words: Catalogue['screen'];
  readonly speak: (language: Language) => void;
}

const KEY = 'pc-agent.language';
const SpeechContext = createContext<Speech | undefined>(undefined);

export function LanguageProvider({ children }: { readonly children: ReactNode }) {
  const [language, setLanguage] = useState<Language>(() => languageOf(stored() ?? navigator.language));
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  const speech = useMemo<Speech>(() => {
    const speak = (wanted: Language) => {
      setLanguage(wanted);
      remember(wanted);
    };
    return { language, words: catalogue(language).screen, speak };
  }, [language]);
  return <SpeechContext value={speech}>{children}</SpeechContext>;
}

export function useSpeech(): Speech {
  const speech = useContext(SpeechContext);
  if (speech === undefined) throw new TypeError('a component speaks inside LanguageProvider');
  return speech;
}

function stored(): string | undefined {
  try {
    return localStorage.getItem(KEY) ?? undefined;
  } catch {
    return undefined;
  }
}

/** A browser that keeps nothing only forgets the choice. */
function remember(language: Language): void {
  try {
    localStorage.setItem(KEY, language);
  } catch {
    return;
  }
}
