import './listening.css';
import { useRef, useState } from 'react';
import type { CallerView, InterfaceView, ListenerKind, ListenerView } from '../../../src-main/contract/listening.ts';
import { countText } from '../../../src-main/wording/numbers.ts';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { Loading } from '../../components/loading.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { useHasState, useHost } from '../../host/host-context.tsx';
import { useRequest } from '../../host/use-request.ts';
import { useSpeech } from '../../language/language-context.tsx';
import { CallerList } from './caller-list.tsx';
import { CallerQuestion } from './caller-question.tsx';
import { ListenDialog } from './listen-dialog.tsx';
import { ListenerCard } from './listener-card.tsx';

const NO_LISTENERS: readonly ListenerView[] = [];
const NO_CALLERS: readonly CallerView[] = [];
const NO_INTERFACES: readonly InterfaceView[] = [];

/** The ways in for handsets that call, who waits there, and who may come in. */
export function ListeningScreen() {
  const { words, common } = useSpeech();
  const known = useHasState();
  const callers = useHost((state) => state.callers, NO_CALLERS);
  const asking = callers.filter(({ state }) => state === 'asking');
  return (
    <>
      <PageHeader title={common.places.listening} hint={words.screens.listening.hint} />
      {known ? (
        <div className="listening">
          <Asking callers={asking} />
          <Ways />
          <CallerList callers={callers.filter(({ state }) => state !== 'asking')} />
        </div>
      ) : (
        <Loading />
      )}
    </>
  );
}

function Asking({ callers }: { readonly callers: readonly CallerView[] }) {
  const { words, language } = useSpeech();
  const { callers: text } = words.screens.listening;
  if (callers.length === 0) return null;
  return (
    <section className="stack" aria-label={text.waiting(countText(callers.length, language))}>
      {callers.map((caller) => (
        <CallerQuestion key={caller.id} caller={caller} />
      ))}
    </section>
  );
}

function Ways() {
  const { listening: text } = useSpeech().words.screens;
  const listeners = useHost((state) => state.listeners, NO_LISTENERS);
  const [open, setOpen] = useState<ListenerKind | undefined>();
  const last = useLastWanted(listeners);
  // Interfaces come and go: they are asked for again when something is to be chosen, or something was.
  const states = listeners.map(({ state }) => state).join(' ');
  const list = useRequest('listeners.list', {}, `${open} ${states}`);
  const interfaces = list.data?.interfaces ?? NO_INTERFACES;
  const chosen = listeners.find(({ kind }) => kind === open);
  return (
    <section className="stack" aria-labelledby="ways-title">
      <h2 id="ways-title" className="unseen">
        {text.ways.title}
      </h2>
      {list.kind === 'failed' && <ErrorNotice code={list.error.code} message={list.error.message} />}
      <ul className="listeners">
        {listeners.map((listener) => (
          <ListenerCard
            key={listener.kind}
            listener={listener}
            interfaces={interfaces}
            onChoose={() => setOpen(listener.kind)}
          />
        ))}
      </ul>
      <ListenDialog
        listener={chosen === undefined || list.data === undefined ? undefined : { ...last.get(chosen.kind), ...chosen }}
        interfaces={interfaces}
        onClose={() => setOpen(undefined)}
      />
    </section>
  );
}

/** How each was open last, since the host forgets it when it is switched off. */
function useLastWanted(listeners: readonly ListenerView[]) {
  const last = useRef(new Map<ListenerKind, Pick<ListenerView, 'wanted' | 'dms'>>());
  for (const { kind, state, wanted, dms } of listeners) {
    if (state === 'off') continue;
    last.current.set(kind, { ...(wanted === undefined ? {} : { wanted }), ...(dms === undefined ? {} : { dms }) });
  }
  return last.current;
}
