import { ActionIcon, Button } from '@mantine/core';
import { Camera, Trash2, TriangleAlert } from 'lucide-react';
import { type SubmitEvent, useId, useState } from 'react';
import type { KnownHandset } from '../../../src-main/contract/handsets.ts';
import type { SnapshotView } from '../../../src-main/contract/software-views.ts';
import { countText, dateTimeText } from '../../../src-main/wording/numbers.ts';
import { useAnnounce } from '../../components/announcer.tsx';
import { deviceName } from '../../components/device-name.ts';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { useHost } from '../../host/host-context.tsx';
import { useAction, useRequest } from '../../host/use-request.ts';
import { useSpeech } from '../../language/language-context.tsx';
import type { OpenDialog } from '../handsets/dialogs.ts';
import { FOCUS_HOME } from '../handsets/use-keep-focus.ts';
import { useWorkVersion } from './archive-section.tsx';
import { keptChanged, useKeptVersion } from './kept-version.ts';
import { lostOf, snapshotsFor } from './snapshots.ts';

/** Longest name that the host takes. */
const MAX_NAME = 60;

interface SnapshotSectionProps {
  readonly handset: KnownHandset;
  readonly name: string;
  readonly idle: boolean;
  readonly open: OpenDialog;
}

/** Named sets of components that fit this handset's model: keep one, compare with one, put one back. */
export function SnapshotSection({ handset, name, idle, open }: SnapshotSectionProps) {
  const { words } = useSpeech();
  const speech = words.screens.software.snapshots;
  const version = useWorkVersion(handset);
  const answer = useRequest('snapshots.list', {}, `${version} ${useKeptVersion()}`);
  const snapshots = answer.data === undefined ? undefined : snapshotsFor(answer.data.snapshots, handset);
  return (
    <section className="panel stack" aria-labelledby="software-snapshots" tabIndex={-1} {...{ [FOCUS_HOME]: '' }}>
      <div>
        <h2 id="software-snapshots">{speech.title}</h2>
        <p className="small quiet">{speech.hint}</p>
      </div>
      <TakeForm handset={handset} name={name} idle={idle} />
      {answer.kind === 'failed' && <ErrorNotice code={answer.error.code} message={answer.error.message} />}
      {snapshots?.length === 0 && <p>{speech.none}</p>}
      {snapshots !== undefined && snapshots.length > 0 && (
        <ul className="software-kept">
          {snapshots.map((snapshot) => (
            <SnapshotRow key={snapshot.id} {...{ snapshot, device: handset.device, idle, open }} />
          ))}
        </ul>
      )}
    </section>
  );
}

function TakeForm({ handset: { device }, name, idle }: Pick<SnapshotSectionProps, 'handset' | 'name' | 'idle'>) {
  const speech = useSpeech().words.screens.software.snapshots;
  const announce = useAnnounce();
  const field = useId();
  const [text, setText] = useState('');
  const { run, running, error } = useAction('snapshots.take');
  const title = text.trim();
  const take = async (event: SubmitEvent) => {
    event.preventDefault();
    if (title === '' || running || !idle) return;
    const taken = await run({ handset: device, device, name: title }, { keep: true });
    if (taken === undefined) return;
    announce(speech.taken(taken.snapshot.name));
    setText('');
    keptChanged();
  };
  return (
    <>
      <form className="software-take" onSubmit={(event) => void take(event)}>
        <div className="software-field">
          <label htmlFor={field}>{speech.name}</label>
          <input
            id={field}
            className="text-field"
            maxLength={MAX_NAME}
            required
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
          />
        </div>
        <Button
          type="submit"
          variant="default"
          aria-disabled={running || !idle}
          leftSection={<Camera size="1.1em" aria-hidden="true" />}
        >
          {speech.take(name)}
        </Button>
      </form>
      {error !== undefined && <ErrorNotice code={error.code} message={error.message} phone={name} />}
    </>
  );
}

interface SnapshotRowProps {
  readonly snapshot: SnapshotView;
  readonly device: string;
  readonly idle: boolean;
  readonly open: OpenDialog;
}

function SnapshotRow({ snapshot, device, idle, open }: SnapshotRowProps) {
  const { words, language } = useSpeech();
  const speech = words.screens.software.snapshots;
  const { name, takenAt, components } = snapshot;
  const owner = useHost(({ handsets }) => handsets.find((each) => each.device === snapshot.device), undefined);
  const from = snapshot.device === device || owner === undefined ? undefined : deviceName(owner);
  const lost = lostOf(snapshot);
  const when = (act: () => void) => (idle ? act : undefined);
  return (
    <li>
      <div className="software-kept-what">
        <p>
          <strong>{name}</strong>
        </p>
        <p className="small quiet number">
          {speech.about(
            components.length,
            countText(components.length, language),
            dateTimeText(takenAt, language),
            from,
          )}
        </p>
        {lost.length > 0 && (
          <p className="small software-warning">
            <TriangleAlert aria-hidden="true" />
            {speech.lost(speech.list(lost.map((each) => `${each.name ?? each.id} ${each.version}`)))}
          </p>
        )}
      </div>
      <div className="software-kept-do">
        <Button
          variant="default"
          size="compact-sm"
          aria-disabled={!idle}
          aria-label={speech.compareThis(name)}
          onClick={when(() => open({ kind: 'compare', device, snapshot }))}
        >
          {speech.compare}
        </Button>
        <Button
          variant="default"
          size="compact-sm"
          aria-disabled={!idle}
          aria-label={speech.putBackThis(name)}
          onClick={when(() => open({ kind: 'put-back', device, snapshot }))}
        >
          {speech.putBack}
        </Button>
        <ActionIcon
          variant="subtle"
          color="red"
          aria-label={speech.deleteThis(name)}
          title={speech.deleteThis(name)}
          onClick={() => open({ kind: 'delete-snapshot', device, snapshot })}
        >
          <Trash2 size="1.1rem" aria-hidden="true" />
        </ActionIcon>
      </div>
    </li>
  );
}
