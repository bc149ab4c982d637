/** A virtual DMS with its DM service, its clock in the test's hand and packages that the test can change. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { milliseconds } from '../../../src-main/base/durations.ts';
import { nodeDigest, nodeRandom } from '../../../src-main/base/node/digest.ts';
import { DmService } from '../../../src-main/virtual/dms/dm-service.ts';
import { openKnownDevices } from '../../../src-main/virtual/dms/known-devices.ts';
import { openPackageFolder } from '../../../src-main/virtual/dms/packages.ts';
import type { HandsetOptions } from '../../../src-main/virtual/handset/handset.ts';
import { ACCOUNT, handsetOf } from '../virtual-handset/handset-fixture.ts';
import { startDms, temporaryFolder } from './dms-fixture.ts';
import { own, talk } from './talk.ts';

export const MODEL = 'V1';
export const CLOCK = 'com.example.clock';
export const NOTES = 'com.example.notes';

export interface Offer {
  readonly version?: string;
  readonly model?: string;
  readonly urgency?: string;
  readonly bytes?: Uint8Array;
}

export async function startOutside(options: { readonly state?: string } = {}) {
  const folder = await temporaryFolder();
  const packages = await openPackageFolder(folder);
  const dms = await startDms({ packages, ...options });
  const sessions: Record<string, unknown>[] = [];
  const service = new DmService({
    accounts: [ACCOUNT],
    jobs: dms.jobs,
    notifications: dms.notifications,
    packages,
    devices: await openKnownDevices(options),
    side: dms.outside.side,
    faults: [],
    digest: nodeDigest,
    random: nodeRandom,
    emit: (event) => void (event.type === 'session' && sessions.push({ ...event })),
    watchPause: 1,
    url: () => 'http://127.0.0.1:1/dm',
  });
  dms.jobs.onQueued((job) => service.notify(job));
  const offer = async (id: string, { bytes = new Uint8Array(2000), ...sidecar }: Offer = {}): Promise<void> => {
    await writeFile(join(folder, `${id}.bin`), bytes);
    await writeFile(join(folder, `${id}.bin.json`), JSON.stringify({ id, name: id, version: '1.0', ...sidecar }));
  };
  const handset = (imei: string, more: Partial<HandsetOptions> = {}) => {
    const { handset: made } = handsetOf({ imei, model: MODEL, ...more });
    const come = async () => (await talk(service, made, own(made))).outcome;
    return { made, id: made.device.id, come };
  };
  /** Notifications that wait for a handset. */
  const called = async (device: string): Promise<number> => {
    const signal = new AbortController().signal;
    return (await dms.notifications.wait(device, { time: milliseconds(0), signal })).length;
  };
  /** Its jobs as a line each. */
  const jobsOf = (device: string): readonly string[] =>
    dms.jobs.list(device).map((job) => [job.operation, job.package, job.state, job.approval].filter(Boolean).join(' '));
  const send = async (method: string, path: string, body?: unknown) => {
    const answer = await fetch(dms.url + path, {
      method,
      ...(body === undefined
        ? {}
        : {
            body: typeof body === 'string' ? body : JSON.stringify(body),
            headers: { 'content-type': 'application/json' },
          }),
    });
    const text = await answer.text();
    // biome-ignore lint/suspicious/noExplicitAny: an answer is what the test says it is, and fails there if it is not.
    const json: any = text.startsWith('{') ? JSON.parse(text) : undefined;
    return { status: answer.status, text, json };
  };
  return { ...dms, service, sessions, folder, offer, handset, called, jobsOf, send };
}
