import { describe, expect, it } from 'vitest';
import type { HostChange } from '../../../src-main/contract/host-state.ts';
import type { Task } from '../../../src-main/contract/tasks.ts';
import { TaskList } from '../../../src-main/host/task-list.ts';
import { HandClock } from '../../support/hand-clock.ts';

function taskRig() {
  const clock = new HandClock();
  const changes: HostChange[] = [];
  const list = new TaskList({ clock, onChange: (change) => changes.push(change) });
  return {
    clock,
    changes,
    list,
    /** Rows as faces were told since the last call. */
    told(): Task[] {
      return changes.splice(0).flatMap((change) => (change.kind === 'task' ? [change.task] : []));
    },
  };
}

const RESULT = { operation: 'install', handset: 'tcp:127.0.0.1:1', virtual: true, sessions: ['A1'] } as const;

describe('a task', () => {
  it('says what it is about, without what an address keeps secret', () => {
    const { list, told } = taskRig();
    list.begin('install', { handset: 'bench', device: 'IMEI:1', packages: ['game'], allowUnverified: true });
    list.begin('packages.fetch', { url: 'https://user:pass@files.example/game.bin?token=secret' });
    expect(told()).toMatchObject([
      { name: 'install', handset: 'bench', device: 'IMEI:1', packages: ['game'], sessions: [] },
      { name: 'packages.fetch', url: 'https://files.example/game.bin' },
    ]);
  });

  it('names its sessions in their order, each once', () => {
    const { list, told } = taskRig();
    const task = list.begin('install', { handset: 'a', packages: ['game'] });
    for (const key of ['4', '4', '5', '4']) {
      task.event({ type: 'phase', session: '', key, phase: 'connecting', unplug: 'safe' });
    }
    expect(told().map(({ sessions }) => sessions)).toEqual([[], ['4'], ['4', '5']]);
  });

  it('tells how it went on after losses of its link, the last twenty times, and is then not interrupted any more', () => {
    const { list, told } = taskRig();
    const task = list.begin('install', { handset: 'a', packages: ['game'] });
    const loss = { handset: 'tcp:h:1', code: 'bearer/lost', until: '2026-01-01T00:10:00.000Z' };
    task.event({ type: 'interruption', state: 'lost', ...loss });
    expect(told().at(-1)).toMatchObject({ interrupted: { code: 'bearer/lost' } });
    const ways = { code: 'bearer/lost', from: 'tcp:h:1', over: 'serial:/dev/ttyACM0' };
    for (let kept = 1; kept <= 21; kept += 1) {
      task.event({ type: 'continuation', ...ways, how: 'resumed', kept });
    }
    const [last] = told().slice(-1);
    expect(last?.interrupted).toBeUndefined();
    expect(last?.continuations?.map(({ kept }) => kept)).toEqual(Array.from({ length: 20 }, (_, at) => at + 2));
    expect(last?.continuations?.[0]).toEqual({
      ...{ at: '2026-01-01T00:00:00.000Z', from: 'tcp:h:1', over: 'serial:/dev/ttyACM0' },
      ...{ how: 'resumed', kept: 2 },
    });
  });

  it('that is over is not told again, whatever comes late: one that was dismissed would come back for ever', () => {
    const { list, told } = taskRig();
    const task = list.begin('install', { handset: 'a', packages: ['game'] });
    const late = { type: 'phase', session: '', key: '9', phase: 'over', unplug: 'safe' } as const;
    task.done({});
    told();
    task.event(late);
    expect(list.all).toMatchObject([{ sessions: [] }]);
    list.dismiss(list.all[0]?.id ?? '');
    task.event(late);
    expect(told()).toEqual([]);
  });

  it('keeps the secrets of an address to itself that is not even an address', () => {
    const { list, told } = taskRig();
    list.begin('packages.fetch', { url: 'files.example/game.bin?token=secret' });
    list.begin('packages.fetch', { url: 'user:pass@files.example/game.bin#secret' });
    list.begin('packages.fetch', { url: 'http://user:pa#ss@files.example/game.bin' });
    const shown = 'files.example/game.bin';
    expect(told().map(({ url }) => url)).toEqual([shown, shown, `http://…@${shown}`]);
  });

  it('tells how far a fetch is at most every 100 ms, and all of it in the end', async () => {
    const { list, told, clock } = taskRig();
    const task = list.begin('packages.fetch', { url: 'http://a/b' });
    told();
    task.event({ type: 'progress', job: 'fetch', done: 1, total: 9 });
    expect(told()).toEqual([]);
    await clock.pass(100);
    task.event({ type: 'progress', job: 'fetch', done: 2, total: 9 });
    task.event({ type: 'progress', job: 'fetch', done: 9, total: 9 });
    expect(told()).toMatchObject([{ progress: { done: 2 } }]);
    task.done({ package: {} });
    expect(told()).toMatchObject([{ progress: { done: 9, total: 9 }, end: { ok: true } }]);
  });

  it.each([
    ['done', true],
    ['skipped', true],
    ['refused', false],
    ['postponed', false],
    ['failed', false],
    ['expired', false],
    ['waiting', false],
  ] as const)('whose worst job is %s ends with ok %s', (state, ok) => {
    const { list } = taskRig();
    const jobs = [{ state: 'done' as const }, { state }];
    list.begin('install', {}).done({ ...RESULT, jobs });
    expect(list.all[0]?.end).toEqual({ at: '2026-01-01T00:00:00.000Z', ok, result: { ...RESULT, jobs } });
  });

  it('that was broken off says so, whichever way it came out', () => {
    const { list } = taskRig();
    list.begin('install', {}).failed(new DOMException('stop', 'AbortError'));
    list.begin('install', {}).done({ ...RESULT, jobs: [{ state: 'cancelled' }] });
    expect(list.all.map(({ end }) => end)).toMatchObject([
      { ok: false, cancelled: true, error: { code: 'host/cancelled' } },
      { ok: false, cancelled: true },
    ]);
  });

  it('is broken off by whoever cancels it, and is dismissed only when it is over', () => {
    const { list, changes } = taskRig();
    const task = list.begin('inventory', {});
    const id = list.all[0]?.id ?? '';
    expect(() => list.dismiss(id)).toThrow(expect.objectContaining({ code: 'host/task-open' }));
    list.cancel(id);
    expect(task.signal.aborted).toBe(true);
    task.failed(task.signal.reason);
    list.cancel(id);
    list.dismiss(id);
    expect(changes.at(-1)).toEqual({ kind: 'task-gone', id });
    expect(list.all).toEqual([]);
    expect(() => list.cancel(id)).toThrow(expect.objectContaining({ code: 'host/task-unknown' }));
  });

  it('is on the list as one of the last fifty that are over', () => {
    const { list } = taskRig();
    list.begin('inventory', { handset: 'open' });
    for (let count = 0; count < 60; count += 1) list.begin('inventory', { handset: String(count) }).done({});
    expect(list.all.map(({ handset }) => handset)).toEqual([
      'open',
      ...Array.from({ length: 50 }, (_none, index) => String(index + 10)),
    ]);
  });
});
