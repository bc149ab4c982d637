import { LANGUAGES, languageOf } from '../../src-main/wording/language.ts';
import { useSpeech } from '../language/language-context.tsx';
import type { Connection } from '../state/live-store.ts';
import { AgentIcon } from './icons.tsx';

export function TopBar({ connection }: { readonly connection: Connection }) {
  const { words, language, speak } = useSpeech();
  return (
    <header className="top-bar">
      <span className="mark">
        <AgentIcon />
      </span>
      <h1>{words.product}</h1>
      <span className="badge" title={words.virtualHint}>
        {words.virtual}
      </span>
      <p className="top-hint">{words.virtualHint}</p>
      <label className="language">
        <span className="unseen">{words.language}</span>
        <select value={language} onChange={(event) => speak(languageOf(event.target.value))}>
          {LANGUAGES.map((tag) => (
            <option key={tag} value={tag} lang={tag}>
              {words.languages[tag]}
            </option>
          ))}
        </select>
      </label>
      <span className="connection" data-kind={connection.kind}>
        <span className="lamp" aria-hidden="true" />
        {words.connection[connection.kind]}
      </span>
    </header>
  );
}
