import { SessionRow } from '../contract/sessions.ts';
import type { SessionView } from '../journal/views.ts';

/** A session of the journal as faces see it; its number is its key. */
export function sessionRow(view: SessionView): SessionRow {
  const { number, sessionId, kind, handset, device, dms, virtual, startedAt, endedAt, code } = view;
  // The journal keeps words, of which a later version may know more.
  const state = SessionRow.shape.state.safeParse(view.state);
  return {
    key: String(number),
    ...{ sessionId, kind, handset, dms, virtual, startedAt },
    state: state.success ? state.data : 'failed',
    ...(device === undefined ? {} : { device }),
    ...(endedAt === undefined ? {} : { endedAt }),
    ...(code === undefined ? {} : { code }),
  };
}
