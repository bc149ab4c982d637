import { Fragment, type ReactNode } from 'react';
import { Link } from 'wouter';
import { BearerChip } from '../../components/bearer-chip.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { StateBadge } from '../../components/state-badge.tsx';
import type { StateWord } from '../../components/state-word.ts';
import { UnplugWord } from '../../components/unplug-word.tsx';
import { useSpeech } from '../../language/language-context.tsx';
import { NUMBER_TABLES, type TopicName } from './help-index.ts';
import { PlacesTopic } from './places-topic.tsx';

const PAGES: Readonly<Record<TopicName, () => ReactNode>> = {
  states: StatesTopic,
  numbers: NumbersTopic,
  bearers: BearersTopic,
  cables: CablesTopic,
  jobs: () => <ToldTopic name="jobs" />,
  faults: () => <ToldTopic name="faults" />,
  keyboard: KeyboardTopic,
  places: PlacesTopic,
};

export function TopicPage({ name }: { readonly name: TopicName }) {
  const { topics } = useSpeech().words.screens.help;
  const Page = PAGES[name];
  return (
    <>
      <PageHeader title={topics[name].title} hint={topics[name].intro} />
      <Page />
    </>
  );
}

function StatesTopic() {
  const { states, unplug } = useSpeech().words.screens.help;
  return (
    <dl className="help-terms">
      {(Object.keys(states) as StateWord[]).map((state) => (
        <div key={state}>
          <dt>
            <StateBadge state={state} />
          </dt>
          <dd>{states[state]}</dd>
        </div>
      ))}
      {(['safe', 'unsafe'] as const).map((word) => (
        <div key={word}>
          <dt>
            <UnplugWord unplug={word} />
          </dt>
          <dd>{unplug[word]}</dd>
        </div>
      ))}
    </dl>
  );
}

function NumbersTopic() {
  const { words } = useSpeech();
  const { numbers } = words.screens.help.topics;
  return NUMBER_TABLES.map((table) => (
    <section key={table} className="stack" aria-labelledby={`numbers-${table}`}>
      <h2 id={`numbers-${table}`}>{numbers[table]}</h2>
      <dl className="help-terms help-numbers">
        {Object.entries<string>(words[table].byCode).map(([number, meaning]) => (
          <div key={number}>
            <dt className="number">{number}</dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
    </section>
  ));
}

const BEARERS = ['tcp', 'serial', 'usb', 'bluetooth', 'http'] as const;

function BearersTopic() {
  const { bearers } = useSpeech().words.screens.help;
  return (
    <dl className="help-terms">
      {BEARERS.map((kind) => (
        <div key={kind}>
          <dt>
            <BearerChip kind={kind} address="" />
          </dt>
          <dd>
            {bearers[kind].text}
            <p className="quiet">{bearers[kind].hint}</p>
          </dd>
        </div>
      ))}
    </dl>
  );
}

function CablesTopic() {
  const { actions } = useSpeech().words.screens.handsets;
  return (
    <>
      <ToldTopic name="cables" />
      <p>
        <Link href="/doctor">{actions.openDoctor}</Link>
      </p>
    </>
  );
}

/** A topic that is told, step by step. */
function ToldTopic({ name }: { readonly name: 'cables' | 'jobs' | 'faults' }) {
  const { told } = useSpeech().words.screens.help.topics[name];
  return (
    <dl className="help-terms">
      {told.map(({ term, text }) => (
        <div key={term}>
          <dt>{term}</dt>
          <dd>{text}</dd>
        </div>
      ))}
    </dl>
  );
}

function KeyboardTopic() {
  const { keys, windowKeys, topics } = useSpeech().words.screens.help;
  const { everywhere, window, windowHint } = topics.keyboard;
  return (
    <>
      <section className="stack" aria-labelledby="keys-everywhere">
        <h2 id="keys-everywhere">{everywhere}</h2>
        <Keys keys={Object.values(keys)} />
      </section>
      <section className="stack" aria-labelledby="keys-window">
        <div>
          <h2 id="keys-window">{window}</h2>
          <p className="quiet">{windowHint}</p>
        </div>
        <Keys keys={Object.values(windowKeys)} />
      </section>
    </>
  );
}

interface Shortcut {
  readonly keys: readonly string[];
  readonly text: string;
}

function Keys({ keys }: { readonly keys: readonly Shortcut[] }) {
  return (
    <dl className="help-terms">
      {keys.map(({ keys: together, text }) => (
        <div key={text}>
          <dt>
            {together.map((key, at) => (
              <Fragment key={key}>
                {at > 0 && ' + '}
                <kbd>{key}</kbd>
              </Fragment>
            ))}
          </dt>
          <dd>{text}</dd>
        </div>
      ))}
    </dl>
  );
}
