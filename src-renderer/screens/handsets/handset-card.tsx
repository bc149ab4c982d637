import { memo, Suspense, useId, useRef } from 'react';
import type { KnownHandset } from '../../../src-main/contract/handsets.ts';
import { deviceName } from '../../components/device-name.ts';
import { useHost } from '../../host/host-context.tsx';
import { laterScreen } from '../../shell/later-screen.ts';
import { CardActions } from './card-actions.tsx';
import { CardBody } from './card-body.tsx';
import { endedTaskOf, openSessionOf, promptOf, runningTaskOf } from './card-facts.ts';
import { CardHead } from './card-head.tsx';
import { cardState, sessionOfState } from './card-state.ts';
import { Continued } from './continued.tsx';
import type { OpenDialog } from './dialogs.ts';
import { FOCUS_HOME } from './use-keep-focus.ts';
import { usePhaseSaid } from './use-phase-said.ts';

// Few cards are alike.
const LikenessNotice = laterScreen(async () => (await import('./likeness-notice.tsx')).LikenessNotice);
// At first nobody knows what waits anywhere.
const WaitingWork = laterScreen(async () => (await import('../servers/waiting-work.tsx')).WaitingWork);
// Most handsets have one way.
const WayLine = laterScreen(async () => (await import('./way-line.tsx')).WayLine);
// Nothing has an outcome at first, and its sentences are many.
const CardOutcome = laterScreen(async () => (await import('./card-outcome.tsx')).CardOutcome);

interface HandsetCardProps {
  readonly device: string;
  readonly open: OpenDialog;
}

/** One handset: drawn again only when something of its own differs. */
export const HandsetCard = memo(function HandsetCard({ device, open }: HandsetCardProps) {
  const handset = useHost(({ handsets }) => handsets.find((each) => each.device === device), undefined);
  return handset === undefined ? null : <KnownCard handset={handset} open={open} />;
});

function KnownCard({ handset, open }: { readonly handset: KnownHandset; readonly open: OpenDialog }) {
  const title = useId();
  const session = useHost(({ sessions }) => openSessionOf(sessions, handset), undefined);
  const running = useHost(({ tasks }) => runningTaskOf(tasks, handset), undefined);
  const ended = useHost(({ tasks }) => endedTaskOf(tasks, handset), undefined);
  const prompt = useHost(({ prompts }) => promptOf(prompts, handset), undefined);
  const state = cardState(handset, { session, running, prompt });
  const name = deviceName(handset);
  // What was over when the card came is no news.
  const said = useRef(ended?.id);
  usePhaseSaid(name, sessionOfState(state));
  return (
    <article
      className="panel handset-card"
      aria-labelledby={title}
      tabIndex={-1}
      data-device={handset.device}
      data-state={state.kind}
      {...{ [FOCUS_HOME]: '' }}
    >
      <CardHead id={title} handset={handset} kind={state.kind} />
      {handset.bearers.length > 1 && state.kind !== 'interrupted' && (
        <Suspense>
          <WayLine handset={handset} name={name} session={session} />
        </Suspense>
      )}
      <CardBody state={state} handset={handset} name={name} />
      <Continued task={running ?? ended} name={name} />
      {running === undefined && ended !== undefined && (
        <Suspense>
          <CardOutcome key={ended.id} task={ended} handset={handset} name={name} open={open} said={said} />
        </Suspense>
      )}
      {handset.likeness !== undefined && (
        <Suspense>
          <LikenessNotice handset={handset} open={open} />
        </Suspense>
      )}
      {(state.kind === 'ready' || state.kind === 'unknown') && (
        <Suspense>
          <WaitingWork handset={handset} />
        </Suspense>
      )}
      <CardActions
        handset={handset}
        name={name}
        kind={state.kind}
        code={state.kind === 'unusable' ? state.code : undefined}
        prompt={state.kind === 'asked-here' ? state.prompt.id : undefined}
        task={running?.id}
        open={open}
        second={ended?.end?.ok === false || handset.speaksDm === false}
      />
    </article>
  );
}
