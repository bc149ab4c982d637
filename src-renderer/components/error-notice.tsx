import type { ReactNode } from 'react';
import { maskEquipmentNumbers } from '../../src-main/base/equipment-number.ts';
import { errorText } from '../../src-main/wording/error-text.ts';
import { useSpeech } from '../language/language-context.tsx';
import type { Tone } from '../theme/tone.ts';
import { CopyButton } from './copy-button.tsx';
import { Notice } from './notice.tsx';

interface ErrorNoticeProps {
  readonly code: string;
  /** The error's own text, for details. */
  readonly message?: string | undefined;
  readonly offset?: number | undefined;
  readonly tone?: Tone;
  /** Name of the phone that it is about. */
  readonly phone?: string | undefined;
  /** Of its heading; 2 where it stands right below the title of the screen. */
  readonly level?: 2 | 3;
  /** The next step as a button. */
  readonly children?: ReactNode;
}

/** A failure answers: what happened, is the phone safe, what to do next, and where to read more. */
export function ErrorNotice(props: ErrorNoticeProps) {
  const { code, offset, tone = 'failed', phone, level = 3, children } = props;
  const { common, language } = useSpeech();
  // It may name an address with a serial number in it, or the handset.
  const message = props.message === undefined ? undefined : maskEquipmentNumbers(props.message);
  const { what, phoneSafe, next } = errorText(code, language);
  const details = [code, phone, message, offset === undefined ? undefined : `@${offset}`].filter(Boolean).join('\n');
  return (
    <Notice tone={tone} level={level} title={phone === undefined ? what : `${phone}: ${what}`}>
      <dl className="facts">
        <dt>{common.error.phone}</dt>
        <dd>{phoneSafe}</dd>
        <dt>{common.error.next}</dt>
        <dd>{next}</dd>
        <dt>{common.error.code}</dt>
        <dd>
          <code className="code">{code}</code>
          {message !== undefined && <span className="quiet small"> {message}</span>}
        </dd>
      </dl>
      <div className="row">
        {children}
        <CopyButton text={() => `${what}\n${details}`} label={common.error.copy} />
        <a href={`#/help/${code}`}>{common.error.help}</a>
      </div>
    </Notice>
  );
}
