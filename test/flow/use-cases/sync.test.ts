/** Work that outside systems ask DM servers for, carried by the person whose PC the handset is attached to. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type MessageRow, SessionPart } from '../../../src-main/contract/sessions.ts';
import { DEVICE, expectTransparent, GAME, ourDms, ourHandset } from '../../support/our-three.ts';
import { onStage, type Program, type Stage } from '../../support/processes.ts';
import { openWindowFace, type WindowFace } from '../../support/window-face.ts';

const REGION = {
  serverId: 'region',
  serverPassword: 'region-server-secret',
  user: 'till-3',
  password: 'till-3-secret',
};

/** Accounts of a handset that two DM servers manage, each by a ServerID and passwords of its own. */
function accounts(stage: Stage): string {
  const file = join(stage.folder, 'accounts.json');
  const first = {
    serverId: 'virtual-dms',
    serverPassword: 'server-secret',
    user: 'handset',
    password: 'handset-secret',
  };
  writeFileSync(file, JSON.stringify([first, REGION].map((account) => ({ ...account, auth: 'md5' }))));
  return file;
}

const regionFlags = [
  ...['--server-id', REGION.serverId, '--server-password', REGION.serverPassword],
  ...['--user', REGION.user, '--password', REGION.password],
];

/** How a followed job stood, one after the other. */
function courseOf(watch: Program, job: string): readonly unknown[] {
  return watch
    .of('job')
    .filter((event) => event.job === job)
    .map(({ state }) => state);
}

/** Every command of a session as the journal has it: way, kind, code, what it answers. */
async function commandsOf(face: WindowFace, session: string) {
  const messages: MessageRow[] = [];
  const keep = (part: unknown) => void messages.push(...SessionPart.parse(part).messages);
  await face.request('sessions.watch', { session }, undefined, keep);
  return messages.flatMap(({ direction, summary }) =>
    summary.commands.map(({ kind, code, answers }) => [direction, kind, code, answers] as const),
  );
}

describe('work of DM servers', () => {
  it('ACT-03 ACT-07 CMP-06 CMP-07 PCA-01 SCOMO-F1-A3 SCOMO-F3-A2: what outside systems asked two DM servers for is shown, carried to the handset on request, and followed to its end', () =>
    onStage(async (stage) => {
      await stage.agent('serve').address();
      const [office, region, handset] = await Promise.all([
        ourDms(stage),
        ourDms(stage, ...regionFlags),
        ourHandset(stage, '--accounts', accounts(stage)),
      ]);
      const face = await openWindowFace(stage);
      await face.request('dms.add', { name: 'office', url: office.url });
      await face.request('dms.add', { name: 'region', url: region.url });
      const sync = (dms: string) =>
        stage.agent('sync', '--handset', handset.address, '--device', DEVICE, '--dms', dms).result();

      const install = await office.client.post(DEVICE, 'install', { package: GAME });
      const watch = stage.agent('dms', 'jobs', 'office', '--watch', '--device', DEVICE);
      await watch.event(
        'the job that waits',
        ({ type, job, state }) => type === 'job' && job === install && state === 'queued',
      );
      const look = await region.client.post(DEVICE, 'inventory');
      expect(await face.request('dms.jobs', { dms: 'region' })).toMatchObject({
        jobs: [{ id: look, state: 'queued' }],
      });

      const carried = await sync('office');
      expect(carried).toMatchObject({
        ...{ exit: 0, ok: true, operation: 'sync', dms: office.url, virtual: true },
        jobs: [{ job: install, state: 'done', package: GAME, resultCode: 1200 }],
      });
      await watch.event('its end', ({ type, job, state }) => type === 'job' && job === install && state === 'done');
      const course = courseOf(watch, install);
      expect([course[0], course[1], course.at(-1)]).toEqual(['queued', 'running', 'done']);
      const [progress] = watch.of('job').filter(({ done }) => done !== undefined);
      expect(progress).toMatchObject({ job: install, state: 'running', total: expect.any(Number) });
      // The other server's work is still its own.
      expect(await region.client.job(look)).toMatchObject({ state: 'queued' });

      const [session] = (carried as unknown as { readonly sessions: readonly string[] }).sessions;
      expectTransparent(handset.program, office.program, session);
      expect(await sync('region')).toMatchObject({ exit: 0, dms: region.url, jobs: [{ job: look, state: 'done' }] });
      expect((await region.client.job(look)).inventory).toContainEqual(expect.objectContaining({ id: GAME }));
      expect(await sync('office')).toMatchObject({ exit: 2, ok: true, code: 'dms/no-work', sessions: [] });

      // The journal: the order goes down, then its Status 202 and the completion alert come up.
      const { sessions } = await face.request('sessions.list', {});
      expect(sessions.map(({ kind, dms }) => [kind, dms])).toEqual([
        ['relay', region.url],
        ['relay', office.url],
      ]);
      const order = await commandsOf(face, sessions[1]?.key ?? '');
      const at = (...wanted: readonly (string | number | undefined)[]): number =>
        order.findIndex((command) => wanted.every((part, place) => part === undefined || command[place] === part));
      const steps = [
        at('to-handset', 'Add'),
        at('to-dms', 'Status', 213, 'Add'),
        at('to-handset', 'Exec'),
        at('to-dms', 'Status', 202, 'Exec'),
        at('to-dms', 'Alert', 1226),
        order.findLastIndex(
          ([way, kind, , answers]) => way === 'to-handset' && kind === 'Status' && answers === 'Alert',
        ),
      ];
      expect(
        steps.every((step, index) => step > (steps[index - 1] ?? -1)),
        steps.join(),
      ).toBe(true);
      expect(await watch.terminate()).toMatchObject({ exit: 0, ok: true });
    }));
});
