import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { FromHostProcess, type ToHostProcess } from '../../../src-main/contract/shell-messages.ts';
import { CONTRACT_VERSION } from '../../../src-main/contract/version.ts';
import { type FaceDoor, type FaceExit, servePort } from '../../../src-main/host/port-host.ts';
import { thoroughly } from '../../support/thoroughly.ts';

const LIMIT = 30_000;

/** The host's process, as the shell sees it. */
class HostChild {
  readonly #child: ChildProcess;
  readonly #heard: FromHostProcess[] = [];
  #wake = Promise.withResolvers<void>();
  readonly ended: Promise<unknown[]>;

  constructor(home: string) {
    const entry = join(home, 'entry.mjs');
    const main = resolve('src-main/host/port-host-main.ts');
    writeFileSync(entry, `import { main } from ${JSON.stringify(main)};\nawait main(process.parentPort);\n`);
    this.#child = fork(entry, [], {
      execArgv: ['--import', resolve('test/support/parent-port.mjs')],
      env: { ...process.env, PC_AGENT_HOME: join(home, 'data') },
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    this.ended = once(this.#child, 'exit');
    onTestFinished(() => void this.#child.kill('SIGKILL'));
    this.#child.on('message', (message) => {
      this.#heard.push(FromHostProcess.parse(message));
      this.#wake.resolve();
      this.#wake = Promise.withResolvers();
    });
  }

  say(message: ToHostProcess): void {
    this.#child.send(message);
  }

  frame(face: number, frame: object): void {
    this.say({ kind: 'frame', face, text: JSON.stringify(frame) });
  }

  hello(face: number): void {
    this.frame(face, { kind: 'hello', contract: CONTRACT_VERSION, version: '0.1.0', face: 'test' });
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }

  /** The first message of this kind, those that came before it are dropped. */
  async next<K extends FromHostProcess['kind']>(kind: K): Promise<Extract<FromHostProcess, { kind: K }>> {
    const limit = AbortSignal.timeout(LIMIT);
    const late = new Promise<never>((_resolve, reject) => {
      limit.addEventListener('abort', () => reject(new Error(`no ${kind} came`)));
    });
    for (;;) {
      const at = this.#heard.findIndex((message) => message.kind === kind);
      if (at >= 0) return this.#heard.splice(0, at + 1).at(-1) as Extract<FromHostProcess, { kind: K }>;
      await Promise.race([this.#wake.promise, late]);
    }
  }

  async nextFrame(): Promise<{ face: number; frame: Record<string, unknown> }> {
    const { face, text } = await this.next('frame');
    return { face, frame: JSON.parse(text) as Record<string, unknown> };
  }
}

function home(): string {
  const folder = mkdtempSync(join(tmpdir(), 'pc-agent-port-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  return folder;
}

describe('the host below the window', () => {
  it('serves several faces on one port and ends when it is asked to', async () => {
    const host = new HostChild(home());
    expect(await host.next('ready')).toEqual({ kind: 'ready', own: true });
    for (const face of [1, 2]) {
      host.hello(face);
      expect(await host.nextFrame()).toMatchObject({ face, frame: { kind: 'welcome' } });
    }
    host.frame(2, { kind: 'request', id: 1, name: 'host.offline', params: { offline: true } });
    expect(await host.nextFrame()).toMatchObject({ face: 2, frame: { kind: 'response', result: { offline: true } } });
    host.frame(1, { kind: 'follow', events: false });
    expect(await host.nextFrame()).toMatchObject({ face: 1, frame: { kind: 'snapshot', state: { offline: true } } });
    host.say({ kind: 'end' });
    expect(await host.ended).toEqual([0, null]);
  });

  it('tells that it has dropped a face that speaks no contract; others go on', async () => {
    const host = new HostChild(home());
    await host.next('ready');
    host.hello(1);
    await host.nextFrame();
    host.say({ kind: 'frame', face: 2, text: 'GET / HTTP/1.1' });
    expect(await host.next('dropped')).toEqual({ kind: 'dropped', face: 2 });
    host.frame(1, { kind: 'request', id: 1, name: 'host.status', params: {} });
    expect(await host.nextFrame()).toMatchObject({ face: 1, frame: { kind: 'response' } });
  });

  thoroughly('joins a host that holds the data folder, ends with it, and its next run is the host itself', async () => {
    const folder = home();
    const first = new HostChild(folder);
    await first.next('ready');
    const joined = new HostChild(folder);
    expect(await joined.next('ready')).toEqual({ kind: 'ready', own: false });
    joined.hello(1);
    expect(await joined.nextFrame()).toMatchObject({ face: 1, frame: { kind: 'welcome' } });
    first.kill();
    expect(await joined.next('dropped')).toEqual({ kind: 'dropped', face: 1 });
    expect(await joined.ended).toEqual([0, null]);
    const next = new HostChild(folder);
    expect(await next.next('ready')).toEqual({ kind: 'ready', own: true });
  });

  it('says why it cannot open the data folder, and ends', async () => {
    const folder = home();
    writeFileSync(join(folder, 'data'), 'a file where the folder should be');
    const host = new HostChild(folder);
    expect(await host.next('failed')).toMatchObject({ code: 'store/read-only' });
    expect(await host.ended).toEqual([1, null]);
  });
});

describe('the port', () => {
  function rig() {
    let deliver: (message: { data: unknown }) => void = () => undefined;
    const told: FromHostProcess[] = [];
    const exits: FaceExit[] = [];
    const got: string[] = [];
    const lost = Promise.withResolvers<void>();
    const door: FaceDoor = {
      own: true,
      lost: lost.promise,
      close: async () => undefined,
      open(exit) {
        const number = exits.push(exit);
        return { receive: (text) => void got.push(`${number} ${text}`), closed: () => void got.push(`${number} gone`) };
      },
    };
    const port = {
      on: (_event: 'message', listener: typeof deliver) => {
        deliver = listener;
      },
      postMessage: (message: FromHostProcess) => void told.push(message),
    };
    const served = servePort(port, door);
    return { say: (data: unknown) => deliver({ data }), told, exits, got, served, lost };
  }

  it('says nothing to a face that has gone', () => {
    const { say, told, exits, got } = rig();
    say({ kind: 'frame', face: 1, text: 'a' });
    say({ kind: 'gone', face: 1 });
    exits[0]?.send('late');
    exits[0]?.dropped();
    expect(got).toEqual(['1 a', '1 gone']);
    expect(told).toEqual([{ kind: 'ready', own: true }]);
  });

  it('takes what fits its schema and nothing else', () => {
    const { say, got } = rig();
    for (const data of [null, 'frame', { kind: 'frame', face: 0, text: 'x' }, { kind: 'frame', face: 1 }, []])
      say(data);
    expect(got).toEqual([]);
  });

  it('has so many faces and no more', () => {
    const { say, exits } = rig();
    for (let face = 1; face <= 100; face += 1) say({ kind: 'frame', face, text: 'x' });
    expect(exits).toHaveLength(64);
  });

  it('tells apart an end that was asked for and a host that was lost', async () => {
    const asked = rig();
    asked.say({ kind: 'end' });
    expect(await asked.served).toBe('end');
    const gone = rig();
    gone.say({ kind: 'frame', face: 1, text: 'x' });
    gone.lost.resolve();
    expect(await gone.served).toBe('lost');
    expect(gone.got).toContain('1 gone');
  });
});
