/** The host's ways in, as scenarios use them. */
import assert from 'node:assert/strict';
import type { CallerView, ListenerKind, ListenerView } from '../../../src-main/contract/listening.ts';
import type { Bench } from './bench.ts';
import { until } from './guest.ts';

const SOON = 60_000;

/** Puts a way in on and waits until it listens. */
export async function putOn(bench: Bench, kind: ListenerKind, address?: string): Promise<ListenerView> {
  const wanted = address === undefined ? {} : { address };
  await bench.face.request('listeners.set', { kind, on: true, dms: bench.dmsUrl, ...wanted });
  return listens(bench, kind);
}

export async function putOff(bench: Bench, kind: ListenerKind): Promise<void> {
  await bench.face.request('listeners.set', { kind, on: false });
}

/** This way in when it listens. */
export function listens(bench: Bench, kind: ListenerKind): Promise<ListenerView> {
  return inState(bench, kind, 'listening');
}

export async function inState(bench: Bench, kind: ListenerKind, state: ListenerView['state']): Promise<ListenerView> {
  let view: ListenerView | undefined;
  try {
    await until(`${kind} ${state}`, SOON, async () => {
      const { listeners } = await bench.face.request('listeners.list', {});
      view = listeners.find((listener) => listener.kind === kind);
      return view?.state === state;
    });
  } catch (error) {
    throw new Error(`${String(error)}: ${JSON.stringify(view)}`);
  }
  assert.ok(view);
  return view;
}

/** Whoever calls there now and is not known: held, seen, and let in. */
export async function letIn(bench: Bench, kind: ListenerKind): Promise<CallerView> {
  let caller: CallerView | undefined;
  await until(`somebody who calls by ${kind}`, SOON, async () => {
    const { callers } = await bench.face.request('callers.list', {});
    caller = callers.find((each) => each.kind === kind && each.state === 'asking');
    return caller !== undefined;
  });
  assert.ok(caller);
  await bench.face.request('callers.answer', { caller: caller.id, answer: 'accept' });
  return caller;
}
