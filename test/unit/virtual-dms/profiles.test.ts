import { afterAll, describe, expect, it } from 'vitest';
import { nodeDigest, nodeRandom } from '../../../src-main/base/node/digest.ts';
import { createHttpAgent } from '../../../src-main/net/http-agent.ts';
import { createMemoryLedger } from '../../../src-main/net/ledger.ts';
import type { Envelope } from '../../../src-main/syncml/envelope.ts';
import type { DmAnswer, DmRefusal, Visit } from '../../../src-main/virtual/dms/dm-endpoint.ts';
import { DmService } from '../../../src-main/virtual/dms/dm-service.ts';
import { openJobStore } from '../../../src-main/virtual/dms/job-store.ts';
import { openKnownDevices } from '../../../src-main/virtual/dms/known-devices.ts';
import { createNotificationQueue } from '../../../src-main/virtual/dms/notifications.ts';
import { createDemoPackages } from '../../../src-main/virtual/dms/packages.ts';
import { DMS_PROFILES } from '../../../src-main/virtual/dms/profiles.ts';
import { callByHttp } from '../../../src-main/virtual/handset/handset-call.ts';
import { readEnvelope } from '../../support/dm-pair.ts';
import { ACCOUNT, handsetOf } from '../virtual-handset/handset-fixture.ts';
import { startDms } from './dms-fixture.ts';

const never = new AbortController().signal;
const agent = createHttpAgent();
afterAll(() => agent.close());

async function serviceOf(name: string) {
  const profile = DMS_PROFILES.find((one) => one.name === name);
  if (profile === undefined) throw new Error(`there is no profile ${name}`);
  const jobs = await openJobStore();
  const service = new DmService({
    accounts: [ACCOUNT],
    jobs,
    notifications: createNotificationQueue(),
    packages: createDemoPackages(),
    devices: await openKnownDevices({}),
    faults: [],
    profile,
    digest: nodeDigest,
    random: nodeRandom,
    emit: () => undefined,
    url: () => 'http://127.0.0.1:1/dm',
  });
  const { handset } = handsetOf();
  jobs.add({ device: handset.device.id, operation: 'inventory' });
  return { service, jobs, handset };
}

/** A session up to the handset's second message, which is not sent yet. */
async function begun(name: string) {
  const { service, handset } = await serviceOf(name);
  const session = handset.begin(handset.planOwn('http://127.0.0.1:1/dm'));
  const first = session.start();
  const answer = answered(await service.handle(first, never));
  const second = session.receive(answer).send;
  if (second === undefined) throw new Error('the handset had nothing more to say');
  const say = (envelope: Envelope, visit?: Visit) => service.handle(envelope, never, visit);
  return { first, answer, second, say };
}

function answered(answer: DmAnswer | DmRefusal): DmAnswer {
  if ('status' in answer) throw new Error(answer.message);
  return answer;
}

/** The Target and Visit of every message of a whole session over HTTP. */
async function overHttp(name: string) {
  const { service, jobs, handset } = await serviceOf(name);
  const visits: Visit[] = [];
  const targets: string[] = [];
  const { url } = await startDms({
    dm: {
      handle: (envelope, signal, visit = {}) => {
        visits.push(visit);
        targets.push(readEnvelope(envelope).header.target.uri);
        return service.handle(envelope, signal, visit);
      },
    },
  });
  const outcome = await callByHttp(handset, {
    url: new URL(`${url}/dm`),
    ...{ agent, ledger: createMemoryLedger(), version: '1', signal: AbortSignal.timeout(60_000) },
  });
  expect(outcome).toEqual({ ok: true });
  expect(jobs.queued(handset.device.id)).toEqual([]);
  return { visits, targets, url };
}

describe('a DM server that keeps sessions by their path', () => {
  const PATH = /^\/dm;jsessionid=([0-9A-F]{32})$/;

  it('[DMP-12-08] names an address of its own for each session, and takes no other', async () => {
    const { first, answer, second, say } = await begun('jsessionid');
    const [respUri = '', token = ''] = PATH.exec(readEnvelope(answer).header.respUri ?? '') ?? [];
    expect(respUri).not.toBe('');
    expect((await begun('jsessionid')).answer).not.toMatchObject({ body: answer.body });
    expect(await say(second)).toMatchObject({ status: 403 });
    expect(await say(second, { token: 'ANOTHER' })).toMatchObject({ status: 403 });
    // Whoever sends its first message again has not seen the answer.
    expect(answered(await say(first)).body).toEqual(answer.body);
    const next = readEnvelope(answered(await say(second, { token })));
    expect(next.header.respUri).toBe(respUri);
    expect(next.commands.some(({ kind }) => kind === 'Get')).toBe(true);
  });

  it('is followed by the handset, in the address and in Target', async () => {
    const { visits, targets, url } = await overHttp('jsessionid');
    expect(visits.length).toBeGreaterThan(2);
    const token = visits[1]?.token ?? '';
    expect(token).toMatch(/^[0-9A-F]{32}$/);
    expect(visits).toEqual(visits.map((_, index) => (index === 0 ? {} : { token })));
    expect(targets).toEqual(targets.map((_, index) => (index === 0 ? `${url}/dm` : `${url}/dm;jsessionid=${token}`)));
  });
});

describe('a DM server that keeps sessions by a cookie', () => {
  it('sets it with the first answer, and refuses later messages without it', async () => {
    const { first, answer, second, say } = await begun('cookies');
    const [, cookie = ''] = /^(DMSESSION=[0-9A-F]{32}); Path=\/dm; HttpOnly$/.exec(answer.setCookie ?? '') ?? [];
    expect(cookie).not.toBe('');
    expect(readEnvelope(answer).header.respUri).toBeUndefined();
    expect(await say(second)).toMatchObject({ status: 403 });
    expect(await say(second, { cookie: `${cookie}0` })).toMatchObject({ status: 403 });
    expect(answered(await say(first))).toEqual(answer);
    expect(answered(await say(second, { cookie: `other=1; ${cookie}` })).setCookie).toBeUndefined();
  });

  it('has it back from the handset in every further message', async () => {
    const { visits } = await overHttp('cookies');
    expect(visits.length).toBeGreaterThan(2);
    const cookie = visits[1]?.cookie ?? '';
    expect(cookie).toMatch(/^DMSESSION=/);
    expect(visits).toEqual(visits.map((_, index) => (index === 0 ? {} : { cookie })));
  });
});

describe('a DM server without a profile', () => {
  it('names no address, sets no cookie and asks for neither', async () => {
    const { answer, second, say } = await begun('standard');
    expect([readEnvelope(answer).header.respUri, answer.setCookie]).toEqual([undefined, undefined]);
    expect('body' in (await say(second))).toBe(true);
  });
});
