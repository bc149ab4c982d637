import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from 'react';
import type { FeedEntry } from '../../src-main/contract/live-feed-messages.ts';
import { describeEvent } from '../../src-main/wording/describe-event.ts';
import { countText } from '../../src-main/wording/numbers.ts';
import { useSpeech } from '../language/language-context.tsx';
import { MessageRow } from './message-row.tsx';
import { Skeleton } from './step-panel.tsx';

/** Rows drawn at once; older ones stay in the host's record. */
const MAX_ROWS = 500;
const AT_END = 24;

interface MessageListProps {
  readonly entries: readonly FeedEntry[];
  readonly dropped: number;
  readonly loading: boolean;
  readonly openSequence: number | undefined;
  readonly onOpen: (entry: FeedEntry) => void;
}

/** Every message in the order of time. One stop for the tab key; arrow keys move within. */
export function MessageList({ entries, dropped, loading, openSequence, onOpen }: MessageListProps) {
  const { words, language } = useSpeech();
  const body = useRef<HTMLDivElement>(null);
  const [current, setCurrent] = useState<number | undefined>();
  const [following, setFollowing] = useState(true);
  const rows = useMemo(() => entries.filter(isShown).slice(-MAX_ROWS), [entries]);
  const messages = rows.filter(({ event }) => event.type === 'message');
  const reachable = messages.some(({ sequence }) => sequence === current) ? current : messages[0]?.sequence;
  const hidden = dropped + entries.filter(isShown).length - rows.length;

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new row is what moves the list
  useEffect(() => {
    if (following && body.current !== null) body.current.scrollTop = body.current.scrollHeight;
  }, [following, rows]);

  const onKeyDown = (event: KeyboardEvent) => {
    const at = messages.findIndex(({ sequence }) => sequence === reachable);
    const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: messages.length - 1 }[event.key];
    const target = next === undefined ? undefined : messages[next];
    if (target === undefined) return;
    event.preventDefault();
    setFollowing(false);
    setCurrent(target.sequence);
    body.current?.querySelector<HTMLElement>(`[data-sequence="${target.sequence}"]`)?.focus();
  };
  const onScroll = () => {
    const list = body.current;
    if (list !== null) setFollowing(list.scrollHeight - list.scrollTop - list.clientHeight < AT_END);
  };

  return (
    <section className="panel messages" id="messages" tabIndex={-1} aria-labelledby="messages-title">
      <div className="panel-head">
        <h2 id="messages-title">{words.messages}</h2>
        <span className="panel-note">{words.messagesHint}</span>
        {!following && (
          <button type="button" className="button" onClick={() => setFollowing(true)}>
            {words.follow}
          </button>
        )}
      </div>
      <div className="panel-body rows" ref={body} onScroll={onScroll}>
        {hidden > 0 && <p className="empty">{words.dropped(countText(hidden, language))}</p>}
        {rows.length === 0 && (loading ? <Skeleton rows={6} /> : <p className="empty">{words.messagesEmpty}</p>)}
        <ol className="message-list" onKeyDown={onKeyDown}>
          {rows.map((entry) =>
            entry.event.type === 'message' ? (
              <MessageRow
                key={entry.sequence}
                entry={entry}
                event={entry.event}
                reachable={entry.sequence === reachable}
                open={entry.sequence === openSequence}
                onFocus={setCurrent}
                onOpen={onOpen}
              />
            ) : (
              <li key={entry.sequence} className="divider" data-type={entry.event.type}>
                <span>{describeEvent(entry.event, language)}</span>
              </li>
            ),
          )}
        </ol>
      </div>
    </section>
  );
}

function isShown({ event }: FeedEntry): boolean {
  if (event.type === 'session') return event.state !== 'running';
  return event.type === 'message' || event.type === 'error' || event.type === 'act';
}
