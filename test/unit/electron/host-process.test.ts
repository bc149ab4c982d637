import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { HostProcess } from '../../../src-main/electron/host-process.ts';
import { FakeHost } from './stand-in.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function rig() {
  const hosts: FakeHost[] = [];
  const told: string[] = [];
  const bearers: { readonly env: object; readonly child: FakeHost }[] = [];
  const host = new HostProcess({
    fork: () => {
      const child = new FakeHost();
      hosts.push(child);
      return child as never;
    },
    forkBearers: (env) => {
      const child = new FakeHost();
      bearers.push({ env, child });
      return child as never;
    },
    onReady: (own) => told.push(`ready ${own}`),
    onFrame: (face, text) => told.push(`frame ${face} ${text}`),
    onDropped: (face) => told.push(`dropped ${face}`),
    onLost: () => told.push('lost'),
    onFailed: (code) => told.push(`failed ${code}`),
    onNote: (text) => told.push(`note ${text}`),
  });
  host.start();
  const current = () => hosts.at(-1) as FakeHost;
  return { host, hosts, told, current, bearers };
}

describe('the host’s process', () => {
  it('tells what it says, and takes nothing before it is ready', () => {
    const { host, told, current } = rig();
    host.send({ kind: 'gone', face: 1 });
    expect(current().got).toEqual([]);
    current().says({ kind: 'ready', own: true });
    current().says({ kind: 'frame', face: 3, text: 'x' });
    current().says({ kind: 'dropped', face: 3 });
    current().emit('message', { kind: 'nonsense' });
    host.send({ kind: 'gone', face: 1 });
    expect(told).toEqual(['ready true', 'frame 3 x', 'dropped 3']);
    expect(current().got).toEqual([{ kind: 'gone', face: 1 }]);
  });

  it('is started anew when it ends, after longer and longer pauses', () => {
    const { hosts, told, current } = rig();
    const pauses: number[] = [];
    for (let round = 0; round < 9; round += 1) {
      const before = Date.now();
      current().emit('exit', 1);
      vi.advanceTimersToNextTimer();
      pauses.push(Date.now() - before);
    }
    expect(pauses).toEqual([200, 400, 800, 1600, 3200, 6400, 10_000, 10_000, 10_000]);
    expect(hosts).toHaveLength(10);
    expect(told.every((word) => word === 'lost')).toBe(true);
  });

  it('starts quickly again after it had served for long', () => {
    const { hosts, current } = rig();
    for (let round = 0; round < 5; round += 1) {
      current().emit('exit', 1);
      vi.advanceTimersToNextTimer();
    }
    current().says({ kind: 'ready', own: true });
    vi.advanceTimersByTime(30_000);
    current().emit('exit', 1);
    vi.advanceTimersByTime(200);
    expect(hosts).toHaveLength(7);
  });

  it('hears nothing more of a process that has ended', () => {
    const { hosts, told } = rig();
    hosts[0]?.emit('exit', 1);
    vi.advanceTimersByTime(200);
    hosts[0]?.says({ kind: 'ready', own: true });
    hosts[0]?.emit('exit', 1);
    expect(told).toEqual(['lost']);
  });

  it('ends with the program, and is not started again', async () => {
    const { host, hosts, told, current } = rig();
    current().says({ kind: 'ready', own: true });
    const ended = host.end();
    expect(current().got).toEqual([{ kind: 'end' }]);
    current().emit('exit', 0);
    await ended;
    vi.advanceTimersByTime(60_000);
    expect(hosts).toHaveLength(1);
    expect(told).toEqual(['ready true']);
  });

  it('is killed when it does not end in time', async () => {
    const { host, current } = rig();
    const ended = host.end();
    vi.advanceTimersByTime(8_000);
    await ended;
    expect(current().killed).toBe(true);
  });

  it('has the process with the native modules started and killed, and hears of its end', () => {
    const { current, bearers } = rig();
    const env = { PC_AGENT_BEARER_SOCKET: '/s', PC_AGENT_BEARER_TOKEN: 't' };
    current().says({ kind: 'start-bearers', run: 1, env });
    current().emit('message', { kind: 'start-bearers', run: 2, env: { NODE_OPTIONS: '--inspect' } });
    expect(bearers.map((one) => one.env)).toEqual([env]);
    current().says({ kind: 'kill-bearers', run: 2 });
    expect(bearers[0]?.child.killed).toBe(false);
    current().says({ kind: 'kill-bearers', run: 1 });
    expect(bearers[0]?.child.killed).toBe(true);
    bearers[0]?.child.emit('exit', 15);
    expect(current().got).toEqual([{ kind: 'bearers-gone', run: 1, how: 'exit code 15' }]);
  });

  it('takes the process with the native modules along when it ends', () => {
    const { hosts, bearers } = rig();
    hosts[0]?.says({ kind: 'start-bearers', run: 1, env: {} });
    hosts[0]?.emit('exit', 1);
    expect(bearers[0]?.child.killed).toBe(true);
    bearers[0]?.child.emit('exit', 15);
    expect(hosts[0]?.got).toEqual([]);
  });

  it('is not started when the program ends in a pause', async () => {
    const { host, hosts, current } = rig();
    current().emit('exit', 1);
    await host.end();
    vi.advanceTimersByTime(60_000);
    expect(hosts).toHaveLength(1);
  });
});
