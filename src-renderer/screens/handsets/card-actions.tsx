import { ActionIcon, Button } from '@mantine/core';
import { History, Power, Trash2 } from 'lucide-react';
import { memo, useEffect } from 'react';
import { Link } from 'wouter';
import type { KnownHandset } from '../../../src-main/contract/handsets.ts';
import { errorText } from '../../../src-main/wording/error-text.ts';
import { useHost } from '../../host/host-context.tsx';
import { useAction } from '../../host/use-request.ts';
import { useSpeech } from '../../language/language-context.tsx';
import { showPrompt } from '../prompts/set-aside.ts';
import { lastSessionOf, openSessionOf } from './card-facts.ts';
import { type CardState, isAtWork } from './card-state.ts';
import type { OpenDialog } from './dialogs.ts';
import { doctorOfHandset } from './doctor-place.ts';
import { softwarePlace } from './software-place.ts';

interface CardActionsProps {
  readonly handset: KnownHandset;
  readonly name: string;
  readonly kind: CardState['kind'];
  /** Why it cannot be used. */
  readonly code: string | undefined;
  /** Id of the question that is answered in this window. */
  readonly prompt: string | undefined;
  /** Id of the work that is under way. */
  readonly task: string | undefined;
  readonly open: OpenDialog;
  /** Something else comes first, such as trying again. */
  readonly second: boolean;
}

/** What can be done with the handset now: one thing first. */
export const CardActions = memo(function CardActions(props: CardActionsProps) {
  const { handset, name, kind, code, prompt, task, open, second } = props;
  const { words, language } = useSpeech();
  const speech = words.screens.handsets.actions;
  const stop = useAction('virtual.stop');
  const forget = speech.forget(name);
  const idle = !isAtWork({ kind });
  return (
    <footer className="handset-actions">
      <div className="row">
        <FirstAction handset={handset} kind={kind} code={code} prompt={prompt} open={open} second={second} />
        <CancelButton task={task} />
        {!idle && <SessionLink handset={handset} />}
      </div>
      {idle && (
        <div className="handset-more">
          <LastSession handset={handset} />
          {handset.faults !== undefined && kind !== 'away' && (
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={speech.stop}
              title={speech.stop}
              onClick={() => void stop.run({ device: handset.device })}
            >
              <Power size="1.1rem" aria-hidden="true" />
            </ActionIcon>
          )}
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={forget}
            title={forget}
            onClick={() => open({ kind: 'forget', device: handset.device })}
          >
            <Trash2 size="1.1rem" aria-hidden="true" />
          </ActionIcon>
        </div>
      )}
      {stop.error !== undefined && (
        <p className="handset-problem small" role="alert">
          {errorText(stop.error.code, language).what}
        </p>
      )}
    </footer>
  );
});

type FirstActionProps = Pick<CardActionsProps, 'handset' | 'kind' | 'code' | 'prompt' | 'open' | 'second'>;

function FirstAction({ handset, kind, code, prompt, open, second }: FirstActionProps) {
  const { words } = useSpeech();
  const { device } = handset;
  const speech = words.screens.handsets;
  const software = (text: string) => (
    <Button component={Link} href={softwarePlace(device)} variant="default">
      {text}
    </Button>
  );
  switch (kind) {
    case 'ready':
    case 'unknown':
      return (
        <>
          <Button
            variant={second ? 'default' : 'filled'}
            onClick={() => open({ kind: 'install', device, packages: [] })}
          >
            {speech.actions.install}
          </Button>
          {software(speech.actions.software)}
        </>
      );
    case 'asked-here':
      return prompt === undefined ? null : <Button onClick={() => showPrompt(prompt)}>{speech.answerHere}</Button>;
    case 'unusable': {
      const doctor = doctorOfHandset(handset, code);
      return (
        <>
          {doctor === undefined ? (
            software(speech.actions.tryAgain)
          ) : (
            <Button component={Link} href={doctor}>
              {speech.actions.openDoctor}
            </Button>
          )}
          <a href={`#/help/${code}`}>{speech.actions.readMore}</a>
        </>
      );
    }
    case 'away':
    case 'caller':
      return software(speech.actions.software);
    case 'asked-there':
    case 'busy':
    case 'queued':
    case 'interrupted':
      return null;
  }
}

export function CancelButton({ task: id }: Pick<CardActionsProps, 'task'>) {
  const { words, language } = useSpeech();
  const { run, error, clear } = useAction('tasks.cancel');
  // biome-ignore lint/correctness/useExhaustiveDependencies: what was wrong with one task is not of the next
  useEffect(clear, [id]);
  if (id === undefined) return null;
  return (
    <>
      <Button variant="default" onClick={() => void run({ task: id })}>
        {words.screens.handsets.actions.cancel}
      </Button>
      {error !== undefined && (
        <span className="handset-problem small" role="alert">
          {errorText(error.code, language).what}
        </span>
      )}
    </>
  );
}

export function SessionLink({ handset }: { readonly handset: KnownHandset }) {
  const { words } = useSpeech();
  const key = useHost(({ sessions }) => openSessionOf(sessions, handset)?.key, undefined);
  if (key === undefined) return null;
  return <Link href={sessionPlace(key)}>{words.screens.handsets.actions.openSession}</Link>;
}

function LastSession({ handset }: { readonly handset: KnownHandset }) {
  const { words } = useSpeech();
  const label = words.screens.handsets.actions.lastSession;
  const key = useHost(({ sessions }) => lastSessionOf(sessions, handset)?.key, undefined);
  if (key === undefined) return null;
  return (
    <ActionIcon
      component={Link}
      href={sessionPlace(key)}
      variant="subtle"
      color="gray"
      aria-label={label}
      title={label}
    >
      <History size="1.1rem" aria-hidden="true" />
    </ActionIcon>
  );
}

function sessionPlace(key: string): string {
  return `/sessions/${encodeURIComponent(key)}`;
}
