import { Button, Modal } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import type { KnownHandset } from '../../../src-main/contract/handsets.ts';
import type { PackageView } from '../../../src-main/contract/results.ts';
import type { Comparison, SnapshotView } from '../../../src-main/contract/software-views.ts';
import { deviceName } from '../../components/device-name.ts';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { Notice } from '../../components/notice.tsx';
import { TransferBar } from '../../components/transfer-bar.tsx';
import { useHost } from '../../host/host-context.tsx';
import { useAction, useRequest } from '../../host/use-request.ts';
import { useSpeech } from '../../language/language-context.tsx';
import { useLaunch } from '../handsets/use-launch.ts';
import { ComparisonLists } from './comparison-lists.tsx';
import { DeleteDialog } from './delete-dialog.tsx';
import { componentName, lastReading } from './reading.ts';
import { isSame, putBackOf } from './snapshots.ts';

const NO_PACKAGES: PackageView[] = [];

interface SnapshotDialogProps {
  readonly handset: KnownHandset;
  readonly snapshot: SnapshotView;
  /** What was asked for; from comparing one goes on to putting back. */
  readonly first: 'compare' | 'put-back';
  readonly onClose: () => void;
}

/** A handset beside a snapshot, as it is now, and then the consent to make it so. */
export function SnapshotDialog({ handset, snapshot, first, onClose }: SnapshotDialogProps) {
  const { words, common } = useSpeech();
  const speech = words.screens.software.snapshots;
  const [step, setStep] = useState(first);
  const { device } = handset;
  const name = deviceName(handset);
  const answer = useRequest('snapshots.compare', { handset: device, device, snapshot: snapshot.id });
  const title =
    step === 'compare' ? speech.compareTitle(name, snapshot.name) : speech.putBackTitle(snapshot.name, name);
  const close = (
    <Button variant="default" onClick={onClose} data-autofocus>
      {answer.kind === 'loading' || step === 'put-back' ? common.cancel : common.close}
    </Button>
  );
  return (
    <Modal opened onClose={onClose} title={title} size="50rem" closeButtonProps={{ 'aria-label': common.close }}>
      <div className="stack dialog-body">
        {answer.kind === 'loading' && (
          <div className="stack" role="status">
            <p>{speech.comparing(name)}</p>
            <TransferBar label={speech.comparing(name)} />
            <p className="small quiet">{speech.comparingHint}</p>
          </div>
        )}
        {answer.kind === 'failed' && (
          <ErrorNotice code={answer.error.code} message={answer.error.message} phone={name}>
            <Button size="compact-sm" onClick={answer.reload}>
              {common.retry}
            </Button>
          </ErrorNotice>
        )}
        {answer.kind === 'ready' && <Found comparison={answer.data} handset={handset} snapshot={snapshot} />}
        {answer.kind === 'ready' && step === 'put-back' && !isSame(answer.data) ? (
          <PutBackForm handset={handset} snapshot={snapshot} comparison={answer.data} onClose={onClose}>
            {close}
          </PutBackForm>
        ) : (
          <div className="dialog-actions">
            {close}
            {answer.kind === 'ready' && !isSame(answer.data) && (
              <Button onClick={() => setStep('put-back')}>{speech.putBack}</Button>
            )}
          </div>
        )}
      </div>
    </Modal>
  );
}

interface FoundProps {
  readonly comparison: Comparison;
  readonly handset: KnownHandset;
  readonly snapshot: SnapshotView;
}

function Found({ comparison, handset, snapshot }: FoundProps) {
  const speech = useSpeech().words.screens.software.snapshots;
  const reading = useHost(({ tasks }) => lastReading(tasks, handset), undefined);
  if (isSame(comparison)) return <Notice tone="done" title={speech.same(deviceName(handset), snapshot.name)} />;
  const components = [...snapshot.components, ...(reading?.end?.result?.components ?? [])];
  return <ComparisonLists comparison={comparison} components={components} />;
}

interface PutBackFormProps {
  readonly handset: KnownHandset;
  readonly snapshot: SnapshotView;
  readonly comparison: Comparison;
  readonly onClose: () => void;
  /** The way out. */
  readonly children: ReactNode;
}

/** What will be done, what cannot be, and the consent to it. */
function PutBackForm({ handset, snapshot, comparison, onClose, children }: PutBackFormProps) {
  const { words } = useSpeech();
  const { snapshots: speech, change } = words.screens.software;
  const { device } = handset;
  const name = deviceName(handset);
  const packages = useHost((state) => state.packages, NO_PACKAGES);
  const [removeExtra, setRemoveExtra] = useState(false);
  const [allowed, setAllowed] = useState(false);
  const { launch, launching, error } = useLaunch('snapshots.restore', handset, onClose);
  const { work, lost } = putBackOf(comparison);
  const lostNames = lost.map(({ id, version }) => `${componentName(snapshot.components, id)} ${version}`);
  const wanted = [...comparison.missing, ...comparison.outdated].map(({ package: id }) => id);
  const unverified = packages.filter(({ id, trust }) => trust === 'unverified' && wanted.includes(id)).length;
  const extra = comparison.extra.length;
  const mayStart = (work > 0 || (removeExtra && extra > 0)) && (unverified === 0 || allowed);
  const start = () =>
    launch({
      ...{ handset: device, device, snapshot: snapshot.id },
      ...(removeExtra ? { removeExtra } : {}),
      ...(unverified > 0 ? { allowUnverified: true } : {}),
      ...(lost.length > 0 ? { partial: true } : {}),
    });
  return (
    <>
      {lost.length > 0 && (
        <Notice tone="needs-you" title={speech.lost(speech.list(lostNames))}>
          <p>
            {speech.lostNext} <a href="#/packages">{speech.lostLink}</a>
          </p>
        </Notice>
      )}
      {extra > 0 && (
        <label className="software-tick">
          <input
            type="checkbox"
            checked={removeExtra}
            onChange={(event) => setRemoveExtra(event.currentTarget.checked)}
          />
          <span>{speech.removeExtra(extra)}</span>
        </label>
      )}
      {unverified > 0 && (
        <label className="software-tick" data-tone="needs-you">
          <input type="checkbox" checked={allowed} onChange={(event) => setAllowed(event.currentTarget.checked)} />
          <span>{words.screens.install.plan.unverified(unverified)}</span>
        </label>
      )}
      <dl className="facts">
        <dt>{change.cable}</dt>
        <dd>{change.cableText}</dd>
        <dt>{change.who}</dt>
        <dd>{handset.virtual ? change.whoVirtual : change.whoText}</dd>
      </dl>
      {error !== undefined && <ErrorNotice code={error.code} message={error.message} phone={name} />}
      <div className="dialog-actions">
        {children}
        <Button color={removeExtra ? 'red' : 'agent'} disabled={!mayStart} aria-disabled={launching} onClick={start}>
          {removeExtra ? speech.consentRemove(name) : speech.consent(name)}
        </Button>
      </div>
    </>
  );
}

interface DeleteSnapshotDialogProps {
  readonly handset: KnownHandset;
  readonly snapshot: SnapshotView;
  readonly onClose: () => void;
}

/** No handset is touched. */
export function DeleteSnapshotDialog({ snapshot: { id, name }, onClose }: DeleteSnapshotDialogProps) {
  const { words } = useSpeech();
  const action = useAction('snapshots.remove');
  return (
    <DeleteDialog
      name={name}
      speech={words.screens.software.snapshots}
      action={action}
      onDelete={() => action.run({ snapshot: id })}
      onClose={onClose}
    />
  );
}
