import './air.css';
import { Button } from '@mantine/core';
import { ArrowLeft, Bluetooth, Search, X } from 'lucide-react';
import { useRef, useState } from 'react';
import { Link } from 'wouter';
import { useStore } from 'zustand';
import { plainText } from '../../../src-main/base/plain-text.ts';
import type { AirPhone, AirView } from '../../../src-main/contract/air.ts';
import { countText } from '../../../src-main/wording/numbers.ts';
import { useAnnounce } from '../../components/announcer.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { Loading } from '../../components/loading.tsx';
import { Notice } from '../../components/notice.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { useHost } from '../../host/host-context.tsx';
import { useRequest } from '../../host/use-request.ts';
import { useSpeech } from '../../language/language-context.tsx';
import { setAside, showPrompt } from '../prompts/set-aside.ts';
import { ForgetPhoneDialog } from './forget-phone-dialog.tsx';
import { PhoneList } from './phone-list.tsx';
import { RadioState } from './radio-state.tsx';
import { useTimedRequest } from './use-timed-request.ts';

/** Seconds: an inquiry takes ten, and names come after it. */
const SEARCH = 15;

/** Phones around this computer: found, paired, forgotten. */
export function AirScreen() {
  const { air: text } = useSpeech().words.screens;
  const look = useRequest('air.look', {});
  const followed = useHost((state) => state.air, undefined);
  const air = followed ?? look.data?.air;
  return (
    <div className="air">
      <Link href="/handsets" className="air-back">
        <ArrowLeft aria-hidden="true" />
        {text.back}
      </Link>
      {air === undefined ? (
        <>
          <PageHeader title={text.title} hint={text.hint} />
          {look.kind === 'failed' ? <ErrorNotice code={look.error.code} message={look.error.message} /> : <Loading />}
        </>
      ) : (
        <Around air={air} onLook={look.reload} />
      )}
    </div>
  );
}

function Around({ air, onLook }: { readonly air: AirView; readonly onLook: () => void }) {
  const { words } = useSpeech();
  const { air: text } = words.screens;
  const search = useSearch();
  const [leaving, setLeaving] = useState<AirPhone | undefined>();
  const usable = air.reason === undefined;
  const { left } = search;
  const none = !air.phones.some(({ paired, seenAt }) => paired || seenAt !== undefined);
  return (
    <>
      <PageHeader title={text.title} hint={text.hint}>
        {usable && (
          <Button
            variant={left === undefined ? 'filled' : 'default'}
            leftSection={
              left === undefined ? <Search size="1.1em" aria-hidden="true" /> : <X size="1.1em" aria-hidden="true" />
            }
            onClick={left === undefined ? search.start : search.stop}
          >
            {left === undefined ? (none && !search.ended ? text.search.start : text.search.again) : text.search.stop}
          </Button>
        )}
      </PageHeader>
      <div className="stack">
        <WaitingQuestions />
        <RadioState air={air} onLook={onLook} />
        {usable && <SearchBar left={left} searching={air.searching} />}
        {search.error !== undefined && <ErrorNotice code={search.error.code} message={search.error.message} />}
        <PhoneList phones={air.phones} onForget={setLeaving} />
        {usable && none && left === undefined && !air.searching && (
          <EmptyState icon={Bluetooth} title={text.empty.title} text={text.empty.text} />
        )}
      </div>
      <ForgetPhoneDialog phone={leaving} onClose={() => setLeaving(undefined)} />
    </>
  );
}

/** How much of the search is over; of one that somebody else began only that it goes on. */
function SearchBar({ left, searching }: { readonly left: number | undefined; readonly searching: boolean }) {
  const { search } = useSpeech().words.screens.air;
  if (left === undefined && !searching) return null;
  const done = left === undefined ? undefined : Math.round(((SEARCH - left) / SEARCH) * 100);
  const text = left === undefined ? search.elsewhere : search.running(`${left} s`);
  return (
    <div className="air-search">
      <div
        className="bar"
        role="progressbar"
        aria-label={search.progress}
        data-unknown={done === undefined || undefined}
        {...(done === undefined
          ? {}
          : { 'aria-valuemin': 0, 'aria-valuemax': 100, 'aria-valuenow': done, 'aria-valuetext': text })}
      >
        <span style={done === undefined ? {} : { width: `${done}%` }} />
      </div>
      <p className="small quiet number">{text}</p>
    </div>
  );
}

/** A search of this page: what came of it is said when it ends. */
function useSearch() {
  const { words, language } = useSpeech();
  const { search: text } = words.screens.air;
  const announce = useAnnounce();
  const { start, stop, ...search } = useTimedRequest('air.search', SEARCH);
  const stopped = useRef(false);
  const [ended, setEnded] = useState(false);
  const run = async () => {
    stopped.current = false;
    const result = await start();
    setEnded(true);
    if (stopped.current) announce(text.stopped);
    if (result === undefined) return;
    const seen = result.air.phones.filter(
      ({ seenAt, type }) => seenAt !== undefined && (type ?? 'phone') === 'phone',
    ).length;
    announce(text.over(seen, countText(seen, language)));
  };
  return {
    ...search,
    /** One was made, whatever came of it. */
    ended,
    start: () => void run(),
    stop: () => {
      stopped.current = true;
      stop();
    },
  };
}

/** Questions whose dialog was closed without an answer: the phones still wait. */
function WaitingQuestions() {
  const { air } = useSpeech().words.screens;
  const prompts = useHost((state) => state.prompts, undefined);
  const aside = useStore(setAside);
  const waiting = (prompts ?? []).filter(({ kind, id }) => kind === 'pairing' && aside.has(id));
  return waiting.map(({ id, text }) => (
    <Notice key={id} tone="needs-you" title={air.waits(plainText(text) ?? text)} level={2}>
      <div className="row">
        <Button size="compact-sm" onClick={() => showPrompt(id)}>
          {air.answer}
        </Button>
      </div>
    </Notice>
  ));
}
