import { maskEquipmentNumbers } from '../base/equipment-number.ts';
import { PcAgentError } from '../base/errors.ts';
import type { ParamsOf, ResultOf } from '../contract/requests.ts';
import type { Engine, WorkContext } from './engine.ts';
import { sessionRow } from './session-row.ts';
import { sendText, type TextPart } from './text-parts.ts';

const PAGE = 50;

/** One page of the journal, newest first. */
export function listSessions(
  { journal }: Pick<Engine, 'journal'>,
  params: ParamsOf<'sessions.list'>,
): ResultOf<'sessions.list'> {
  const { limit = PAGE } = params;
  const found = journal.sessions({ ...params, limit });
  const last = found.length < limit ? undefined : found.at(-1);
  const more = last !== undefined && journal.sessions({ ...params, before: last.number, limit: 1 }).length > 0;
  return { sessions: found.map(sessionRow), ...(more ? { next: last.number } : {}) };
}

/** The journal, what was chosen of it, or one session. @throws PcAgentError `journal/absent` */
export async function exportSessions(
  { journal }: Pick<Engine, 'journal'>,
  { format, session, device, search, unmask }: ParamsOf<'sessions.export'>,
  { signal }: Pick<WorkContext, 'signal'>,
  part: (part: TextPart) => unknown,
): Promise<ResultOf<'sessions.export'>> {
  const hide = unmask === true ? (text: string) => text : maskEquipmentNumbers;
  const one = session === undefined ? {} : { sessions: [numberOf(session, journal)] };
  await sendText(journal.export({ format, hide, choice: { device, search }, ...one }), part, signal);
  return {};
}

/** Those of the demo are kept apart and are in no journal. */
function numberOf(key: string, journal: Pick<Engine['journal'], 'session'>): number {
  const number = /^[1-9][0-9]{0,14}$/.test(key) ? Number(key) : undefined;
  if (number !== undefined && journal.session(number) !== undefined) return number;
  throw new PcAgentError('journal/absent', 'the journal has no such session', { details: { session: key } });
}
