import { beforeEach, expect, test, vi } from 'vitest';
import { run as bluetooth } from '../../../src-main/cli/bluetooth.ts';
import { run as callers } from '../../../src-main/cli/callers.ts';
import type { CommandContext } from '../../../src-main/cli/command.ts';
import { run as listen } from '../../../src-main/cli/listen.ts';

const host = vi.hoisted(() => ({ answers: {} as Readonly<Record<string, unknown>>, asked: [] as string[] }));
vi.mock('../../../src-main/host/client.ts', () => ({
  withHost: (_context: unknown, use: (running: unknown) => unknown) =>
    use({
      request: async (name: string) => {
        host.asked.push(name);
        return host.answers[name];
      },
    }),
}));

const printed: string[] = [];
const errors: unknown[] = [];
const context: CommandContext = {
  emit: (event) => void errors.push(event),
  note: () => undefined,
  print: (text) => void printed.push(text),
  signal: new AbortController().signal,
  ...{ json: false, unmask: false, resolvePath: (path: string) => path },
};

beforeEach(() => {
  for (const list of [printed, errors, host.asked]) list.length = 0;
});

test('what is off or let in already is nothing to do: exit code 2, and nothing is asked for', async () => {
  host.answers = {
    'listeners.list': { listeners: [{ kind: 'tcp', state: 'off' }], interfaces: [] },
    'callers.list': { callers: [{ id: '7', state: 'accepted' }] },
  };
  expect(await listen('off', ['tcp'], {}, context)).toMatchObject({ exitCode: 2, ok: true });
  expect(await callers('accept', '7', context)).toMatchObject({ exitCode: 2, ok: true });
  expect(host.asked).toEqual(['listeners.list', 'callers.list']);
  host.answers = { 'callers.list': { callers: [] } };
  expect(await callers('list', undefined, context)).toMatchObject({ exitCode: 0 });
  expect(printed).toEqual(['Nobody has called.']);
});

test('what cannot be had is said once, and as an error', async () => {
  const failure = { code: 'listening/failed', message: 'EADDRINUSE' };
  const { code: reason, message } = failure;
  host.answers = {
    'listeners.set': { listener: { kind: 'tcp', state: 'waiting', wanted: ':650', sessions: 0, reason, message } },
    'air.look': { air: { reason: 'air/no-service', adapters: [], phones: [], searching: false } },
  };
  expect(await listen('on', ['tcp', ':650'], {}, context)).toMatchObject({ exitCode: 1, ok: false, ...failure });
  expect(printed).toEqual(['tcp  not open  :650']);
  expect(errors).toEqual([{ type: 'error', ...failure }]);
  expect(await bluetooth('list', [], {}, context)).toMatchObject({ exitCode: 1, code: 'air/no-service', air: {} });
  expect(errors[1]).toMatchObject({ type: 'error', code: 'air/no-service' });
});
