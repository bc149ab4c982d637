import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { nodeClock } from '../../../src-main/base/node/clock.ts';
import { childBearers } from '../../../src-main/bearer/child/child-bearers.ts';
import { type Invitation, MeetingPlace, takeInvitation } from '../../../src-main/bearer/child/meeting-place.ts';
import { nodeBearerChild } from '../../../src-main/bearer/child/start-child.ts';
import type { ToHostProcess } from '../../../src-main/contract/shell-messages.ts';
import type { HostPort } from '../../../src-main/host/port-host.ts';
import { shellBearers } from '../../../src-main/host/shell-bearers.ts';
import { buildEntries } from '../../../src-main/launch/build-shell.mjs';
import { readConfiguration } from '../../tools/pack-rules.ts';
import { type FakeElectron, openShell } from './stand-in.ts';

const never = new AbortController().signal;
const ENV = {
  LANG: 'de_DE.UTF-8',
  PATH: '/usr/bin',
  XDG_RUNTIME_DIR: '/run/user/1000',
  GITHUB_TOKEN: 's1',
  AWS_SECRET_ACCESS_KEY: 's2',
  MYSQL_PASSWORD: 's3',
  https_proxy: 'http://me:s4@proxy.invalid',
  SSH_AUTH_SOCK: '/s5',
};

/** The host's side of the port to the shell. */
function portOf({ host }: FakeElectron): HostPort {
  const listeners: ((message: { readonly data: unknown }) => void)[] = [];
  host.postMessage = (data: ToHostProcess) => {
    for (const listener of listeners) listener({ data });
  };
  return {
    on: (_event, listener) => listeners.push(listener),
    postMessage: (message) => host.says(message),
  };
}

async function report({ socket, token }: Invitation): Promise<Socket> {
  const control = connect(socket);
  control.on('error', () => undefined);
  onTestFinished(() => void control.destroy());
  await once(control, 'connect');
  control.write(`${JSON.stringify({ kind: 'control', token })}\n`);
  return control;
}

async function rig() {
  const electron = await openShell(undefined, { env: ENV });
  const bearers = childBearers({
    start: shellBearers(portOf(electron)),
    clock: { ...nodeClock, sleep: async () => undefined },
  });
  onTestFinished(() => bearers.close());
  const serial = bearers.for('serial');
  const dial = () => serial.dial(serial.parse('serial:/dev/x'), { signal: never });
  const started = () => electron.forked.filter(({ file }) => file === '/p/bearer.js');
  const next = async (count: number) => {
    await expect.poll(() => started().length).toBe(count);
    const child = started()[count - 1];
    if (child === undefined) throw new Error('nothing was started');
    return { ...child, invitation: takeInvitation({ ...child.options.env }) };
  };
  return { bearers, dial, started, next };
}

describe('the process with the native modules, below the shell', () => {
  it('is started at first use, without arguments and without secrets', async () => {
    const { dial, started, next } = await rig();
    expect(started()).toEqual([]);
    const dialling = dial();
    dialling.catch(() => undefined);
    const { args, options, child, invitation } = await next(1);
    expect(args).toEqual([]);
    expect(new Set(Object.keys(options))).toEqual(new Set(['env', 'serviceName']));
    expect(options.env).toEqual({
      LANG: 'de_DE.UTF-8',
      PATH: '/usr/bin',
      XDG_RUNTIME_DIR: '/run/user/1000',
      PC_AGENT_BEARER_SOCKET: invitation.socket,
      PC_AGENT_BEARER_TOKEN: invitation.token,
    });
    child.emit('exit', 1);
    await expect(dialling).rejects.toMatchObject({ code: 'bearer/child-lost', details: { how: 'exit code 1' } });
  });

  it('is killed when it does not keep to the protocol, and started again when it is needed', async () => {
    const { dial, next } = await rig();
    const first = dial();
    const one = await next(1);
    (await report(one.invitation)).write('nonsense\n');
    await expect(first).rejects.toMatchObject({ code: 'bearer/child-lost' });
    expect(one.child.killed).toBe(true);
    one.child.emit('exit', 15);
    const second = dial();
    const two = await next(2);
    expect(two.invitation.token).not.toBe(one.invitation.token);
    const error = { code: 'bearer/busy', message: 'taken', retry: 'later', details: {} };
    (await report(two.invitation)).write(`${JSON.stringify({ kind: 'failed', id: 3, error })}\n`);
    await expect(second).rejects.toMatchObject({ code: 'bearer/busy' });
    expect(two.child.killed).toBe(false);
    two.child.emit('exit', 0);
  });

  it('is a bundle of its own, which is packed, begins by itself and alone asks for the native modules', async () => {
    expect(readConfiguration().files).toEqual(expect.arrayContaining(['dist/electron/**']));
    const folder = mkdtempSync(join(tmpdir(), 'pc-agent-bundle-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const { metafile } = await buildEntries(folder, ['bearer']);
    const asked = Object.values(metafile?.outputs ?? {}).flatMap(({ imports }) =>
      imports.filter(({ external }) => external).map(({ path }) => path),
    );
    expect(new Set(asked.filter((name) => !name.startsWith('node:')))).toEqual(
      new Set(['node-bluetooth-serial-port', 'serialport', 'usb']),
    );
    const come = Promise.withResolvers<string>();
    const place = await MeetingPlace.open(({ kind }, socket) => {
      come.resolve(kind);
      socket.destroy();
    });
    onTestFinished(() => place.close());
    // An entry has run when it was imported, and has no `main`.
    const bundle = pathToFileURL(resolve(folder, 'bearer.js'));
    const wrapper = `data:text/javascript,${encodeURIComponent(`export const main = () => import(${JSON.stringify(bundle.href)});`)}`;
    const child = nodeBearerChild(new URL(wrapper))(place.invitation);
    onTestFinished(() => child.kill());
    expect(await come.promise).toBe('control');
    expect(await child.gone).toBe('exit code 0');
  });
});
