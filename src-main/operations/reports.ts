import { z } from 'zod';
import { PcAgentError } from '../base/errors.ts';
import { isVirtualDevice } from '../base/imei.ts';
import type { ParamsOf, ResultOf } from '../contract/requests.ts';
import type { ReportView } from '../contract/results.ts';
import type { OutboxReport } from '../jobs/outbox/outbox.ts';
import type { Engine, WorkContext } from './engine.ts';

const ReportBody = z.looseObject({
  device: z.string(),
  operation: z.string(),
  state: z.string(),
  alert: z.string().optional(),
});
type ReportBody = z.infer<typeof ReportBody>;

/** What DM servers have not acknowledged. */
export function listReports({ outbox }: Engine): ResultOf<'reports.list'> {
  return { reports: outbox.list().flatMap(viewOf) };
}

/** Tries to send them now. @returns how many are still unsent */
export async function sendReports({ sender }: Engine, { signal }: WorkContext): Promise<ResultOf<'reports.send'>> {
  return { unsent: await sender.flush(signal) };
}

/**
 * A report that no DM server has acknowledged, as it would be sent.
 * @throws PcAgentError `report/absent`
 */
export function exportReport({ outbox }: Engine, { id }: ParamsOf<'reports.export'>): ResultOf<'reports.export'> {
  const found = outbox.list().find((report) => report.id === id && report.state !== 'acknowledged');
  if (found === undefined) throw new PcAgentError('report/absent', 'no report of this key waits', { details: { id } });
  const { origin } = found;
  const body = ReportBody.parse(JSON.parse(found.body));
  return { id, ...(origin === undefined ? {} : { origin }), virtual: isVirtualDevice(body.device), body };
}

/** The alert is the handset's whole message, credentials and all: the DM server gets it, people need not. */
function withoutMessage({ alert: _alert, ...rest }: ReportBody): ReportView['body'] {
  return rest;
}

function viewOf({ id, job, origin, state, tries, nextAt, code, message, body }: OutboxReport): readonly ReportView[] {
  if (state === 'acknowledged') return [];
  const told = ReportBody.parse(JSON.parse(body));
  return [
    {
      ...{ id, job, state, tries },
      ...(origin === undefined ? {} : { origin }),
      ...(nextAt === undefined ? {} : { nextTryAt: nextAt }),
      ...(code === undefined ? {} : { code }),
      ...(message === undefined ? {} : { message }),
      virtual: isVirtualDevice(told.device),
      body: withoutMessage(told),
    },
  ];
}
