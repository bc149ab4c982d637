import { once } from 'node:events';
import { existsSync, linkSync, mkdirSync, mkdtempSync, renameSync, rmSync, statSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Clock } from '../../../src-main/base/clock.ts';
import { PcAgentError } from '../../../src-main/base/errors.ts';
import { nodeClock } from '../../../src-main/base/node/clock.ts';
import { trimmedThings } from '../../../src-main/bearer/child/attached-things.ts';
import { bearerErrorOf, errorFrom } from '../../../src-main/bearer/child/bearer-error.ts';
import { childBearers } from '../../../src-main/bearer/child/child-bearers.ts';
import {
  type Invitation,
  MeetingPlace,
  removePlace,
  removeStalePlaces,
} from '../../../src-main/bearer/child/meeting-place.ts';
import { FromChild, MAX_CONTROL_LINE } from '../../../src-main/bearer/child/protocol.ts';
import { nodeBearerChild } from '../../../src-main/bearer/child/start-child.ts';

const never = new AbortController().signal;

/** A child in this process that does what a test says. */
class FakeChild {
  readonly invitation: Invitation;
  readonly gone = Promise.withResolvers<string>();
  killed = false;

  constructor(invitation: Invitation) {
    this.invitation = invitation;
  }

  async connect(...lines: readonly (object | string)[]): Promise<Socket> {
    const socket = connect(this.invitation.socket);
    socket.on('error', () => undefined);
    onTestFinished(() => void socket.destroy());
    await once(socket, 'connect');
    this.say(socket, ...lines);
    return socket;
  }

  say(socket: Socket, ...lines: readonly (object | string)[]): void {
    for (const line of lines) socket.write(typeof line === 'string' ? line : `${JSON.stringify(line)}\n`);
  }

  report(): Promise<Socket> {
    return this.connect({ kind: 'control', token: this.invitation.token });
  }
}

/** @param play what each child does after its start */
function rig(play: (child: FakeChild) => Promise<unknown>) {
  const children: FakeChild[] = [];
  const pauses: number[] = [];
  const clock: Clock = {
    ...nodeClock,
    monotonic: () => 0,
    sleep: async (duration) => void pauses.push(duration),
  };
  const bearers = childBearers({
    clock,
    start: (invitation) => {
      const child = new FakeChild(invitation);
      children.push(child);
      void play(child);
      return {
        gone: child.gone.promise,
        kill: () => {
          child.killed = true;
          child.gone.resolve('killed');
        },
      };
    },
  });
  onTestFinished(() => bearers.close());
  // Before that: who closes waits for the end of its child.
  onTestFinished(() => {
    for (const { gone } of children) gone.resolve('ended');
  });
  const serial = bearers.for('serial');
  const dial = () => serial.dial(serial.parse('serial:/dev/x'), { signal: never });
  const invitations = () => children.map(({ invitation }) => invitation);
  return { bearers, children, pauses, dial, invitations };
}

const REPORTS = { code: 'bearer/child-lost' };

