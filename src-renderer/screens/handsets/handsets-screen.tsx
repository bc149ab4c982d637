import './handsets.css';
import { Button } from '@mantine/core';
import { Bluetooth, Plus, Smartphone } from 'lucide-react';
import { Suspense, useCallback, useMemo, useRef, useState } from 'react';
import { Link, useLocation } from 'wouter';
import { countText } from '../../../src-main/wording/numbers.ts';
import { EmptyState } from '../../components/empty-state.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { Loading } from '../../components/loading.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { useHasState, useHost } from '../../host/host-context.tsx';
import { useAction } from '../../host/use-request.ts';
import { useSpeech } from '../../language/language-context.tsx';
import { laterScreen } from '../../shell/later-screen.ts';
import { AttachmentCard } from './attachment-card.tsx';
import { type Batch, batchOf, type CardOrder, cardOrder, unknownAddresses } from './card-order.ts';
import type { OpenDialog } from './dialogs.ts';
import { HandsetCard } from './handset-card.tsx';
import { softwarePlace } from './software-place.ts';
import { useKeepFocus } from './use-keep-focus.ts';
import { useOverHandsets } from './use-over-handsets.tsx';

// What is not there at first, or not for everybody.
const AddByAddress = laterScreen(async () => (await import('./add-by-address.tsx')).AddByAddress);
const ArrivalsSaid = laterScreen(async () => (await import('./arrivals-said.tsx')).ArrivalsSaid);

/** The home screen: everything that is attached, and what can be done with it. */
export function HandsetsScreen() {
  const { words, common } = useSpeech();
  const speech = words.screens.handsets;
  const loaded = useHasState();
  const region = useRef<HTMLDivElement>(null);
  const field = useRef<HTMLInputElement>(null);
  const restoreFocus = useKeepFocus(region);
  const [adding, setAdding] = useState(false);
  const [, navigate] = useLocation();
  const toSoftware = useCallback((device: string) => navigate(softwarePlace(device)), [navigate]);
  const { open, over } = useOverHandsets(restoreFocus, toSoftware);
  const demo = useAction('virtual.start');
  const startDemo = () => void demo.run({});
  const add = () => {
    setAdding(true);
    field.current?.focus();
  };
  const empty = useHost(({ handsets, attachments }) => handsets.length + attachments.length === 0, false);
  return (
    <div ref={region} className="handsets" tabIndex={-1}>
      <PageHeader title={common.places.handsets} hint={speech.hint}>
        {!empty && loaded && <Starters demo={startDemo} starting={demo.running} add={add} />}
      </PageHeader>
      <BatchLine />
      {adding && (
        <Suspense>
          <AddByAddress field={field} onClose={() => setAdding(false)} />
        </Suspense>
      )}
      {demo.error !== undefined && (
        <ErrorNotice code={demo.error.code} message={demo.error.message} level={2}>
          <Button size="compact-sm" onClick={startDemo}>
            {speech.actions.tryAgain}
          </Button>
        </ErrorNotice>
      )}
      {!loaded && <Loading />}
      {empty && (
        <EmptyState icon={Smartphone} title={speech.empty.title} text={speech.empty.text}>
          <Button onClick={startDemo} aria-disabled={demo.running}>
            {demo.running ? speech.starting : speech.tryDemo}
          </Button>
          {!adding && (
            <Button variant="default" onClick={add}>
              {speech.addByAddress}
            </Button>
          )}
          <BluetoothLink />
        </EmptyState>
      )}
      <Cards open={open} />
      <Suspense>
        <ArrivalsSaid />
      </Suspense>
      {over}
    </div>
  );
}

/** Nobody is told of a radio who has not asked for it. */
function BluetoothLink() {
  const { common } = useSpeech();
  return (
    <Button
      component={Link}
      href="/handsets/bluetooth"
      variant="default"
      leftSection={<Bluetooth size="1rem" aria-hidden="true" />}
    >
      {common.bearers.bluetooth}
    </Button>
  );
}

interface StartersProps {
  readonly demo: () => void;
  readonly starting: boolean;
  readonly add: () => void;
}

function Starters({ demo, starting, add }: StartersProps) {
  const speech = useSpeech().words.screens.handsets;
  return (
    <>
      <BluetoothLink />
      <Button variant="default" onClick={add} leftSection={<Plus size="1rem" aria-hidden="true" />}>
        {speech.addByAddress}
      </Button>
      <Button variant="default" onClick={starting ? undefined : demo} aria-disabled={starting}>
        {starting ? speech.starting : speech.startDemo}
      </Button>
    </>
  );
}

/** All cards in one parent, so that a card that changes sections stays the same element. */
function Cards({ open }: { readonly open: OpenDialog }) {
  const { words, language } = useSpeech();
  const { section, sections } = words.screens.handsets;
  // As a text, since a selector gives back no new object: it differs only when a card comes, goes or moves.
  const text = useHost((state) => JSON.stringify(cardOrder(state)), '{"here":[],"away":[]}');
  const { here, away } = useMemo(() => JSON.parse(text) as CardOrder, [text]);
  const attachments = useHost((state) => state.attachments, []);
  const asked = useHost((state) => unknownAddresses(state).join('\n'), '');
  const attached = new Set(attachments.map(({ address }) => address));
  const others = asked.split('\n').filter((address) => address !== '' && !attached.has(address));
  const heading = (name: string, count: number) => section(name, countText(count, language));
  const title = (key: string, name: string, count: number) =>
    count === 0 ? [] : [<h2 key={key}>{heading(name, count)}</h2>];
  const cards = (devices: readonly string[]) =>
    devices.map((device) => <HandsetCard key={device} device={device} open={open} />);
  // One list: of two, a card that goes from one to the other would be made anew and lose the keyboard's place.
  return (
    <div className="handset-grid">
      {[
        ...title('here', sections.here, here.length + attachments.length + others.length),
        ...cards(here),
        ...attachments.map((thing) => <AttachmentCard key={`at ${thing.address}`} thing={thing} />),
        ...others.map((address) => <AttachmentCard key={`at ${address}`} thing={{ address }} />),
        ...title('away', sections.away, away.length),
        ...cards(away),
      ]}
    </div>
  );
}

/** What several handsets came to, in a sentence; one handset's card says it itself. */
function BatchLine() {
  const { batch } = useSpeech().words.screens.handsets;
  const text = useHost((state) => JSON.stringify(batchOf(state)), '');
  if (text === '') return null;
  const { working, done, needsYou } = JSON.parse(text) as Batch;
  if (working + done + needsYou < 2) return null;
  return <p className="handset-batch number">{batch(working, done, needsYou)}</p>;
}
