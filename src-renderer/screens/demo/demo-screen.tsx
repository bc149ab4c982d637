import './demo.css';
import { Button } from '@mantine/core';
import { Clapperboard, Play } from 'lucide-react';
import { useEffect, useRef } from 'react';
import type { DemoView } from '../../../src-main/contract/demo-view.ts';
import { actName } from '../../../src-main/wording/describe-event.ts';
import { useAnnounce } from '../../components/announcer.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { Loading } from '../../components/loading.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { useConnection, useHasState, useHost } from '../../host/host-context.tsx';
import { type Action, useAction } from '../../host/use-request.ts';
import { useSpeech } from '../../language/language-context.tsx';
import { ActList } from './act-list.tsx';
import { DemoResultPanel } from './demo-result-panel.tsx';
import { DemoSessions } from './demo-sessions.tsx';
import { LatestSteps } from './latest-steps.tsx';

/** The whole work with virtual ends: what happens now, and what it came to. */
export function DemoScreen() {
  const { words, common } = useSpeech();
  const text = words.screens.demo;
  const there = useHasState();
  const demo = useHost((state) => state.demo, undefined);
  const action = useAction('demo.run');
  useDemoSaid(demo);
  if (!there) {
    return (
      <>
        <PageHeader title={common.places.demo} />
        <Loading />
      </>
    );
  }
  const failed = action.error !== undefined && (
    <>
      <h2 className="unseen">{text.errors}</h2>
      <ErrorNotice code={action.error.code} message={action.error.message} />
    </>
  );
  if (demo === undefined) {
    return (
      <>
        <PageHeader title={common.places.demo} />
        {failed}
        <EmptyState icon={Clapperboard} title={text.empty.title} text={text.empty.text}>
          <RunButton action={action} running={action.running} again={false} />
        </EmptyState>
      </>
    );
  }
  return (
    <>
      <PageHeader title={common.places.demo} hint={text.hint}>
        <RunButton action={action} running={demo.state === 'running'} again />
      </PageHeader>
      <div className="stack demo">
        {failed}
        <DemoParts demo={demo} />
      </div>
    </>
  );
}

function DemoParts({ demo }: { readonly demo: DemoView }) {
  const { words } = useSpeech();
  const text = words.screens.demo;
  const latest = demo.sessions.at(-1);
  // The failure that the demo ended with is told by its result.
  const errors = demo.errors.filter(({ code }) => code !== demo.result?.code);
  return (
    <>
      {demo.result !== undefined && <DemoResultPanel result={demo.result} />}
      <ActList demo={demo} />
      {errors.length > 0 && (
        <section className="stack" aria-labelledby="demo-errors">
          <h2 id="demo-errors">{text.errors}</h2>
          {errors.map(({ time, code, message, offset }) => (
            <ErrorNotice key={`${time} ${code}`} code={code} message={message} offset={offset} />
          ))}
        </section>
      )}
      <div className="demo-columns">
        <DemoSessions keys={demo.sessions} />
        {latest !== undefined && <LatestSteps key={latest} session={latest} />}
      </div>
      <section className="panel stack" aria-labelledby="demo-about">
        <h2 id="demo-about">{text.about.title}</h2>
        <p className="quiet">{text.about.text}</p>
      </section>
    </>
  );
}

interface RunButtonProps {
  readonly action: Action<'demo.run'>;
  readonly running: boolean;
  readonly again: boolean;
}

function RunButton({ action, running, again }: RunButtonProps) {
  const { words } = useSpeech();
  const text = words.screens.demo;
  const live = useConnection().kind === 'live';
  return (
    <Button
      variant="filled"
      disabled={running || !live}
      leftSection={<Play size="1.1em" aria-hidden="true" />}
      onClick={() => void action.run({}, { keep: true })}
    >
      {running ? text.running : again ? text.runAgain : text.run}
    </Button>
  );
}

/** Says each act once, and the end; not what was there when the screen came. */
function useDemoSaid(demo: DemoView | undefined): void {
  const { words, language } = useSpeech();
  const announce = useAnnounce();
  const said = useRef<string | undefined>(undefined);
  const act = demo?.acts.findLast(({ state }) => state === 'started')?.act;
  const state = demo?.state;
  useEffect(() => {
    const { say } = words.screens.demo;
    const sentence =
      state === 'running' && act !== undefined
        ? say.act(actName(act, language))
        : state === 'done'
          ? say.ok
          : state === 'failed'
            ? say.failed
            : '';
    if (said.current !== undefined && said.current !== sentence && sentence !== '') announce(sentence);
    said.current = sentence;
  }, [act, state, words, language, announce]);
}
