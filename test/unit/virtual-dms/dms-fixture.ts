/** A virtual DMS over HTTP with a DM endpoint of the test's own. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Duration } from '../../../src-main/base/durations.ts';
import type { DmEndpoint } from '../../../src-main/virtual/dms/dm-endpoint.ts';
import { openInstallationStore } from '../../../src-main/virtual/dms/installations.ts';
import { openJobStore } from '../../../src-main/virtual/dms/job-store.ts';
import { createNotificationQueue } from '../../../src-main/virtual/dms/notifications.ts';
import { openOutside } from '../../../src-main/virtual/dms/outside.ts';
import { createDemoPackages, type PackageSource } from '../../../src-main/virtual/dms/packages.ts';
import { openReportStore } from '../../../src-main/virtual/dms/reports.ts';
import { createDmsServer } from '../../../src-main/virtual/dms/server.ts';
import { HandClock } from '../../support/hand-clock.ts';

export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'virtual-dms-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}

// biome-ignore lint/suspicious/noExplicitAny: an answer is what the test says it is, and fails there if it is not.
type Json = any;

export interface FixtureOptions {
  readonly dm?: DmEndpoint;
  readonly packages?: PackageSource;
  readonly state?: string;
  readonly heartbeat?: Duration;
}

const echo: DmEndpoint = { handle: async (envelope) => envelope };

export async function startDms(options: FixtureOptions = {}) {
  const state = options.state === undefined ? {} : { state: options.state };
  const jobs = await openJobStore(state);
  const reports = await openReportStore(state);
  const installations = await openInstallationStore(state);
  const notifications = createNotificationQueue();
  const packages = options.packages ?? createDemoPackages();
  const clock = new HandClock();
  const outside = await openOutside({ jobs, packages, ...state, clock });
  const internal: unknown[] = [];
  const server = createDmsServer({
    dm: options.dm ?? echo,
    packages,
    jobs,
    reports,
    installations,
    notifications,
    outside,
    version: '1.2.3',
    ...(options.heartbeat === undefined ? {} : { heartbeat: options.heartbeat }),
    onInternalError: (error) => internal.push(error),
  });
  const url = await server.listen({ host: '127.0.0.1', port: 0 });
  onTestFinished(server.close);
  const get = async (path: string, headers: Record<string, string> = {}) => {
    const answer = await fetch(url + path, { headers });
    return { status: answer.status, headers: answer.headers, json: (await answer.json()) as Json };
  };
  const post = async (path: string, body: unknown, headers: Record<string, string> = {}) => {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const answer = await fetch(url + path, {
      method: 'POST',
      body: text,
      headers: { 'Content-Type': 'application/json', ...headers },
    });
    return { status: answer.status, headers: answer.headers, json: (await answer.json()) as Json };
  };
  return {
    url,
    port: Number(new URL(url).port),
    server,
    jobs,
    reports,
    installations,
    notifications,
    outside,
    clock,
    packages,
    internal,
    get,
    post,
  };
}
