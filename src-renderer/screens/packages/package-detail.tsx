import { ActionIcon, Button, Modal } from '@mantine/core';
import { CloudDownload, RotateCcw, ShieldCheck, Smartphone, Trash2, X } from 'lucide-react';
import { useState } from 'react';
import { useLocation } from 'wouter';
import type { KnownHandset } from '../../../src-main/contract/handsets.ts';
import type { PackageCheck, PackageView } from '../../../src-main/contract/results.ts';
import { dateTimeText, sizeText } from '../../../src-main/wording/numbers.ts';
import { useAnnounce } from '../../components/announcer.tsx';
import { CopyButton } from '../../components/copy-button.tsx';
import { deviceName } from '../../components/device-name.ts';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { Notice } from '../../components/notice.tsx';
import { StateBadge } from '../../components/state-badge.tsx';
import { useHost } from '../../host/host-context.tsx';
import { useAction } from '../../host/use-request.ts';
import { useSpeech } from '../../language/language-context.tsx';
import { OfferDialog } from './offer-dialog.tsx';
import { PackageInside } from './package-contents.tsx';
import { PackageReadiness } from './package-readiness.tsx';
import { packageState } from './package-rows.ts';

interface PackageDetailProps {
  readonly view: PackageView;
  readonly onRemove: (view: PackageView, again: boolean) => void;
  readonly onClose: () => void;
}

const NO_HANDSETS: KnownHandset[] = [];

/** Beside the table. */
export function PackageDetailPanel(props: PackageDetailProps) {
  const { words } = useSpeech();
  const { view, onClose } = props;
  return (
    <aside
      className="panel packages-detail"
      aria-labelledby="packages-detail-title"
      onKeyDown={({ key }) => {
        if (key === 'Escape') onClose();
      }}
    >
      <div className="packages-detail-head">
        <h2 id="packages-detail-title">{view.name}</h2>
        <ActionIcon variant="subtle" aria-label={words.screens.packages.detail.close} onClick={onClose}>
          <X size="1.2em" aria-hidden="true" />
        </ActionIcon>
      </div>
      <PackageDetail {...props} />
    </aside>
  );
}

/** Over the table, where there is no room beside it. */
export function PackageDetailDialog(props: PackageDetailProps) {
  const { words } = useSpeech();
  return (
    <Modal
      opened
      size="lg"
      onClose={props.onClose}
      title={props.view.name}
      closeButtonProps={{ 'aria-label': words.screens.packages.detail.close }}
    >
      <PackageDetail {...props} />
    </Modal>
  );
}

function PackageDetail({ view, onRemove }: PackageDetailProps) {
  const { words } = useSpeech();
  const text = words.screens.packages;
  const state = packageState(view);
  return (
    <div className="stack packages-detail-body">
      <div className="stack packages-detail-state">
        <StateBadge state={state} />
        {state !== 'quarantined' && <p className="quiet small">{text.detail.trust[state]}</p>}
      </div>
      {view.quarantined !== undefined && <Quarantine view={view} onRemove={onRemove} />}
      <Actions view={view} onRemove={onRemove} />
      <Facts view={view} />
      <PackageInside view={view} />
      {state !== 'quarantined' && <PackageReadiness id={view.id} />}
    </div>
  );
}

function Quarantine({ view, onRemove }: Pick<PackageDetailProps, 'view' | 'onRemove'>) {
  const { words } = useSpeech();
  const { quarantine, detail } = words.screens.packages;
  const reason = view.quarantined ?? '';
  const reasons: Readonly<Record<string, string>> = quarantine.reasons;
  const why = (Object.hasOwn(reasons, reason) ? reasons[reason] : undefined) ?? quarantine.other(reason);
  return (
    <Notice tone="failed" title={why}>
      <p>{detail.trust.quarantined}</p>
      <p>{quarantine.next}</p>
      <div className="row">
        <Button
          size="compact-sm"
          leftSection={<RotateCcw size="1em" aria-hidden="true" />}
          onClick={() => onRemove(view, true)}
        >
          {quarantine.again}
        </Button>
      </div>
    </Notice>
  );
}

