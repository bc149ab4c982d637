import { ActionIcon, Button } from '@mantine/core';
import { Trash2 } from 'lucide-react';
import type { KnownHandset } from '../../../src-main/contract/handsets.ts';
import type { ArchiveView } from '../../../src-main/contract/software-views.ts';
import type { Task } from '../../../src-main/contract/tasks.ts';
import { errorText } from '../../../src-main/wording/error-text.ts';
import { dateTimeText } from '../../../src-main/wording/numbers.ts';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { useHost } from '../../host/host-context.tsx';
import { useRequest } from '../../host/use-request.ts';
import { useSpeech } from '../../language/language-context.tsx';
import { isTaskOf } from '../handsets/card-facts.ts';
import type { OpenDialog } from '../handsets/dialogs.ts';
import { FOCUS_HOME } from '../handsets/use-keep-focus.ts';
import { useKeptVersion } from './kept-version.ts';

interface ArchiveSectionProps {
  readonly handset: KnownHandset;
  readonly idle: boolean;
  readonly open: OpenDialog;
}

/** What was taken off this handset and is kept to be put back. */
export function ArchiveSection({ handset, idle, open }: ArchiveSectionProps) {
  const { words } = useSpeech();
  const speech = words.screens.software.archives;
  const { device } = handset;
  const version = useWorkVersion(handset);
  const answer = useRequest('archives.list', { device }, `${version} ${useKeptVersion()}`);
  const archives = answer.data?.archives;
  return (
    <section className="panel stack" aria-labelledby="software-archive" tabIndex={-1} {...{ [FOCUS_HOME]: '' }}>
      <div>
        <h2 id="software-archive">{speech.title}</h2>
        <p className="small quiet">{speech.hint}</p>
      </div>
      {answer.kind === 'failed' && <ErrorNotice code={answer.error.code} message={answer.error.message} />}
      {archives?.length === 0 && <p>{speech.none}</p>}
      {archives !== undefined && archives.length > 0 && (
        <ul className="software-kept">
          {archives.map((archive) => (
            <ArchiveRow key={archive.id} {...{ archive, device, idle, open }} />
          ))}
        </ul>
      )}
    </section>
  );
}

/** Another one whenever work on this handset has ended. */
export function useWorkVersion(handset: KnownHandset): string {
  return useHost(({ tasks }) => endedIds(tasks, handset), '');
}

function endedIds(tasks: readonly Task[], handset: KnownHandset): string {
  const over = tasks.filter((task) => task.end !== undefined && isTaskOf(task, handset));
  return over.map(({ id }) => id).join(' ');
}

interface ArchiveRowProps {
  readonly archive: ArchiveView;
  readonly device: string;
  readonly idle: boolean;
  readonly open: OpenDialog;
}

function ArchiveRow({ archive, device, idle, open }: ArchiveRowProps) {
  const { words, language } = useSpeech();
  const { archives: speech, active, inactive } = words.screens.software;
  const { component, version, state, archivedAt, restoredAt, note, code } = archive;
  const name = archive.name ?? component;
  const usable = idle && code === undefined;
  return (
    <li>
      <div className="software-kept-what">
        <p>
          <strong>{name}</strong> <span className="number quiet">{version}</span>
        </p>
        <p className="small quiet number">
          {speech.when(dateTimeText(archivedAt, language), state === 'inactive' ? inactive : active)}
          {restoredAt !== undefined && ` · ${speech.restored(dateTimeText(restoredAt, language))}`}
        </p>
        {note !== undefined && <p className="small software-note">{note}</p>}
        {code !== undefined && <p className="small software-problem">{errorText(code, language).what}</p>}
      </div>
      <div className="software-kept-do">
        <Button
          variant="default"
          size="compact-sm"
          aria-disabled={!usable}
          aria-label={speech.restoreThis(name)}
          onClick={usable ? () => open({ kind: 'restore', device, archive }) : undefined}
        >
          {speech.restore}
        </Button>
        <ActionIcon
          variant="subtle"
          color="red"
          aria-label={speech.deleteThis(name)}
          title={speech.deleteThis(name)}
          onClick={() => open({ kind: 'delete-archive', device, archive })}
        >
          <Trash2 size="1.1rem" aria-hidden="true" />
        </ActionIcon>
      </div>
    </li>
  );
}
