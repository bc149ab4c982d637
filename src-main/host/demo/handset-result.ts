import type { DemoHandset, Tally } from '../../contract/demo-result.ts';

const NONE: Tally = { toDms: 0, toHandset: 0 };

/** A handset before the first act; the acts fill it in turn. */
export function untouched(device: string, bearer: DemoHandset['bearer']): DemoHandset {
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

export function failedWith(result: DemoHandset, code: string, message: string): DemoHandset {
  return { ...result, ok: false, code, message };
}

export function componentStates(
  entries: readonly { readonly id: string; readonly version: string; readonly state: string }[] | undefined,
): DemoHandset['before'] {
  return (entries ?? []).map(({ id, version, state }) => ({ id, version, state }));
}
