import { errorText } from '../../src-main/wording/error-text.ts';
import { useSpeech } from '../language/language-context.tsx';
import { CopyButton } from './copy-button.tsx';
import { NoticeIcon } from './icons.tsx';

interface ErrorPanelProps {
  readonly code: string;
  /** The exact text of the error, for support. */
  readonly message?: string | undefined;
  readonly offset?: number | undefined;
  readonly tone?: 'error' | 'notice';
  /** The whole run failed with this. */
  readonly final?: boolean;
}

/** What happened, whether the phone is safe, what to do, and the details to copy. */
export function ErrorPanel({ code, message, offset, tone = 'error', final = false }: ErrorPanelProps) {
  const { words, language } = useSpeech();
  const { what, phoneSafe, next } = errorText(code, language);
  const place = offset === undefined ? '' : ` @ ${offset}`;
  const details = message === undefined ? code : `${code}: ${message}${place}`;
  return (
    <section className="error-panel" data-tone={tone} role={tone === 'error' ? 'alert' : undefined}>
      <NoticeIcon />
      <div className="error-text">
        <h2>{final ? words.failed(what) : what}</h2>
        <dl>
          <dt>{words.errorParts.phone}</dt>
          <dd>{phoneSafe}</dd>
          <dt>{words.errorParts.next}</dt>
          <dd>{next}</dd>
          {message !== undefined && (
            <>
              <dt>{words.errorParts.details}</dt>
              <dd>
                {message}
                {place}
              </dd>
            </>
          )}
        </dl>
      </div>
      <div className="error-side">
        <code className="code">{code}</code>
        <CopyButton text={() => details} label={words.copyError} />
      </div>
    </section>
  );
}
