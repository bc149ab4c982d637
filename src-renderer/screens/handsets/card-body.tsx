import { type ReactNode, Suspense, useEffect } from 'react';
import type { KnownHandset } from '../../../src-main/contract/handsets.ts';
import type { LiveSession, Stall } from '../../../src-main/contract/sessions.ts';
import type { Task } from '../../../src-main/contract/tasks.ts';
import { dateTimeText, durationText } from '../../../src-main/wording/numbers.ts';
import { useAnnounce } from '../../components/announcer.tsx';
import { TransferBar } from '../../components/transfer-bar.tsx';
import { UnplugWord } from '../../components/unplug-word.tsx';
import { secondsBetween, useNow } from '../../components/use-now.ts';
import { useSpeech } from '../../language/language-context.tsx';
import { laterScreen } from '../../shell/later-screen.ts';
import type { CardState } from './card-state.ts';
import { unusableText } from './unusable-text.ts';

// Few links are lost.
const WayOfferLine = laterScreen(async () => (await import('./way-line.tsx')).WayOfferLine);

interface CardBodyProps {
  readonly state: CardState;
  readonly handset: KnownHandset;
  readonly name: string;
}

/** What goes on, or why nothing can. */
export function CardBody({ state, handset, name }: CardBodyProps) {
  const { words, language } = useSpeech();
  const speech = words.screens.handsets;
  switch (state.kind) {
    case 'busy':
      return <Progress session={state.session} name={name} />;
    case 'asked-there':
      return <Progress session={state.session} name={name} hint={speech.answerThere} />;
    case 'asked-here':
      return state.session === undefined ? null : <Progress session={state.session} name={name} />;
    case 'queued':
      return (
        <div className="handset-progress">
          <p className="handset-phase">{speech.queued}</p>
          <TransferBar label={speech.transfer(name)} />
        </div>
      );
    case 'interrupted':
      return (
        <Interrupted task={state.task} code={state.code} until={state.until} name={name}>
          <Suspense>
            <WayOfferLine handset={handset} task={state.task} />
          </Suspense>
        </Interrupted>
      );
    case 'unusable': {
      const { holder } = handset.bearers.find(({ reason }) => reason === state.code) ?? {};
      const { what, next } = unusableText(state.code, holder, speech, language);
      return (
        <p className="handset-reason">
          <strong>{what}</strong> {next}
        </p>
      );
    }
    case 'away':
      return (
        <p className="small quiet">
          {speech.lastSeen(dateTimeText(handset.lastSeen, language))}.{' '}
          {handset.bearers.some(({ kind }) => kind === 'bluetooth') ? speech.awayHintAir : speech.awayHint}
        </p>
      );
    case 'caller':
      return <p className="small quiet">{speech.calledLast(dateTimeText(handset.lastSeen, language))}</p>;
    case 'unknown':
      return <p className="small quiet">{speech.lastSeen(dateTimeText(handset.lastSeen, language))}.</p>;
    case 'ready':
      return null;
  }
}

interface ProgressProps {
  readonly session: LiveSession;
  readonly name: string;
  readonly hint?: string;
}

/** Phase, number, and the word on the cable; the lines are always there, so that nothing jumps. */
function Progress({ session: { phase, unplug, transfer, stalled }, name, hint }: ProgressProps) {
  const { words, common } = useSpeech();
  const speech = words.screens.handsets;
  const moving = phase === 'delivering' ? transfer : undefined;
  return (
    <div className="handset-progress">
      <div className="handset-phase-line">
        <p className="handset-phase">{common.phases[phase]}</p>
        <UnplugWord unplug={unplug} />
      </div>
      <div className="handset-measure">
        <TransferBar label={speech.transfer(name)} transfer={moving} />
        {stalled !== undefined ? (
          <StalledLine stall={stalled} />
        ) : (
          moving === undefined && <p className="small quiet">{hint ?? common.transfer.noEstimate}</p>
        )}
      </div>
    </div>
  );
}

const INSTALLS: readonly string[] = ['install', 'update', 'restore', 'snapshots.restore'];

interface InterruptedProps {
  readonly task: Task;
  readonly code: string;
  readonly until: string;
  readonly name: string;
  /** What else could be done. */
  readonly children: ReactNode;
}

/** The cable was pulled: is the phone safe, what to do, and how long it is waited for. */
function Interrupted({ task, code, until, name, children }: InterruptedProps) {
  const { words, language } = useSpeech();
  const speech = words.screens.handsets.interrupted;
  const announce = useAnnounce();
  const now = useNow(true);
  // A handset that restarts into its new firmware leaves the line, and that is as it should be.
  const firmware = task.name === 'firmware';
  // biome-ignore lint/correctness/useExhaustiveDependencies: said once for each interruption
  useEffect(() => announce(firmware ? `${name}: ${speech.restart}` : speech.said(name)), [until]);
  return (
    <div className="handset-interrupted stack">
      <p>
        <strong>{speech.title}</strong> {firmware ? speech.restart : speech.plugIn(name)}
      </p>
      {!firmware && children}
      {!firmware && <p>{INSTALLS.includes(task.name) ? speech.safeInstall : speech.safe}</p>}
      <p className="small quiet number">
        {speech.waits(durationText(Math.max(0, secondsBetween(now, Date.parse(until))), language))}{' '}
        <code className="code">{code}</code>
      </p>
    </div>
  );
}

function StalledLine({ stall: { since, waitingFor } }: { readonly stall: Stall }) {
  const { common } = useSpeech();
  const now = useNow(true);
  return (
    <p className="handset-stalled small number">
      <strong>{common.stalled.title}.</strong> {common.stalled[waitingFor](secondsBetween(Date.parse(since), now))}
    </p>
  );
}