describe('the host against a child that does not keep to the protocol', () => {
  it.each([
    ['no JSON', 'nonsense\n'],
    ['an unknown message', { kind: 'dance' }],
    ['a number that is none', { kind: 'failed', id: -1 }],
    ['a line without an end', 'x'.repeat(MAX_CONTROL_LINE + 1)],
    ['too many things', { kind: 'things', id: 1, things: new Array(300).fill({ id: 'a', place: 'b', functions: [] }) }],
  ])('lets go of it after %s', async (_name, line) => {
    const { children, dial } = rig(async (child) => child.say(await child.report(), line));
    await expect(dial()).rejects.toMatchObject(REPORTS);
    expect(children[0]?.killed).toBe(true);
  });

  it('starts it again after longer and longer pauses', async () => {
    const { children, pauses, dial } = rig(async (child) => child.gone.resolve('exit code 1'));
    for (let round = 0; round < 9; round += 1) await expect(dial()).rejects.toMatchObject(REPORTS);
    expect(children).toHaveLength(9);
    expect(pauses).toEqual([200, 400, 800, 1600, 3200, 6400, 10_000]);
  });

  it('takes nobody for it who does not know the token, and no stream that nobody asked for', async () => {
    let ended = 0;
    const { dial } = rig(async (child) => {
      const stranger = await child.connect({ kind: 'control', token: 'guessed' });
      const silent = await child.connect('y'.repeat(2000));
      const control = await child.report();
      const token = child.invitation.token;
      const foreign = await child.connect({ kind: 'stream', token, stream: 9, noisy: false });
      const gone = [stranger, silent, foreign].map((socket) => (socket.closed ? [] : once(socket.resume(), 'close')));
      ended = (await Promise.all(gone)).length;
      child.say(
        control,
        { kind: 'lost', stream: 4, error: { code: 'bearer/lost', message: '', retry: 'never', details: {} } },
        { kind: 'done', id: 77 },
        { kind: 'failed', id: 1, error: { code: 'bearer/busy', message: 'taken', retry: 'later', details: { a: 1 } } },
      );
    });
    await expect(dial()).rejects.toMatchObject({ code: 'bearer/busy', message: 'taken', details: { a: 1 } });
    expect(ended).toBe(3);
  });

  it('believes how a stream ended before its connection was there', async () => {
    const error = { code: 'bearer/no-obex', message: 'AT only', retry: 'after-operator', details: {} };
    const { dial } = rig(async (child) => {
      const control = await child.report();
      await once(control, 'data');
      child.say(control, { kind: 'lost', stream: 1, error }, { kind: 'closed', stream: 1 });
      await new Promise(setImmediate);
      const { token } = child.invitation;
      (await child.connect({ kind: 'stream', token, stream: 1, noisy: true }, 'last words')).end();
    });
    const stream = await dial();
    expect(stream.noisy).toBe(true);
    expect(await stream.read(never)).toEqual(new TextEncoder().encode('last words'));
    await expect(stream.read(never)).rejects.toMatchObject({ code: 'bearer/no-obex', retry: 'after-operator' });
    await stream.close();
  });

  it('asks nothing of it that it would take for a break of the protocol', async () => {
    const { bearers, children } = rig(async (child) => child.report());
    const serial = bearers.for('serial');
    const long = serial.parse(`serial:/${'x'.repeat(4000)}`);
    const ways = [
      serial.dial(long, { signal: never }),
      serial.listen(long, { signal: never, onStream: () => undefined }),
    ];
    for (const way of ways) await expect(way).rejects.toMatchObject({ code: 'bearer/address-invalid' });
    expect(children).toHaveLength(0);
  });

  it('takes a second control connection, and one of a child that has gone, for nobody’s', async () => {
    const late = Promise.withResolvers<void>();
    const { children, dial, invitations } = rig(async (child) => {
      if (children.length === 1) return child.gone.resolve('killed');
      const control = await child.report();
      const again = await child.report();
      await once(again.resume(), 'close');
      const [first] = children;
      if (first !== undefined) await expect(first.report()).rejects.toMatchObject({ code: expect.any(String) });
      late.resolve();
      const error = { code: 'bearer/busy', message: 'taken', retry: 'later', details: {} };
      child.say(control, { kind: 'failed', id: 3, error });
    });
    await expect(dial()).rejects.toMatchObject(REPORTS);
    await expect(dial()).rejects.toMatchObject({ code: 'bearer/busy' });
    await late.promise;
    expect(new Set(invitations().flatMap(({ socket, token }) => [socket, token])).size).toBe(4);
  });

  it('finds its way although the child that went took their meeting place away', async () => {
    const { children, dial } = rig(async (child) => {
      const control = await child.report();
      await once(control, 'data');
      removePlace(child.invitation.socket);
      if (children.length === 1) return control.destroy();
      const error = { code: 'bearer/busy', message: 'taken', retry: 'later', details: {} };
      return child.say(control, { kind: 'failed', id: 3, error });
    });
    await expect(dial()).rejects.toMatchObject(REPORTS);
    await expect(dial()).rejects.toMatchObject({ code: 'bearer/busy' });
  });

  it('forgets what is told of streams that never arrive, and still believes what is told of one that does', async () => {
    const error = { code: 'bearer/no-obex', message: 'AT only', retry: 'after-operator', details: {} };
    const { dial } = rig(async (child) => {
      const control = await child.report();
      await once(control, 'data');
      for (let stream = 3; stream < 2000; stream += 1) child.say(control, { kind: 'ended', stream });
      child.say(control, { kind: 'lost', stream: 1, error });
      await new Promise(setImmediate);
      const { token } = child.invitation;
      (await child.connect({ kind: 'stream', token, stream: 1, noisy: false })).end();
    });
    const stream = await dial();
    await expect(stream.read(never)).rejects.toMatchObject({ code: 'bearer/no-obex' });
    await stream.close();
  });

  it('ends a stream that comes after its request was broken off, so that the port is let go of', async () => {
    const ended = Promise.withResolvers<void>();
    const breakOff = new AbortController();
    const { bearers } = rig(async (child) => {
      const control = await child.report();
      await once(control, 'data');
      breakOff.abort();
      await once(control, 'data');
      const error = { code: 'AbortError', message: '', retry: 'never', details: {} };
      child.say(control, { kind: 'failed', id: 1, error });
      const { token } = child.invitation;
      const stream = await child.connect({ kind: 'stream', token, stream: 1, noisy: false });
      await once(stream.resume(), 'end');
      ended.resolve();
    });
    const serial = bearers.for('serial');
    const dialling = serial.dial(serial.parse('serial:/dev/x'), { signal: breakOff.signal });
    await expect(dialling).rejects.toMatchObject({ name: 'AbortError' });
    await ended.promise;
  });

  it.each([0, 1, 2, 5, 10])('loses a stream that comes while its child goes, %i turns later', async (turns) => {
    const { dial } = rig(async (child) => {
      const control = await child.report();
      await once(control, 'data');
      const { token } = child.invitation;
      await child.connect({ kind: 'stream', token, stream: 1, noisy: false }, 'x');
      for (let turn = 0; turn < turns; turn += 1) await new Promise(setImmediate);
      child.gone.resolve('SIGSEGV');
    });
    const stream = await dial().catch((error: unknown) => error as PcAgentError);
    if (stream instanceof PcAgentError) return expect(stream).toMatchObject(REPORTS);
    const reading = (async () => {
      while ((await stream.read(never)) !== undefined);
    })();
    const closing = setTimeout(() => void stream.close(), 1000);
    await expect(reading).rejects.toMatchObject({ code: 'bearer/lost', details: { how: 'SIGSEGV' } });
    clearTimeout(closing);
    await stream.close();
  });

  it('breaks a request off at once, whether the child has reported or not', async () => {
    const { bearers } = rig(async () => undefined);
    const serial = bearers.for('serial');
    const breakOff = new AbortController();
    const dialling = serial.dial(serial.parse('serial:/dev/x'), { signal: breakOff.signal });
    await new Promise(setImmediate);
    breakOff.abort();
    await expect(dialling).rejects.toMatchObject({ name: 'AbortError' });
  });
});

