import { ErrorNotice } from '../../components/error-notice.tsx';
import { TransferBar } from '../../components/transfer-bar.tsx';
import { useSpeech } from '../../language/language-context.tsx';
import { isLive, isUnderWay } from '../session/session-log.ts';
import { StepList } from '../session/step-list.tsx';
import { useSessionLog } from '../session/use-session-log.ts';

/** What handset and server do in the session that began last. */
export function LatestSteps({ session: key }: { readonly session: string }) {
  const { words } = useSpeech();
  const { log, session, error } = useSessionLog(key);
  const transfer = session !== undefined && isLive(session) && isUnderWay(session) ? session.transfer : undefined;
  return (
    <section className="panel stack demo-steps" aria-labelledby="demo-steps">
      <h2 id="demo-steps">{words.screens.demo.latest(session?.sessionId ?? '')}</h2>
      {error !== undefined && <ErrorNotice code={error.code} message={error.message} />}
      <StepList steps={log.steps} />
      {transfer !== undefined && transfer.done < transfer.total && (
        <TransferBar transfer={transfer} label={words.screens.session.transfer} />
      )}
    </section>
  );
}
