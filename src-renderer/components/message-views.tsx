import { type KeyboardEvent, useState } from 'react';
import type { FeedEntry } from '../../src-main/contract/live-feed-messages.ts';
import type { CommandSummary, MessageDetail } from '../../src-main/contract/message-summary.ts';
import { describeCommand, describeMessage, type Way } from '../../src-main/wording/describe-command.ts';
import { countText, timeText } from '../../src-main/wording/numbers.ts';
import { useSpeech } from '../language/language-context.tsx';
import { packageText } from '../language/package-text.ts';
import { CopyButton } from './copy-button.tsx';
import { NodeAddress } from './node-address.tsx';

const VIEWS = ['words', 'xml', 'bytes'] as const;
type View = (typeof VIEWS)[number];

interface MessageViewsProps {
  readonly entry: FeedEntry;
  readonly detail: MessageDetail;
}

export function MessageViews({ entry, detail }: MessageViewsProps) {
  const { words, language } = useSpeech();
  const [view, setView] = useState<View>('words');
  const way: Way = entry.event.type === 'message' ? entry.event.direction : 'to-dms';
  const text = () => {
    if (view === 'xml') return detail.xml;
    if (view === 'bytes') return detail.hex;
    return detail.summary.commands.map((command) => describeCommand(command, way, language)).join('\n');
  };
  return (
    <>
      <Facts entry={entry} detail={detail} />
      <div className="detail-bar">
        <TabList view={view} onView={setView} />
        {detail.masked > 0 && <span className="masked">{words.detail.masked(detail.masked)}</span>}
        <CopyButton text={text} />
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a panel that scrolls must be reachable by keyboard */}
      <div className="tab-panel" role="tabpanel" id="detail-view" aria-labelledby={`tab-${view}`} tabIndex={0}>
        {view === 'words' && <CommandList detail={detail} way={way} />}
        {view === 'xml' &&
          (detail.xml === '' ? <p className="empty">{words.detail.noXml}</p> : <pre>{detail.xml}</pre>)}
        {view === 'bytes' && <pre>{detail.hex}</pre>}
      </div>
    </>
  );
}

function TabList({ view, onView }: { readonly view: View; readonly onView: (view: View) => void }) {
  const { words } = useSpeech();
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const move = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (move === undefined) return;
    const next = VIEWS[(VIEWS.indexOf(view) + move + VIEWS.length) % VIEWS.length];
    if (next === undefined) return;
    onView(next);
    event.currentTarget.querySelector<HTMLElement>(`#tab-${next}`)?.focus();
  };
  return (
    <div className="tabs" role="tablist" aria-label={words.detail.views} onKeyDown={onKeyDown}>
      {VIEWS.map((name) => (
        <button
          key={name}
          type="button"
          role="tab"
          id={`tab-${name}`}
          aria-selected={name === view}
          aria-controls="detail-view"
          tabIndex={name === view ? 0 : -1}
          onClick={() => onView(name)}
        >
          {words.detail[name]}
        </button>
      ))}
    </div>
  );
}

function Facts({ entry, detail }: MessageViewsProps) {
  const { words, language } = useSpeech();
  const { summary } = detail;
  const { facts, credentials } = words.detail;
  const { event } = entry;
  if (event.type !== 'message') return null;
  const rows: readonly (readonly [string, string])[] = [
    [facts.session, `${event.session} · ${words.direction[event.direction]}`],
    [facts.number, `${event.msgId} · ${packageText(event.package, words)}`],
    [facts.from, summary.source],
    [facts.to, summary.target],
    [facts.credentials, credentials[summary.credentials]],
    [facts.size, `${countText(event.bytes, language)} B · ${timeText(event.time, language)}`],
    [facts.type, event.contentType],
    [facts.sha256, event.sha256],
  ];
  return (
    <dl className="facts">
      {rows
        .filter(([, value]) => value !== '')
        .map(([name, value]) => (
          <div key={name} data-wide={value === event.sha256 || undefined}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}

function CommandList({ detail, way }: { readonly detail: MessageDetail; readonly way: Way }) {
  const { words, language } = useSpeech();
  const { summary } = detail;
  if (summary.commands.length === 0) {
    const lines =
      summary.readable && summary.package !== 0 ? [words.detail.noCommands] : describeMessage(summary, way, language);
    return lines.map((line) => (
      <p key={line} className="empty">
        {line}
      </p>
    ));
  }
  return (
    <ol className="command-list">
      {summary.commands.map((command, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a peer may number two commands alike
        <li key={index}>
          <span className="command-words">{describeCommand(command, way, language)}</span>
          <code className="code">{codeOf(command)}</code>
          {command.uri !== undefined && <NodeAddress uri={command.uri} />}
        </li>
      ))}
    </ol>
  );
}

function codeOf({ kind, code, resultCode, answers }: CommandSummary): string {
  return [kind, answers, code, resultCode].filter((part) => part !== undefined && part !== '').join(' ');
}
