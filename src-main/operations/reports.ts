import type { ResultOf } from '../contract/requests.ts';
import type { ReportView } from '../contract/results.ts';
import type { OutboxReport } from '../jobs/outbox/outbox.ts';
import type { Engine, WorkContext } from './engine.ts';

/** What DM servers have not acknowledged. */
export function listReports({ outbox }: Engine): ResultOf<'reports.list'> {
  return { reports: outbox.list().flatMap(viewOf) };
}

/** Tries to send them now. @returns how many are still unsent */
export async function sendReports({ sender }: Engine, { signal }: WorkContext): Promise<ResultOf<'reports.send'>> {
  return { unsent: await sender.flush(signal) };
}

function viewOf({ id, job, origin, state, tries, code, message, body }: OutboxReport): readonly ReportView[] {
  if (state === 'acknowledged') return [];
  return [
    {
      ...{ id, job, state, tries },
      ...(origin === undefined ? {} : { origin }),
      ...(code === undefined ? {} : { code }),
      ...(message === undefined ? {} : { message }),
      body: JSON.parse(body) as unknown,
    },
  ];
}
