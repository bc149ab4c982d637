import { Button } from '@mantine/core';
import { useRef } from 'react';
import type { KnownHandset } from '../../../src-main/contract/handsets.ts';
import type { Task } from '../../../src-main/contract/tasks.ts';
import { StateBadge } from '../../components/state-badge.tsx';
import { useHost } from '../../host/host-context.tsx';
import { useSpeech } from '../../language/language-context.tsx';
import { CancelButton, SessionLink } from '../handsets/card-actions.tsx';
import { CardBody } from '../handsets/card-body.tsx';
import { CardOutcome } from '../handsets/card-outcome.tsx';
import { type CardState, isAtWork, sessionOfState } from '../handsets/card-state.ts';
import { Continued } from '../handsets/continued.tsx';
import type { OpenDialog } from '../handsets/dialogs.ts';
import { isUnchanged, outcomeOf } from '../handsets/outcome.ts';
import { FOCUS_HOME } from '../handsets/use-keep-focus.ts';
import { usePhaseSaid } from '../handsets/use-phase-said.ts';
import { showPrompt } from '../prompts/set-aside.ts';
import { DifferenceList } from './difference-list.tsx';
import { lastReading } from './reading.ts';

interface WorkPanelProps {
  readonly handset: KnownHandset;
  readonly name: string;
  readonly state: CardState;
  readonly running: Task | undefined;
  readonly ended: Task | undefined;
  readonly open: OpenDialog;
}

/** What goes on with the handset now, or what the last work came to and what is another since. */
export function WorkPanel({ handset, name, state, running, ended, open }: WorkPanelProps) {
  const { words } = useSpeech();
  const speech = words.screens.software;
  // What was over when the page came is no news.
  const said = useRef(ended?.id);
  usePhaseSaid(name, sessionOfState(state));
  const atWork = isAtWork(state);
  if (!atWork && state.kind !== 'away' && state.kind !== 'unusable' && ended === undefined) return null;
  return (
    <section className="stack software-work" aria-labelledby="software-work" tabIndex={-1} {...{ [FOCUS_HOME]: '' }}>
      <h2 id="software-work" className="unseen">
        {speech.work}
      </h2>
      {(atWork || state.kind === 'away' || state.kind === 'unusable') && (
        <div className="panel stack">
          {!atWork && (
            <div>
              <StateBadge state={state.kind === 'away' ? 'away' : 'unusable'} />
            </div>
          )}
          <CardBody state={state} handset={handset} name={name} />
          {running !== undefined && <Continued task={running} name={name} />}
          {atWork && (
            <div className="row">
              {state.kind === 'asked-here' && (
                <Button onClick={() => showPrompt(state.prompt.id)}>{words.screens.handsets.answerHere}</Button>
              )}
              <CancelButton task={running?.id} />
              <SessionLink handset={handset} />
            </div>
          )}
        </div>
      )}
      {running === undefined && ended !== undefined && (
        <>
          <CardOutcome key={ended.id} task={ended} handset={handset} name={name} open={open} said={said} />
          <Continued task={ended} name={name} />
          <Changed task={ended} handset={handset} />
        </>
      )}
    </section>
  );
}

/** The evidence: what is another since; that nothing is, the outcome of a failure says itself. */
function Changed({ task, handset }: { readonly task: Task; readonly handset: KnownHandset }) {
  const names = useHost(({ tasks }) => lastReading(tasks, handset), undefined);
  const packages = useHost((state) => state.packages, []);
  const outcome = outcomeOf(task, packages);
  if (outcome?.difference === undefined) return null;
  if (outcome.kind === 'failed' && isUnchanged(outcome.difference)) return null;
  return <DifferenceList difference={outcome.difference} components={names?.end?.result?.components} />;
}
