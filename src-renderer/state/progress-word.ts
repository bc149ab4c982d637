import type { LiveOverview } from '../../src-main/contract/live-overview.ts';

/** The state words that are the same everywhere. */
export type ProgressWord = 'waiting' | 'ready' | 'working' | 'done' | 'failed';

export function progressWord(overview: LiveOverview): ProgressWord {
  if (overview.result !== undefined) return overview.result.ok ? 'done' : 'failed';
  const active = overview.sessions.some(({ state }) => state === 'started' || state === 'running');
  if (active || overview.acts.some(({ state }) => state === 'started')) return 'working';
  return overview.handsets.length > 0 ? 'ready' : 'waiting';
}
