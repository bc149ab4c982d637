import type { DemoBearer } from './demo-place.ts';
import type { Tally } from './transparency.ts';

export interface ComponentState {
  readonly id: string;
  readonly version: string;
  readonly state: string;
}

/** What the demo reports of one handset (contract, section 4); the acts fill it in turn. */
export interface HandsetResult {
  readonly device: string;
  readonly bearer: DemoBearer;
  readonly sessions: readonly string[];
  readonly messages: Tally;
  readonly bytes: Tally;
  /** `null` until an act has relayed. */
  readonly transparent: boolean | null;
  readonly before: readonly ComponentState[];
  readonly after: readonly ComponentState[];
  readonly alerts: readonly unknown[];
  /** Packages that were installed from the cache. */
  readonly fromCache: readonly string[];
  /** Reports of offline work that the DMS has, and how often they were sent. */
  readonly report: { readonly delivered: number; readonly sent: number };
  readonly ok: boolean;
  readonly code?: string;
  readonly message?: string;
}

const NONE: Tally = { toDms: 0, toHandset: 0 };

export function untouched(device: string, bearer: DemoBearer): HandsetResult {
  return {
    device,
    bearer,
    sessions: [],
    messages: NONE,
    bytes: NONE,
    transparent: null,
    before: [],
    after: [],
    alerts: [],
    fromCache: [],
    report: { delivered: 0, sent: 0 },
    ok: true,
  };
}

export function failedWith(result: HandsetResult, code: string, message: string): HandsetResult {
  return { ...result, ok: false, code, message };
}

export function componentStates(
  entries: readonly { readonly id: string; readonly version: string; readonly state: string }[] | undefined,
): readonly ComponentState[] {
  return (entries ?? []).map(({ id, version, state }) => ({ id, version, state }));
}
