import { Button, Modal } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import type { PartOf, ResultOf } from '../../../src-main/contract/requests.ts';
import type { PackageView } from '../../../src-main/contract/results.ts';
import { packageType } from '../../../src-main/dlota/package-type.ts';
import { sizeText } from '../../../src-main/wording/numbers.ts';
import { useAnnounce } from '../../components/announcer.tsx';
import { CopyButton } from '../../components/copy-button.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { Notice } from '../../components/notice.tsx';
import { TransferBar } from '../../components/transfer-bar.tsx';
import { useAction } from '../../host/use-request.ts';
import { useSpeech } from '../../language/language-context.tsx';

interface OfferDialogProps {
  readonly view: PackageView;
  readonly onClose: () => void;
}

/** Offers a package to one handset that downloads by itself, and says how that ended; closing the dialog ends the offer. */
export function OfferDialog({ view, onClose }: OfferDialogProps) {
  const { words, common } = useSpeech();
  const text = words.screens.packages.offer;
  const { offered, ended, running, error, start } = useOffer(view);
  const [allowed, setAllowed] = useState(false);
  const unverified = view.trust === 'unverified';
  const again = ended !== undefined || error !== undefined;
  return (
    <Modal
      opened
      size="lg"
      onClose={onClose}
      title={text.title(`${view.name} ${view.version}`)}
      closeButtonProps={{ 'aria-label': common.close }}
    >
      <div className="stack">
        <p>{text.hint}</p>
        <DownloadPage view={view} type={offered?.type ?? packageType(view.source ?? '')} />
        {unverified && !running && (
          <label className="packages-tick">
            <input type="checkbox" checked={allowed} onChange={(event) => setAllowed(event.currentTarget.checked)} />
            <span>{text.unverified}</span>
          </label>
        )}
        {running && (
          <div className="stack" role="status">
            <p>{offered === undefined ? text.opening : text.waiting}</p>
            <TransferBar label={text.waiting} />
          </div>
        )}
        {running && offered !== undefined && <Addresses offered={offered} />}
        {ended !== undefined && <Ended ended={ended} />}
        {error !== undefined && <ErrorNotice code={error.code} message={error.message} />}
        <div className="row packages-dialog-end">
          <Button variant="default" onClick={onClose} data-autofocus>
            {running ? text.stop : common.close}
          </Button>
          {!running && (
            <Button disabled={unverified && !allowed} onClick={start}>
              {again ? text.again : text.start}
            </Button>
          )}
        </div>
      </div>
    </Modal>
  );
}

/** What a handset shows its owner before the download. */
function DownloadPage({ view, type }: { readonly view: PackageView; readonly type: string }) {
  const { words, language } = useSpeech();
  const text = words.screens.packages.offer;
  const description = view.contents?.components
    ?.map((each) => each.description)
    .filter((each) => each !== undefined)
    .join(' ');
  return (
    <dl className="facts packages-facts">
      <dt>{text.name}</dt>
      <dd>{view.name}</dd>
      <dt>{text.vendor}</dt>
      <dd>{view.provider ?? text.notSaid}</dd>
      <dt>{text.size}</dt>
      <dd className="number">{sizeText(view.size, language)}</dd>
      <dt>{text.type}</dt>
      <dd>
        <code className="code packages-type">{type}</code>
      </dd>
      <dt>{text.description}</dt>
      <dd>{description || text.notSaid}</dd>
    </dl>
  );
}

function Addresses({ offered }: { readonly offered: PartOf<'packages.offer'> }) {
  const text = useSpeech().words.screens.packages.offer;
  return (
    <dl className="facts packages-facts">
      <dt>{text.descriptor}</dt>
      <dd>
        <code className="code">{offered.descriptor}</code>
        <CopyButton text={() => offered.descriptor} label={text.copyDescriptor} />
      </dd>
      <dt>{text.object}</dt>
      <dd>
        <code className="code">{offered.object}</code>
        <CopyButton text={() => offered.object} label={text.copyObject} />
      </dd>
    </dl>
  );
}

function Ended({ ended }: { readonly ended: ResultOf<'packages.offer'> }) {
  const text = useSpeech().words.screens.packages.offer;
  const { code, text: said, success } = ended.notification;
  return (
    <Notice tone={success ? 'done' : 'needs-you'} title={success ? text.done : text.notDone}>
      <p className="number">
        <code className="code">{code}</code> {said}
      </p>
    </Notice>
  );
}

function useOffer(view: PackageView) {
  const text = useSpeech().words.screens.packages.offer;
  const announce = useAnnounce();
  const { run, running, error } = useAction('packages.offer');
  const [offered, setOffered] = useState<PartOf<'packages.offer'> | undefined>();
  const [ended, setEnded] = useState<ResultOf<'packages.offer'> | undefined>();
  const stop = useRef<AbortController | undefined>(undefined);
  useEffect(() => () => stop.current?.abort(), []);
  const start = async () => {
    stop.current = new AbortController();
    setOffered(undefined);
    setEnded(undefined);
    const allow = view.trust === 'unverified' ? { allowUnverified: true } : {};
    const result = await run({ id: view.id, ...allow }, { signal: stop.current.signal, onPart: setOffered });
    if (result === undefined) return;
    setEnded(result);
    announce(result.notification.success ? text.done : text.notDone);
  };
  return { offered, ended, running, error, start: () => void start() };
}
