import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { type FeedEntry, FeedMessage } from '../../src-main/contract/live-feed-messages.ts';
import { MessageDetail } from '../../src-main/contract/message-summary.ts';

const READY = 'PC Agent is ready: ';
const SECRETS = ['handset-secret', 'server-secret', 'agent-secret', 'bm9uY2U='];
const noPage = !existsSync('dist/renderer/index.html') && process.env.PC_AGENT_REQUIRE_PEERS !== '1';

describe.skipIf(noPage)('npm start', { timeout: 60_000 }, () => {
  let child: ChildProcess | undefined;
  afterEach(() => child?.kill('SIGKILL'));

  /** Starts it as on a machine without a display; lines of standard output as they come. */
  function start(...args: string[]): {
    readonly lines: string[];
    readonly ready: Promise<string>;
    readonly exit: Promise<unknown[]>;
  } {
    const { DISPLAY: _x, WAYLAND_DISPLAY: _wayland, ...env } = process.env;
    const started = spawn(process.execPath, ['src-main/launch/pc-agent.mjs', 'start', ...args], {
      stdio: ['ignore', 'pipe', 'ignore'],
      env,
    });
    child = started;
    const lines: string[] = [];
    const reader = createInterface({ input: started.stdout });
    const ready = new Promise<string>((resolve) => {
      reader.on('line', (line) => {
        lines.push(line);
        if (line.startsWith(READY)) resolve(line.slice(READY.length));
      });
    });
    return { lines, ready, exit: once(started, 'close') };
  }

  async function signIn(address: string): Promise<{ readonly origin: string; readonly cookie: string }> {
    const { origin, hash } = new URL(address);
    const body = JSON.stringify({ token: hash.slice('#token='.length) });
    const headers = { origin, 'content-type': 'application/json' };
    const answer = await fetch(`${origin}/session`, { method: 'POST', headers, body });
    return { origin, cookie: answer.headers.getSetCookie()[0]?.split(';')[0] ?? '' };
  }

  /** What the page is told until there is a result. */
  function listen(origin: string, cookie: string): Promise<readonly FeedEntry[]> {
    const entries: FeedEntry[] = [];
    return new Promise((resolve, reject) => {
      const socket = new WebSocket(`${origin.replace('http', 'ws')}/events`, { headers: { origin, cookie } });
      socket.on('error', reject);
      socket.on('message', (data) => {
        const message = FeedMessage.parse(JSON.parse(String(data)));
        if (message.kind === 'snapshot') entries.push(...message.entries);
        else for (const change of message.changes) if (change.kind === 'event') entries.push(change);
        if (entries.some(({ event }) => event.type === 'result')) {
          socket.close();
          resolve(entries);
        }
      });
    });
  }

  it('shows the run on the page, keeps it after the run, hides every secret, and ends on Ctrl-C', async () => {
    const { lines, ready, exit } = start();
    const { origin, cookie } = await signIn(await ready);
    const entries = await listen(origin, cookie);
    expect(entries.at(-1)?.event).toMatchObject({ type: 'result', ok: true, transparent: true });
    const messages = entries.filter(({ event }) => event.type === 'message');
    expect(messages.length).toBeGreaterThan(10);
    for (const { sequence, event } of messages) {
      const answer = await fetch(`${origin}/api/messages/${sequence}`, { headers: { cookie } });
      const text = await answer.text();
      const detail = MessageDetail.parse(JSON.parse(text));
      expect(detail.summary.readable).toBe(true);
      expect(detail.summary.package).toBe(event.type === 'message' ? event.package : undefined);
      for (const secret of SECRETS) expect(text).not.toContain(secret);
    }
    child?.kill('SIGINT');
    expect(await exit).toEqual([0, null]);
    expect(lines.filter((line) => line.includes('PC Agent is ready'))).toHaveLength(1);
  });

  it('with --run prints the run and ends with its exit code', async () => {
    const { lines, exit } = start('--run');
    expect(await exit).toEqual([0, null]);
    expect(lines[0]).toMatch(/^PC Agent is ready: http:\/\/127\.0\.0\.1:\d+\/#token=[\w-]{43}$/);
    expect(lines.filter((line) => /session [0-9A-F]+/.test(line)).length).toBeGreaterThan(10);
  });
});
