import { Button } from '@mantine/core';
import { type KeyboardEvent, useId } from 'react';
import type { MessageRow, SessionMessage } from '../../../src-main/contract/sessions.ts';
import { describeCommand } from '../../../src-main/wording/describe-command.ts';
import { countText } from '../../../src-main/wording/numbers.ts';
import { CopyButton } from '../../components/copy-button.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { Loading } from '../../components/loading.tsx';
import { Notice } from '../../components/notice.tsx';
import { useRequest } from '../../host/use-request.ts';
import { useSpeech } from '../../language/language-context.tsx';
import { CommandList } from './command-list.tsx';
import { MessageFacts } from './message-facts.tsx';

const VIEWS = ['words', 'xml', 'bytes'] as const;
export type MessageView = (typeof VIEWS)[number];

interface MessageDetailProps {
  readonly session: string;
  readonly message: MessageRow;
  readonly view: MessageView;
  readonly onView: (view: MessageView) => void;
}

/** One message in words, as XML and as bytes, with every secret hidden. */
export function MessageDetail({ session, message, view, onView }: MessageDetailProps) {
  const { words, common, language } = useSpeech();
  const text = words.screens.session.detail;
  const answer = useRequest('sessions.message', { session, number: message.number });
  const id = useId();
  const { data } = answer;
  const masked = data?.detail.masked ?? 0;
  const copied = () => {
    if (view === 'xml') return data?.detail.xml ?? '';
    if (view === 'bytes') return data?.detail.hex ?? '';
    return message.summary.commands.map((each) => describeCommand(each, message.direction, language)).join('\n');
  };
  return (
    <div className="message-detail">
      <MessageFacts message={message} />
      <div className="message-bar">
        <TabList id={id} view={view} onView={onView} />
        <CopyButton text={copied} />
      </div>
      {masked > 0 && <p className="small quiet message-masked">{text.masked(masked, countText(masked, language))}</p>}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a panel that scrolls must be reachable by keyboard */}
      <div className="message-view" role="tabpanel" id={`${id}-view`} aria-labelledby={`${id}-${view}`} tabIndex={0}>
        {view === 'words' ? (
          <CommandList message={message} />
        ) : data !== undefined ? (
          <Octets answer={data} view={view} />
        ) : answer.kind === 'failed' ? (
          <ErrorNotice code={answer.error.code} message={answer.error.message}>
            <Button variant="default" size="compact-sm" onClick={answer.reload}>
              {common.retry}
            </Button>
          </ErrorNotice>
        ) : (
          <Loading />
        )}
      </div>
    </div>
  );
}

interface TabListProps {
  readonly id: string;
  readonly view: MessageView;
  readonly onView: (view: MessageView) => void;
}

function TabList({ id, view, onView }: TabListProps) {
  const { words } = useSpeech();
  const text = words.screens.session.detail;
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const forward = getComputedStyle(event.currentTarget).direction === 'rtl' ? 'ArrowLeft' : 'ArrowRight';
    if (event.key !== 'ArrowRight' && event.key !== 'ArrowLeft') return;
    const move = event.key === forward ? 1 : VIEWS.length - 1;
    const next = VIEWS[(VIEWS.indexOf(view) + move) % VIEWS.length];
    if (next === undefined) return;
    onView(next);
    document.getElementById(`${id}-${next}`)?.focus();
  };
  return (
    <div className="tabs" role="tablist" aria-label={text.views} onKeyDown={onKeyDown}>
      {VIEWS.map((name) => (
        <button
          key={name}
          type="button"
          role="tab"
          id={`${id}-${name}`}
          aria-selected={name === view}
          aria-controls={`${id}-view`}
          tabIndex={name === view ? 0 : -1}
          data-autofocus={name === view || undefined}
          onClick={() => onView(name)}
        >
          {text[name]}
        </button>
      ))}
    </div>
  );
}

/** XML or bytes, or why there are none. */
function Octets({
  answer: { body, detail },
  view,
}: {
  readonly answer: SessionMessage;
  readonly view: 'xml' | 'bytes';
}) {
  const { words } = useSpeech();
  const text = words.screens.session.detail;
  const shown = view === 'xml' ? detail.xml : detail.hex;
  return (
    <div className="stack">
      {body !== 'kept' && (
        <Notice tone={body === 'damaged' ? 'failed' : 'idle'} title={text.bodyTitle[body]}>
          <p>{text.body[body]}</p>
        </Notice>
      )}
      {shown === '' ? body === 'kept' && <p className="quiet">{text.noXml}</p> : <pre dir="ltr">{shown}</pre>}
    </div>
  );
}
