import { Button } from '@mantine/core';
import type { PcAgentError } from '../../../src-main/base/errors.ts';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { useSpeech } from '../../language/language-context.tsx';
import type { AnySession } from './session-log.ts';
import { usePhone } from './use-phone.ts';

interface SessionNoticesProps {
  readonly session: AnySession;
  /** Why nothing more of it can be shown. */
  readonly error: PcAgentError | undefined;
  readonly onRetry: () => void;
}

/** What a person must know of a session before anything else: why it failed, or why it cannot be shown. */
export function SessionNotices({ session, error, onRetry }: SessionNoticesProps) {
  const { words, common } = useSpeech();
  const { name } = usePhone(session);
  if (session.code === undefined && error === undefined) return null;
  return (
    <div className="stack session-notices">
      <h2 className="unseen">{words.screens.session.problem}</h2>
      {session.code !== undefined && <ErrorNotice code={session.code} phone={name} />}
      {error !== undefined && (
        <ErrorNotice code={error.code} message={error.message}>
          <Button variant="default" size="compact-sm" onClick={onRetry}>
            {common.retry}
          </Button>
        </ErrorNotice>
      )}
    </div>
  );
}
