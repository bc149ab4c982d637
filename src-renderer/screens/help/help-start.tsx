import '@mantine/core/styles/Input.css';
import { Button, TextInput } from '@mantine/core';
import {
  Bug,
  Cable,
  ClipboardList,
  FolderTree,
  Hash,
  Keyboard,
  type LucideIcon,
  Search,
  Tags,
  Waypoints,
} from 'lucide-react';
import { type FormEvent, useDeferredValue, useEffect, useMemo, useState } from 'react';
import { Link, useLocation } from 'wouter';
import { countText } from '../../../src-main/wording/numbers.ts';
import { useAnnounce } from '../../components/announcer.tsx';
import { useSpeech } from '../../language/language-context.tsx';
import { CodeList } from './code-pages.tsx';
import { familiesOf, type Hit, search, TOPICS, type TopicName } from './help-index.ts';

const ICONS: Readonly<Record<TopicName, LucideIcon>> = {
  states: Tags,
  numbers: Hash,
  bearers: Waypoints,
  cables: Cable,
  jobs: ClipboardList,
  faults: Bug,
  keyboard: Keyboard,
  places: FolderTree,
};

/** The way in: a search over everything, else topics and codes by family. */
export function HelpStart() {
  const { words } = useSpeech();
  const { help } = words.screens;
  const [query, setQuery] = useState('');
  const asked = useDeferredValue(query);
  const hits = useMemo(() => search(asked, words), [asked, words]);
  const [, go] = useLocation();
  /** Enter goes to the one page that can be meant. */
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const [first] = search(query, words);
    if (first?.kind === 'code') go(`/help/${first.entry.code}`);
  };
  return (
    <div className="help">
      <search className="help-search">
        <form onSubmit={submit}>
          <TextInput
            className="field"
            type="search"
            label={help.search}
            description={help.searchHint}
            leftSection={<Search size="1.1em" aria-hidden="true" />}
            value={query}
            onChange={({ currentTarget }) => setQuery(currentTarget.value)}
            autoComplete="off"
            spellCheck={false}
          />
        </form>
      </search>
      {asked.trim() === '' ? <Contents /> : <Results hits={hits} onClear={() => setQuery('')} />}
    </div>
  );
}

function Results({ hits, onClear }: { readonly hits: readonly Hit[]; readonly onClear: () => void }) {
  const { words, language } = useSpeech();
  const { help } = words.screens;
  const announce = useAnnounce();
  const found = hits.length === 0 ? help.noResults : help.results(hits.length, countText(hits.length, language));
  useEffect(() => announce(found), [announce, found]);
  const codes = hits.flatMap((hit) => (hit.kind === 'code' ? [hit.entry] : []));
  const numbers = hits.filter((hit) => hit.kind === 'number');
  const topics = hits.flatMap((hit) => (hit.kind === 'topic' ? [hit.name] : []));
  return (
    <section className="stack" aria-labelledby="hits-title">
      <div className="row">
        <h2 id="hits-title">{found}</h2>
        <Button variant="subtle" size="compact-sm" onClick={onClear}>
          {help.clear}
        </Button>
      </div>
      {hits.length === 0 && <p className="quiet">{help.noResultsHint}</p>}
      {topics.length > 0 && <TopicLinks names={topics} />}
      {codes.length > 0 && <CodeList codes={codes} />}
      {numbers.length > 0 && (
        <ul className="help-codes">
          {numbers.map(({ number, of, meaning }) => (
            <li key={`${of} ${number}`}>
              <Link href="/help/numbers">
                {help.topics.numbers[of]} {number}
              </Link>
              <span>{meaning}</span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function Contents() {
  const { words, language } = useSpeech();
  const { help } = words.screens;
  const families = useMemo(() => familiesOf(words.errors), [words]);
  return (
    <>
      <section className="stack" aria-labelledby="topics-title">
        <h2 id="topics-title">{help.topicsTitle}</h2>
        <TopicLinks names={TOPICS} />
      </section>
      <section className="stack" aria-labelledby="codes-title">
        <div>
          <h2 id="codes-title">{help.codesTitle}</h2>
          <p className="quiet">{help.codesHint}</p>
        </div>
        <ul className="help-codes">
          {families.map(({ name, text, codes }) => (
            <li key={name}>
              <Link href={`/help/${name}`}>{name}</Link>
              <span>
                {text?.what ?? words.errors.unknown.what}{' '}
                <span className="quiet number">{help.codes(codes.length, countText(codes.length, language))}</span>
              </span>
            </li>
          ))}
        </ul>
      </section>
    </>
  );
}

function TopicLinks({ names }: { readonly names: readonly TopicName[] }) {
  const { topics } = useSpeech().words.screens.help;
  return (
    <ul className="help-topics">
      {names.map((name) => {
        const Icon = ICONS[name];
        return (
          <li key={name}>
            <Icon aria-hidden="true" />
            <div>
              <Link href={`/help/${name}`}>{topics[name].title}</Link>
              <p className="quiet small">{topics[name].hint}</p>
            </div>
          </li>
        );
      })}
    </ul>
  );
}