function Facts({ view }: Pick<PackageDetailProps, 'view'>) {
  const { words, language } = useSpeech();
  const { detail, anyModel } = words.screens.packages;
  return (
    <dl className="facts packages-facts">
      <dt>{detail.id}</dt>
      <dd>{view.id}</dd>
      <dt>{detail.version}</dt>
      <dd className="number">{view.version}</dd>
      <dt>{detail.model}</dt>
      <dd>{view.model ?? anyModel}</dd>
      <dt>{detail.size}</dt>
      <dd className="number">{sizeText(view.size, language)}</dd>
      <dt>{detail.added}</dt>
      <dd className="number">{view.addedAt === undefined ? '–' : dateTimeText(view.addedAt, language)}</dd>
      {view.verifiedAt !== undefined && (
        <>
          <dt>{detail.verifiedAt}</dt>
          <dd className="number">{dateTimeText(view.verifiedAt, language)}</dd>
        </>
      )}
      <dt>{detail.provider}</dt>
      <dd>{view.provider ?? detail.noProvider}</dd>
      <dt>{detail.source}</dt>
      <dd>{view.source ?? '–'}</dd>
      <dt>{detail.sha256}</dt>
      <dd>
        <code className="code">{view.sha256}</code>
        <CopyButton text={() => view.sha256} label={detail.copySha} />
      </dd>
    </dl>
  );
}

function Actions({ view, onRemove }: Pick<PackageDetailProps, 'view' | 'onRemove'>) {
  const { words } = useSpeech();
  const { verify: text, detail, offer } = words.screens.packages;
  const [, navigate] = useLocation();
  const handsets = useHost((state) => state.handsets, NO_HANDSETS);
  const attached = handsets.filter(({ presence, reason }) => presence === 'attached' && reason === undefined);
  const only = attached.length === 1 ? attached[0] : undefined;
  const { verify, check } = useVerifyOne(view);
  const [offering, setOffering] = useState(false);
  const label = only === undefined ? detail.install : detail.installOn(deviceName(only));
  return (
    <>
      {check?.ok === true && <Notice tone="done" title={text.good} />}
      {check?.ok === false && view.quarantined === undefined && <Notice tone="failed" title={text.bad} />}
      {verify.error !== undefined && <ErrorNotice code={verify.error.code} message={verify.error.message} />}
      <div className="row">
        {view.quarantined === undefined && (
          <Button
            leftSection={<Smartphone size="1.1em" aria-hidden="true" />}
            onClick={() => navigate('/handsets')}
            title={label}
          >
            {label}
          </Button>
        )}
        <Button
          variant="default"
          leftSection={<ShieldCheck size="1.1em" aria-hidden="true" />}
          loading={verify.running}
          onClick={() => void verify.start()}
        >
          {text.one}
        </Button>
        {view.quarantined === undefined && (
          <Button
            variant="default"
            leftSection={<CloudDownload size="1.1em" aria-hidden="true" />}
            onClick={() => setOffering(true)}
          >
            {offer.open}
          </Button>
        )}
        <Button
          variant="subtle"
          color="red"
          leftSection={<Trash2 size="1.1em" aria-hidden="true" />}
          onClick={() => onRemove(view, false)}
        >
          {detail.remove}
        </Button>
      </div>
      {offering && <OfferDialog view={view} onClose={() => setOffering(false)} />}
    </>
  );
}

function useVerifyOne(view: PackageView) {
  const { words } = useSpeech();
  const text = words.screens.packages.verify;
  const announce = useAnnounce();
  const { running, error, run } = useAction('packages.verify');
  const [check, setCheck] = useState<PackageCheck | undefined>();
  const start = async () => {
    setCheck(undefined);
    const found = (await run({ id: view.id }))?.checks.find(({ id }) => id === view.id);
    if (found === undefined) return;
    setCheck(found);
    announce(found.ok ? text.good : text.bad);
  };
  return { verify: { running, error, start }, check };
}