describe('the child against a host that does not keep to the protocol', () => {
  it.each([
    ['an unknown message', '{"kind":"dance"}\n'],
    ['a line without an end', 'x'.repeat(MAX_CONTROL_LINE + 1)],
  ])('ends after %s, and takes the meeting place away', async (_name, line) => {
    const arrived = Promise.withResolvers<Socket>();
    const place = await MeetingPlace.open((_hello, socket) => arrived.resolve(socket));
    onTestFinished(() => place.close());
    if (process.platform !== 'win32') {
      expect(statSync(dirname(place.invitation.socket)).mode & 0o777).toBe(0o700);
      expect(statSync(place.invitation.socket).mode & 0o777).toBe(0o600);
    }
    const child = nodeBearerChild(new URL('../../../src-main/bearer/child/child-entry.ts', import.meta.url))(
      place.invitation,
    );
    onTestFinished(() => child.kill());
    (await arrived.promise).on('error', () => undefined).write(line);
    expect(await child.gone).toBe('exit code 70');
    expect(existsSync(place.invitation.socket)).toBe(false);
  });
});

describe('what crosses', () => {
  it('is cut to what the protocol carries, so that one device cannot hide the others', () => {
    const functions = new Array(1000).fill({ kind: 'usb', address: 'u'.repeat(9000), holder: { name: 'n', pid: 1 } });
    const things = trimmedThings(new Array(300).fill({ id: 'i', place: 'p', product: 'x'.repeat(9000), functions }));
    expect(FromChild.safeParse({ kind: 'things', id: 1, things }).success).toBe(true);
    expect(things).toHaveLength(256);
  });

  it('is one line however much devices say, and what is found by its name keeps it whole', () => {
    const os = '\u0001'.repeat(9000);
    const ways = Array.from({ length: 64 }, (_, index) => ({
      kind: 'usb' as const,
      address: `usb:0421:0123@1-${index}`,
      os,
    }));
    const address = `usb:${'x'.repeat(601)}`;
    const functions = [{ kind: 'usb' as const, address }, ...ways];
    const thing = { id: 'usb:1-1', place: '1-1', product: os, functions, holder: { name: os, pid: 7 } };
    for (const count of [1, 32, 256]) {
      const things = trimmedThings(new Array(count).fill(thing));
      const line = JSON.stringify({ kind: 'things', id: Number.MAX_SAFE_INTEGER, things });
      expect(line.length).toBeLessThan(MAX_CONTROL_LINE);
      expect(FromChild.safeParse(JSON.parse(line)).success).toBe(true);
      expect(things).toHaveLength(count);
      expect(things.at(-1)?.functions[0]?.address).toBe('usb:0421:0123@1-0');
    }
  });

  it('is an error as it was thrown, without what has no text', () => {
    const abort = errorFrom(bearerErrorOf(new DOMException('no more', 'AbortError')));
    expect(abort).toMatchObject({ name: 'AbortError', message: 'no more' });
    const strange = errorFrom(bearerErrorOf('words'));
    expect(strange).toMatchObject({ code: 'bearer/unusable', message: 'words' });
  });
});

