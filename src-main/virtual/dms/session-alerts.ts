import { readOperationComplete, readSoftwareRequest } from '../../scomo/operation-complete.ts';
import { Alert } from '../../syncml/alert.ts';
import type { AlertCommand } from '../../syncml/model.ts';
import { Status } from '../../syncml/status.ts';
import type { OpenSession } from './dm-session.ts';
import { addIfRoom, type JobStore } from './job-store.ts';
import { settleByAlert } from './job-work.ts';
import type { SessionNotes } from './session-notes.ts';

/** Completion alerts of one session that its event shows. */
const MAX_ALERTS = 1000;

/** Status of a generic alert, after what it says was taken. */
export function takeAlert(open: OpenSession, alert: AlertCommand, jobs: JobStore, notes: SessionNotes): number {
  const complete = readOperationComplete(alert);
  for (const entry of complete) {
    if (open.alerts.length < MAX_ALERTS) open.alerts.push(entry);
    const id = settleByAlert(entry, open.header.source.uri, jobs);
    if (id !== undefined && !open.begun) open.reported.add(id);
  }
  if (complete.length > 0) return Status.Ok;
  const firmware = open.firmware.take(alert);
  if (firmware !== undefined) return firmware;
  const wanted = readSoftwareRequest(alert);
  if (wanted.length > 0) return takeWish(open, wanted, jobs, notes);
  // What we cannot act on: an event is not processed (406), an alert is of a type that we do not know (415).
  return alert.code === Alert.ClientEvent ? Status.OptionalFeatureNotSupported : Status.UnsupportedMediaType;
}

/** What a handset asks for is installed in this session (200), in another one, or, when it is not offered, never (202). */
function takeWish(
  { header, packages, begun }: OpenSession,
  wanted: readonly string[],
  jobs: JobStore,
  notes: SessionNotes,
): number {
  const device = header.source.uri;
  let isDue = !begun;
  for (const id of wanted) {
    if (!packages.loaded.has(id)) {
      notes.error('package/absent', `the handset wants ${id}, and there is no such package`);
      return Status.Accepted;
    }
    const software = { delivery: 'object', install: true, activate: true, descriptor: false, requested: true } as const;
    // One whose approval is awaited goes on waiting: a handset's wish does not take its place.
    const waiting = jobs
      .list(device)
      .find((job) => job.state === 'queued' && job.operation === 'install' && job.package === id);
    if (waiting === undefined && addIfRoom(jobs, { device, operation: 'install', package: id, software }) === undefined)
      isDue = false;
    if (waiting?.approval === 'awaited') isDue = false;
  }
  return isDue ? Status.Ok : Status.Accepted;
}
