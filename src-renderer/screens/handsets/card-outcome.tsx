import { ActionIcon, Button } from '@mantine/core';
import { CircleCheck, CircleSlash, Clock, ShieldCheck, X } from 'lucide-react';
import { memo, type RefObject, useEffect } from 'react';
import type { KnownHandset } from '../../../src-main/contract/handsets.ts';
import type { Task } from '../../../src-main/contract/tasks.ts';
import { errorText } from '../../../src-main/wording/error-text.ts';
import { useAnnounce } from '../../components/announcer.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { useHost, useHostClient } from '../../host/host-context.tsx';
import { useSpeech } from '../../language/language-context.tsx';
import { isTaskOf } from './card-facts.ts';
import type { OpenDialog } from './dialogs.ts';
import { isUnchanged, type Outcome, outcomeOf, type Thing } from './outcome.ts';
import { outcomeSentence, thingsText } from './outcome-text.ts';
import { workName } from './work-name.ts';

interface CardOutcomeProps {
  readonly task: Task;
  readonly handset: KnownHandset;
  readonly name: string;
  readonly open: OpenDialog;
  /** Id of the task whose end is no news any more. */
  readonly said: RefObject<string | undefined>;
}

/** What the last work came to, in one sentence, with what to do next. */
export const CardOutcome = memo(function CardOutcome({ task, handset, name, open, said }: CardOutcomeProps) {
  const { words, language } = useSpeech();
  const speech = words.screens.handsets;
  const announce = useAnnounce();
  const packages = useHost((state) => state.packages, []);
  const dismiss = useDismiss(handset);
  const outcome = outcomeOf(task, packages);
  const work = workName(task) ?? 'inventory';
  const sentence = outcome === undefined ? '' : outcomeSentence(outcome, work, words.screens.outcome, language);
  // biome-ignore lint/correctness/useExhaustiveDependencies: said once for each task
  useEffect(() => {
    if (said.current === task.id) return;
    said.current = task.id;
    announce(words.screens.outcome.on(name, sentence));
  }, [task.id]);
  if (outcome === undefined) return null;
  if (outcome.kind === 'failed') {
    return (
      <div className="handset-failed">
        <ErrorNotice code={outcome.code} message={outcome.message} phone={name}>
          <RetryButton task={task} left={outcome.left} device={handset.device} open={open} />
          <Button variant="default" size="compact-sm" onClick={dismiss}>
            {speech.actions.dismiss}
          </Button>
        </ErrorNotice>
        {outcome.done.length > 0 && (
          <p className="small">{words.screens.outcome.alsoDone(thingsText(outcome.done, words.screens.outcome))}</p>
        )}
        {outcome.difference !== undefined && isUnchanged(outcome.difference) && (
          <p className="handset-unchanged">
            <ShieldCheck aria-hidden="true" />
            {words.screens.outcome.unchanged}
          </p>
        )}
      </div>
    );
  }
  return <GoodOutcome outcome={outcome} sentence={sentence} dismiss={dismiss} />;
});

interface GoodOutcomeProps {
  readonly outcome: Exclude<Outcome, { readonly kind: 'failed' }>;
  readonly sentence: string;
  readonly dismiss: () => void;
}

const LOOKS = {
  done: ['done', CircleCheck],
  nothing: ['done', CircleCheck],
  waiting: ['needs-you', Clock],
  cancelled: ['idle', CircleSlash],
} as const;

function GoodOutcome({ outcome, sentence, dismiss }: GoodOutcomeProps) {
  const { words, language } = useSpeech();
  const label = words.screens.handsets.actions.dismiss;
  const [tone, Icon] = LOOKS[outcome.kind];
  return (
    <div className="handset-outcome" data-tone={tone}>
      <Icon aria-hidden="true" />
      <p>
        {sentence}
        {outcome.kind === 'cancelled' && (
          <span className="quiet small"> {errorText(outcome.code, language).phoneSafe}</span>
        )}
      </p>
      <ActionIcon variant="subtle" size="sm" color="gray" aria-label={label} title={label} onClick={dismiss}>
        <X size="1rem" aria-hidden="true" />
      </ActionIcon>
    </div>
  );
}

interface RetryButtonProps {
  readonly task: Task;
  readonly left: readonly Thing[];
  readonly device: string;
  readonly open: OpenDialog;
}

/** Tries again what failed, and nothing else; what changes the handset is planned and consented to anew. */
function RetryButton({ task, left, device, open }: RetryButtonProps) {
  const { retry } = useSpeech().words.screens.outcome;
  const work = workName(task) ?? 'inventory';
  const click = () => {
    if (work === 'install' || work === 'update') open({ kind: work, device, packages: left.map(({ id }) => id) });
    else if (work === 'firmware') open({ kind: 'firmware', device });
    else if ((work === 'remove' || work === 'archive') && task.component !== undefined) {
      open({ kind: work, device, component: task.component });
    } else open({ kind: 'software', device });
  };
  return (
    <Button size="compact-sm" onClick={click}>
      {work === 'install' || work === 'update' ? retry.install(left.length) : retry[work]}
    </Button>
  );
}

/** Takes all work of this handset that is over off the list, else an older end would come to light. */
function useDismiss(handset: KnownHandset): () => void {
  const client = useHostClient();
  const ids = useHost(({ tasks }) => idsText(tasks, handset), '');
  return () => {
    for (const task of ids.split(' ')) {
      // One that has gone from the list meanwhile is what was wanted.
      client.request('tasks.dismiss', { task }).catch(() => undefined);
    }
  };
}

function idsText(tasks: readonly Task[], handset: KnownHandset): string {
  const over = tasks.filter((task) => task.end !== undefined && isTaskOf(task, handset));
  return over.map(({ id }) => id).join(' ');
}