describe.skipIf(process.platform === 'win32')('the folder for temporary files', () => {
  it.each([
    ['has too long a name', `/tmp/${'long/'.repeat(20)}`],
    ['is not there', '/nowhere/at/all'],
  ])('%s: the common one is taken', async (_, folder) => {
    const { TMPDIR: usual } = process.env;
    process.env.TMPDIR = folder;
    onTestFinished(() => {
      if (usual === undefined) delete process.env.TMPDIR;
      else process.env.TMPDIR = usual;
    });
    const place = await MeetingPlace.open(() => undefined);
    expect(dirname(dirname(place.invitation.socket))).toBe('/tmp');
    expect(statSync(dirname(place.invitation.socket)).mode & 0o777).toBe(0o700);
    place.close();
    await removeStalePlaces();
    expect(existsSync(dirname(place.invitation.socket))).toBe(false);
  });
});

describe.skipIf(process.platform === 'win32')('what was left by processes that were killed', () => {
  it('is taken away when it is old and nobody answers there, and nothing else is', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'pc-agent-places-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const old = Date.now() + 3_600_000;
    const [dead, empty, alive, other] = ['bearers-dead', 'bearers-empty', 'bearers-alive', 'other'].map((name) =>
      join(folder, `pc-agent-${name}`),
    ) as [string, string, string, string];
    for (const path of [dead, empty, alive, other]) mkdirSync(path);
    for (const path of [dead, alive]) {
      const server = createServer().listen(join(path, 's'));
      await once(server, 'listening');
      // The name stays when a process is killed; closing a server would take it away.
      if (path === dead) linkSync(join(path, 's'), join(path, 'kept'));
      if (path === dead) await new Promise((resolve) => server.close(resolve));
      if (path === dead) renameSync(join(path, 'kept'), join(path, 's'));
      else onTestFinished(() => void server.close());
    }
    await removeStalePlaces(folder);
    expect(existsSync(dead)).toBe(true);
    await removeStalePlaces(folder, old);
    expect([dead, empty, alive, other].map((path) => existsSync(path))).toEqual([false, false, true, true]);
  });
});
