import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { FeedEntry } from '../../src-main/contract/live-feed-messages.ts';
import type { MessageDetail as Detail } from '../../src-main/contract/message-summary.ts';
import { MessageDetail as MessageDetailSchema } from '../../src-main/contract/message-summary.ts';
import type { Catalogue } from '../../src-main/wording/catalogue.ts';
import { useSpeech } from '../language/language-context.tsx';
import { packageText } from '../language/package-text.ts';
import { ErrorPanel } from './error-panel.tsx';
import { MessageViews } from './message-views.tsx';
import { Skeleton } from './step-panel.tsx';

type Loaded =
  | { readonly kind: 'loading' }
  | { readonly kind: 'there'; readonly detail: Detail }
  | { readonly kind: 'failed'; readonly code: string };

interface MessageDetailProps {
  readonly entry: FeedEntry;
  readonly onClose: () => void;
}

/** One message beside the list, in words, as XML and as bytes. Escape closes; the focus goes back to its row. */
export function MessageDetail({ entry, onClose }: MessageDetailProps) {
  const { words } = useSpeech();
  const dialog = useRef<HTMLDialogElement>(null);
  const [loaded, setLoaded] = useState<Loaded>({ kind: 'loading' });

  const load = useCallback(() => {
    setLoaded({ kind: 'loading' });
    void loadDetail(entry.sequence).then(setLoaded);
  }, [entry.sequence]);
  useEffect(load, [load]);
  // Before the element is taken away: closing is what gives the focus back.
  useLayoutEffect(() => {
    const element = dialog.current;
    if (element !== null && !element.open) element.showModal();
    return () => element?.close();
  }, []);

  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: a click beside the dialog closes it; Escape does so for the keyboard
    <dialog
      ref={dialog}
      className="detail"
      aria-labelledby="detail-title"
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClick={(event) => {
        if (event.target === dialog.current) onClose();
      }}
    >
      <div className="detail-body">
        <div className="detail-head">
          <h2 id="detail-title">{titleOf(entry, words)}</h2>
          <button type="button" className="button" onClick={onClose}>
            {words.detail.close}
          </button>
        </div>
        {loaded.kind === 'loading' && (
          <div role="status">
            <span className="unseen">{words.detail.loading}</span>
            <Skeleton rows={8} />
          </div>
        )}
        {loaded.kind === 'failed' && (
          <>
            <ErrorPanel code={loaded.code} />
            <button type="button" className="button" onClick={load}>
              {words.detail.retry}
            </button>
          </>
        )}
        {loaded.kind === 'there' && <MessageViews entry={entry} detail={loaded.detail} />}
      </div>
    </dialog>
  );
}

function titleOf({ event }: FeedEntry, words: Catalogue['screen']): string {
  if (event.type !== 'message') return '';
  return words.detail.title(words.direction[event.direction], packageText(event.package, words));
}

async function loadDetail(sequence: number): Promise<Loaded> {
  try {
    const answer = await fetch(`/api/messages/${sequence}`);
    if (answer.status === 404) return { kind: 'failed', code: 'page/message-gone' };
    if (answer.status === 401) return { kind: 'failed', code: 'page/no-session' };
    const parsed = MessageDetailSchema.safeParse(answer.ok ? await answer.json() : undefined);
    return parsed.success ? { kind: 'there', detail: parsed.data } : { kind: 'failed', code: 'page/failed' };
  } catch {
    return { kind: 'failed', code: 'page/unreachable' };
  }
}
