import './software.css';
import { Button } from '@mantine/core';
import { ArrowLeft, RefreshCw, Smartphone } from 'lucide-react';
import { useCallback, useRef } from 'react';
import { Link } from 'wouter';
import type { KnownHandset } from '../../../src-main/contract/handsets.ts';
import { deviceName, deviceNumber, isProvisional } from '../../components/device-name.ts';
import { EmptyState } from '../../components/empty-state.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { Loading } from '../../components/loading.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { TransferBar } from '../../components/transfer-bar.tsx';
import { useHasState, useHost } from '../../host/host-context.tsx';
import { useSpeech } from '../../language/language-context.tsx';
import { endedTaskOf, openSessionOf, promptOf, runningTaskOf } from '../handsets/card-facts.ts';
import { cardState, isAtWork } from '../handsets/card-state.ts';
import type { OpenDialog } from '../handsets/dialogs.ts';
import { useKeepFocus } from '../handsets/use-keep-focus.ts';
import { useOverHandsets } from '../handsets/use-over-handsets.tsx';
import { ArchiveSection } from './archive-section.tsx';
import { ComponentSection } from './component-section.tsx';
import { SnapshotSection } from './snapshot-section.tsx';
import { useReading } from './use-reading.ts';
import { WorkPanel } from './work-panel.tsx';

/** What is on one handset, and everything that can be done with it. */
export function SoftwareScreen({ device }: { readonly device: string }) {
  const { words, common } = useSpeech();
  const speech = words.screens.software;
  const known = useHasState();
  const handset = useHost(({ handsets }) => handsets.find((each) => each.device === device), undefined);
  if (handset !== undefined) return <Software handset={handset} />;
  return (
    <>
      <PageHeader title={speech.place} />
      {known ? (
        <EmptyState icon={Smartphone} title={speech.unknown.title} text={speech.unknown.text}>
          <Link href="/handsets">{common.places.handsets}</Link>
        </EmptyState>
      ) : (
        <Loading />
      )}
    </>
  );
}

function Software({ handset }: { readonly handset: KnownHandset }) {
  const { words, common } = useSpeech();
  const speech = words.screens.software;
  const { device } = handset;
  const name = deviceName(handset);
  const region = useRef<HTMLDivElement>(null);
  const restoreFocus = useKeepFocus(region);
  const session = useHost(({ sessions }) => openSessionOf(sessions, handset), undefined);
  const running = useHost(({ tasks }) => runningTaskOf(tasks, handset), undefined);
  const ended = useHost(({ tasks }) => endedTaskOf(tasks, handset), undefined);
  const prompt = useHost(({ prompts }) => promptOf(prompts, handset), undefined);
  const state = cardState(handset, { session, running, prompt });
  const atWork = isAtWork(state);
  const reading = useReading(handset, !atWork && (state.kind === 'ready' || state.kind === 'unknown'));
  const { read } = reading;
  const toSoftware = useCallback(() => read(), [read]);
  const { open, over } = useOverHandsets(restoreFocus, toSoftware);
  // Reading is told of where the list is.
  const shownEnd = ended?.name === 'inventory' && reading.error !== undefined ? undefined : ended;
  const idle = !atWork && !reading.running && state.kind !== 'away';
  return (
    <div ref={region} className="software stack" tabIndex={-1}>
      <div className="software-head">
        <Link href="/handsets" className="software-back">
          <ArrowLeft size="1em" aria-hidden="true" />
          {common.places.handsets}
        </Link>
        <PageHeader title={speech.title(name)} hint={hintOf(handset, name)}>
          <Actions device={device} idle={idle} open={open} />
        </PageHeader>
      </div>
      {!reading.running && (
        <WorkPanel handset={handset} name={name} state={state} running={running} ended={shownEnd} open={open} />
      )}
      <section className="panel stack" aria-labelledby="software-components">
        <div className="software-section-head">
          <h2 id="software-components">{speech.components}</h2>
          <Button
            variant="default"
            size="compact-sm"
            aria-disabled={atWork || reading.running}
            onClick={atWork || reading.running ? undefined : read}
            leftSection={
              <RefreshCw size="1em" className={reading.running ? 'is-working' : undefined} aria-hidden="true" />
            }
          >
            {speech.again}
          </Button>
        </div>
        {reading.running && (
          <div className="stack" role="status">
            <p className="small">{speech.reading(name)}</p>
            <TransferBar label={speech.reading(name)} />
          </div>
        )}
        {reading.error !== undefined && (
          <ErrorNotice code={reading.error.code} message={reading.error.message} phone={name} />
        )}
        {reading.components === undefined ? (
          !reading.running && reading.error === undefined && <p className="quiet">{speech.notRead}</p>
        ) : (
          <ComponentSection
            handset={handset}
            components={reading.components}
            readAt={reading.readAt}
            idle={idle}
            open={open}
          />
        )}
      </section>
      <ArchiveSection handset={handset} idle={idle} open={open} />
      <SnapshotSection handset={handset} name={name} idle={idle} open={open} />
      {over}
    </div>
  );
}

function hintOf(handset: KnownHandset, name: string): string {
  const number = isProvisional(handset) ? '' : deviceNumber(handset);
  const made = [handset.manufacturer, handset.model].filter(Boolean).join(' ');
  return [made, number].filter((part) => part !== '' && part !== name).join(' · ');
}

interface ActionsProps {
  readonly device: string;
  readonly idle: boolean;
  readonly open: OpenDialog;
}

function Actions({ device, idle, open }: ActionsProps) {
  const speech = useSpeech().words.screens.software;
  const when = (act: () => void) => (idle ? act : undefined);
  return (
    <>
      <Button variant="default" aria-disabled={!idle} onClick={when(() => open({ kind: 'firmware', device }))}>
        {speech.firmware.open}
      </Button>
      <Button aria-disabled={!idle} onClick={when(() => open({ kind: 'install', device, packages: [] }))}>
        {speech.install}
      </Button>
    </>
  );
}
