import './session.css';
import { Button } from '@mantine/core';
import { useCallback, useRef, useState } from 'react';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { Loading } from '../../components/loading.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { useSpeech } from '../../language/language-context.tsx';
import { EvidencePanel } from './evidence-panel.tsx';
import { MessageFrame } from './message-frame.tsx';
import { SessionContinued } from './session-continued.tsx';
import { SessionHead } from './session-head.tsx';
import { type AnySession, isUnderWay, type SessionLog } from './session-log.ts';
import { SessionNotices } from './session-notices.tsx';
import { SessionStatus } from './session-status.tsx';
import { StepList } from './step-list.tsx';
import { Timeline } from './timeline.tsx';
import { usePhaseSaid } from './use-phase-said.ts';
import { useSessionLog } from './use-session-log.ts';

/** One DM session: where it is, what was said, and whether it was passed on unchanged. */
export function SessionScreen({ session: key }: { readonly session: string }) {
  const { words, common } = useSpeech();
  const { log, session, error, retry } = useSessionLog(key);
  usePhaseSaid(session);
  if (session !== undefined) {
    return (
      <div className="session">
        <SessionHead session={session} />
        <SessionNotices session={session} error={error} onRetry={retry} />
        <SessionStatus session={session} messages={log.messages} />
        <SessionContinued session={session.key} />
        <SessionBody session={session} log={log} loading={error === undefined && log.session === undefined} />
      </div>
    );
  }
  return (
    <>
      <PageHeader title={words.screens.session.title} />
      {error === undefined ? (
        <Loading />
      ) : (
        <>
          <h2 className="unseen">{words.screens.session.problem}</h2>
          <ErrorNotice code={error.code} message={error.message}>
            <Button variant="default" size="compact-sm" onClick={retry}>
              {common.retry}
            </Button>
            <a href="#/journal">{words.screens.session.back}</a>
          </ErrorNotice>
        </>
      )}
    </>
  );
}

interface SessionBodyProps {
  readonly session: AnySession;
  readonly log: SessionLog;
  readonly loading: boolean;
}

function SessionBody({ session, log, loading }: SessionBodyProps) {
  const { words } = useSpeech();
  const list = useRef<HTMLDivElement>(null);
  const [opened, setOpened] = useState<number | undefined>();
  const message = log.messages.find(({ number }) => number === opened);
  const close = useCallback(() => {
    setOpened(undefined);
    list.current?.focus({ preventScroll: true });
  }, []);
  return (
    <div className="session-body">
      <div className="session-columns" data-open={message !== undefined || undefined}>
        <Timeline
          list={list}
          log={log}
          live={isUnderWay(session)}
          loading={loading}
          opened={message?.number}
          onOpen={setOpened}
          onClose={close}
        />
        {message !== undefined && <MessageFrame session={session.key} message={message} onClose={close} />}
        <div className="session-aside">
          <section className="panel stack" aria-labelledby="session-steps">
            <h2 id="session-steps">{words.screens.session.steps}</h2>
            {loading ? <Loading /> : <StepList steps={log.steps} />}
          </section>
          <EvidencePanel session={session} />
        </div>
      </div>
    </div>
  );
}
