import '@mantine/core/styles/Input.css';
import { ActionIcon, Button, Modal, TextInput } from '@mantine/core';
import { X } from 'lucide-react';
import type { SubmitEvent } from 'react';
import type { PackageView } from '../../../src-main/contract/results.ts';
import { countText, sizeText } from '../../../src-main/wording/numbers.ts';
import { useAnnounce } from '../../components/announcer.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { Notice } from '../../components/notice.tsx';
import { StateBadge } from '../../components/state-badge.tsx';
import { TransferBar } from '../../components/transfer-bar.tsx';
import { useHost } from '../../host/host-context.tsx';
import { useSpeech } from '../../language/language-context.tsx';
import { type FileMeta, MAX_META, type MetaProblem, metaOfFileName, metaProblems } from './file-name-meta.ts';
import { type UploadEntry, useUploads } from './use-uploads.ts';

/** More would be a form that nobody reads; a folder of thousands is work for the command line. */
const MOST_FILES = 50;
const FIELDS = ['id', 'name', 'version', 'model'] as const;
const NONE: PackageView[] = [];

interface AddPackagesDialogProps {
  readonly files: readonly File[];
  readonly onClose: () => void;
}

/** Asks what each file is, and hands them over to the host. */
export function AddPackagesDialog({ files, onClose }: AddPackagesDialogProps) {
  const { words, common, language } = useSpeech();
  const text = words.screens.packages.addDialog;
  const announce = useAnnounce();
  const uploads = useUploads(files.slice(0, MOST_FILES), metaOfFileName);
  const { entries, running } = uploads;
  const left = entries.filter(({ state }) => state.kind !== 'done');
  const problems = metaProblems(entries.map(({ meta }) => meta));
  const isRight = problems.every((each) => Object.keys(each).length === 0);
  const failed = entries.filter(({ state }) => state.kind === 'failed').length;
  const close = () => {
    uploads.stop();
    onClose();
  };
  const send = async () => {
    const end = await uploads.send();
    if (end.failed > 0) announce(text.failed(end.failed, countText(end.failed, language)));
    else if (!end.stopped) {
      announce(text.added(end.added, countText(end.added, language)));
      onClose();
    }
  };
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (isRight && !running) void send();
  };
  const number = countText(left.length, language);
  return (
    <Modal
      opened
      size="xl"
      onClose={close}
      closeOnClickOutside={!running}
      title={text.title(entries.length, countText(entries.length, language))}
      closeButtonProps={{ 'aria-label': common.close }}
    >
      <form className="stack" noValidate onSubmit={submit}>
        <p className="quiet">{text.hint}</p>
        {files.length > MOST_FILES && <Notice tone="needs-you" title={text.tooMany(countText(MOST_FILES, language))} />}
        {entries.map((entry, place) => (
          <FileEntry
            key={entry.key}
            entry={entry}
            problems={problems[place] ?? {}}
            locked={running}
            first={place === 0}
            onMeta={(meta) => uploads.setMeta(entry.key, meta)}
            onLeaveOut={entries.length === 1 ? undefined : () => uploads.leaveOut(entry.key)}
          />
        ))}
        <div className="row packages-dialog-end">
          {running ? (
            <Button variant="default" onClick={uploads.stop}>
              {text.stop}
            </Button>
          ) : (
            <Button variant="default" onClick={close}>
              {common.cancel}
            </Button>
          )}
          <Button type="submit" loading={running} disabled={!isRight}>
            {failed > 0 ? text.retry : text.confirm(left.length, number)}
          </Button>
        </div>
      </form>
    </Modal>
  );
}

interface FileEntryProps {
  readonly entry: UploadEntry;
  readonly problems: Partial<Record<keyof FileMeta, MetaProblem>>;
  readonly locked: boolean;
  /** Its first field has the focus. */
  readonly first: boolean;
  readonly onMeta: (meta: FileMeta) => void;
  readonly onLeaveOut: (() => void) | undefined;
}

function FileEntry({ entry, problems, locked, first, onMeta, onLeaveOut }: FileEntryProps) {
  const { file, meta, state } = entry;
  const { words, language } = useSpeech();
  const text = words.screens.packages.addDialog;
  const replaced = useHost(({ packages }) => packages, NONE).find(({ id }) => id === meta.id.trim());
  const problem = (field: keyof FileMeta) => {
    const found = problems[field];
    return found === undefined ? undefined : text[found];
  };
  return (
    <fieldset className="packages-file" disabled={locked || state.kind === 'done'}>
      <legend>
        <span>{file.name}</span> <span className="quiet small number">{sizeText(file.size, language)}</span>
      </legend>
      {onLeaveOut !== undefined && state.kind !== 'done' && (
        <ActionIcon
          className="packages-file-out"
          variant="subtle"
          size="sm"
          aria-label={text.drop(file.name)}
          onClick={onLeaveOut}
        >
          <X size="1.1em" aria-hidden="true" />
        </ActionIcon>
      )}
      <div className="packages-fields">
        {FIELDS.map((field) => (
          <TextInput
            key={field}
            label={text[field]}
            value={meta[field]}
            maxLength={MAX_META[field]}
            error={problem(field)}
            data-autofocus={first && field === 'id' ? true : undefined}
            {...(field === 'model' ? { placeholder: text.modelHint } : {})}
            onChange={({ currentTarget }) => onMeta({ ...meta, [field]: currentTarget.value })}
          />
        ))}
      </div>
      {replaced !== undefined && state.kind === 'waiting' && (
        <p className="small quiet">{text.replaces(`${replaced.name} ${replaced.version}`)}</p>
      )}
      {locked && state.kind === 'waiting' && <p className="small quiet">{text.waiting}</p>}
      {state.kind === 'sending' && (
        <TransferBar label={text.progress(file.name)} transfer={{ done: state.done, total: file.size }} />
      )}
      {state.kind === 'done' && <StateBadge state="done" />}
      {state.kind === 'failed' && <ErrorNotice code={state.error.code} message={state.error.message} />}
    </fieldset>
  );
}
