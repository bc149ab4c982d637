import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { HostFrame } from '../../src-main/contract/frames.ts';
import { type HostState, stateAfter } from '../../src-main/contract/host-state.ts';
import { SessionMessage, SessionPart } from '../../src-main/contract/sessions.ts';
import { CONTRACT_VERSION } from '../../src-main/contract/version.ts';
import { thoroughly } from '../support/thoroughly.ts';

const READY = 'PC Agent is ready: ';
const SECRETS = ['handset-secret', 'server-secret', 'agent-secret', 'bm9uY2U='];
const noPage = !existsSync('dist/renderer/index.html') && process.env.PC_AGENT_REQUIRE_PEERS !== '1';

describe.skipIf(noPage)('npm start', () => {
  let child: ChildProcess | undefined;
  const children: ChildProcess[] = [];
  afterEach(() => {
    for (const each of children.splice(0)) each.kill('SIGKILL');
  });

  /** Starts it as on a machine without a display; lines of standard output as they come. */
  function start(
    args: readonly string[] = [],
    more: NodeJS.ProcessEnv = {},
  ): {
    readonly lines: string[];
    /** Lines of standard error. */
    readonly said: string[];
    readonly ready: Promise<string>;
    readonly exit: Promise<unknown[]>;
  } {
    const { DISPLAY: _x, WAYLAND_DISPLAY: _wayland, ...env } = process.env;
    const started = spawn(process.execPath, ['src-main/launch/pc-agent.mjs', 'start', ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...env, ...more },
    });
    child = started;
    children.push(started);
    const said: string[] = [];
    createInterface({ input: started.stderr }).on('line', (line) => said.push(line));
    const lines: string[] = [];
    const reader = createInterface({ input: started.stdout });
    const ready = new Promise<string>((resolve) => {
      reader.on('line', (line) => {
        lines.push(line);
        if (line.startsWith(READY)) resolve(line.slice(READY.length));
      });
    });
    return { lines, said, ready, exit: once(started, 'close') };
  }

  async function signIn(address: string): Promise<{ readonly origin: string; readonly cookie: string }> {
    const { origin, hash } = new URL(address);
    const body = JSON.stringify({ token: hash.slice('#token='.length) });
    const headers = { origin, 'content-type': 'application/json' };
    const answer = await fetch(`${origin}/session`, { method: 'POST', headers, body });
    return { origin, cookie: answer.headers.getSetCookie()[0]?.split(';')[0] ?? '' };
  }

  /** The page's side of the contract. */
  async function page(origin: string, cookie: string) {
    const socket = new WebSocket(`${origin.replace('http', 'ws')}/contract`, { headers: { origin, cookie } });
    const frames: HostFrame[] = [];
    let wake: () => void = () => undefined;
    socket.on('message', (data) => {
      const frame = HostFrame.safeParse(JSON.parse(String(data)));
      if (frame.success) frames.push(frame.data);
      wake();
    });
    await once(socket, 'open');
    const say = (frame: object) => socket.send(JSON.stringify(frame));
    say({ kind: 'hello', contract: CONTRACT_VERSION, version: 'test', face: 'test' });
    let id = 0;
    return {
      frames,
      say,
      /** Waits until the frames so far give something. */
      async until<T>(look: () => T | undefined): Promise<T> {
        for (;;) {
          const found = look();
          if (found !== undefined) return found;
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        }
      },
      async request(name: string, params: object): Promise<{ readonly parts: unknown[]; readonly result: unknown }> {
        id += 1;
        const own = id;
        say({ kind: 'request', id: own, name, params });
        const answer = await this.until(() =>
          frames.find((frame) => (frame.kind === 'response' || frame.kind === 'error') && frame.id === own),
        );
        if (answer.kind !== 'response') throw new Error(JSON.stringify(answer));
        const parts = frames.flatMap((frame) => (frame.kind === 'part' && frame.id === own ? [frame.part] : []));
        return { parts, result: answer.result };
      },
      close: () => socket.close(),
    };
  }

  function stateOf(frames: readonly HostFrame[]): HostState | undefined {
    return frames.reduce<HostState | undefined>((state, frame) => {
      if (frame.kind === 'snapshot') return frame.state;
      return state !== undefined && frame.kind === 'change' ? stateAfter(state, frame.change) : state;
    }, undefined);
  }

  it('shows the run on the page, keeps it after the run, hides every secret, and ends on Ctrl-C', async () => {
    const { lines, ready, exit } = start();
    const { origin, cookie } = await signIn(await ready);
    const face = await page(origin, cookie);
    face.say({ kind: 'follow', events: false });
    const state = await face.until(() => {
      const now = stateOf(face.frames);
      return now?.demo?.result === undefined ? undefined : now;
    });
    expect(state.demo).toMatchObject({
      state: 'done',
      acts: ['relay', 'cache', 'bootstrap', 'offline'].map((act) => ({ act, state: 'done' })),
      sessions: ['demo-1', 'demo-2'],
      result: { ok: true, transparent: true },
    });
    expect(face.frames.some(({ kind }) => kind === 'event')).toBe(false);
    const [relayed, own] = state.sessions;
    const compared = (relayed?.toDms.messages ?? 0) + (relayed?.toHandset.messages ?? 0) - 1;
    expect(relayed).toMatchObject({
      ...{ key: 'demo-1', kind: 'relay', state: 'done', phase: 'over', unplug: 'safe', virtual: true },
      // Package 0 never passes the DMS's /dm.
      evidence: { by: 'ends', compared, equal: true },
    });
    expect(own).toMatchObject({ key: 'demo-2', kind: 'management-server', state: 'done', virtual: true });
    for (const { key, toDms, toHandset } of state.sessions) {
      const { parts } = await face.request('sessions.watch', { session: key });
      const messages = parts.flatMap((part) => SessionPart.parse(part).messages);
      expect(messages).toHaveLength(toDms.messages + toHandset.messages);
      for (const { number, package: dmPackage } of messages) {
        const { result } = await face.request('sessions.message', { session: key, number });
        const { body, detail } = SessionMessage.parse(result);
        expect([body, detail.summary.readable, detail.summary.package]).toEqual(['kept', true, dmPackage]);
        const text = JSON.stringify(result);
        for (const secret of SECRETS) expect(text).not.toContain(secret);
      }
    }
    face.close();
    child?.kill('SIGINT');
    expect(await exit).toEqual([0, null]);
    expect(lines.filter((line) => line.includes('PC Agent is ready'))).toHaveLength(1);
  });

  thoroughly('works on a folder of its own, which it removes, where another host holds the data folder', async () => {
    const temporary = mkdtempSync(join(tmpdir(), 'pc-agent-test-'));
    try {
      const env = { PC_AGENT_HOME: join(temporary, 'home'), TMPDIR: temporary };
      const first = start(['--run'], env);
      await first.ready;
      const second = start(['--run'], env);
      expect(await second.exit).toEqual([0, null]);
      expect(await first.exit).toEqual([0, null]);
      expect(second.said.filter((line) => line.includes('temporary folder'))).toHaveLength(1);
      expect(readdirSync(temporary)).toEqual(['home']);
    } finally {
      rmSync(temporary, { recursive: true });
    }
  });

  it('with --run prints the run and what it has shown, and ends with its exit code', async () => {
    const { lines, exit } = start(['--run']);
    expect(await exit).toEqual([0, null]);
    expect(lines[0]).toMatch(/^PC Agent is ready: http:\/\/127\.0\.0\.1:\d+\/#token=[\w-]{43}$/);
    expect(lines.filter((line) => /session [0-9A-F]+/.test(line)).length).toBeGreaterThan(10);
    const shown = /^IMEI:\d{15}\. Relayed unchanged: \d+ messages .* The DM server has the report of it, once\.$/;
    expect(lines.at(-2)).toMatch(shown);
  });
});
