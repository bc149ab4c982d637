import { isPcAgentError } from '../base/errors.ts';
import type { DemoResult } from '../contract/demo-result.ts';
import type { Emit, UntimedEvent } from '../contract/events.ts';
import { maskedDetail } from '../dm/watcher/masked-detail.ts';
import { type DemoContext, runDemo } from './demo/run-demo.ts';
import type { LiveFeed } from './live-feed.ts';

export interface PageRunOptions {
  readonly feed: LiveFeed;
  readonly handsets: number;
  readonly signal: AbortSignal;
  /** Sees every event too. */
  readonly emit: Emit;
}

/** Runs the demo so that the page shows it live. A demo that cannot run is a result like another. */
export async function runDemoOnPage(options: PageRunOptions): Promise<DemoResult> {
  const { feed, handsets, signal } = options;
  let last = 0;
  const emit = (event: UntimedEvent) => {
    last = feed.emit({ ...event, time: new Date().toISOString() });
    options.emit(event);
  };
  const onMessage: DemoContext['onMessage'] = (envelope, _direction, summary) => {
    // Called right after the message's event. The body is copied, since it may be a view of a larger buffer.
    const sequence = last;
    const kept = { ...envelope, body: envelope.body.slice() };
    feed.summary(sequence, summary);
    feed.detail(sequence, { bytes: kept.body.length, read: () => maskedDetail(kept, sequence, summary) });
  };
  const result = await runDemo({ handsets, acts: ['relay', 'cache', 'offline'] }, { emit, onMessage, signal }).catch(
    (error: unknown) => {
      if (!isPcAgentError(error)) throw error;
      const { code, message } = error;
      emit({ type: 'error', code, message });
      return { ok: false, code, message, handsets: [], transparent: null };
    },
  );
  feed.emit({ type: 'result', time: new Date().toISOString(), ...result });
  return result;
}
