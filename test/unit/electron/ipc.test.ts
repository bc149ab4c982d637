import { describe, expect, it } from 'vitest';
import { MAX_FACE_FRAME } from '../../../src-main/contract/frames.ts';
import { CONTRACT_VERSION } from '../../../src-main/contract/version.ts';
import { CHANNEL } from '../../../src-main/electron/channels.ts';
import { FakeContents, type FakeFrame, openShell } from './stand-in.ts';

const HELLO = JSON.stringify({ kind: 'hello', contract: CONTRACT_VERSION, version: '0.1.0', face: 'window' });

async function readyShell() {
  const electron = await openShell();
  electron.host.says({ kind: 'ready', own: true });
  electron.host.got.length = 0;
  return electron;
}

describe('the way in from the page', () => {
  it('takes a frame of our own main frame to the host', async () => {
    const electron = await readyShell();
    electron.pageSays(CHANNEL.frame, HELLO);
    expect(electron.host.got).toEqual([{ kind: 'frame', face: expect.any(Number), text: HELLO }]);
  });

  it.each<[string, (frame: FakeFrame) => FakeFrame | null]>([
    ['a frame that has gone', () => null],
    ['a detached frame', (frame) => Object.assign(frame, { detached: true })],
    ['a frame within the page', (frame) => ({ ...frame, parent: frame })],
    ['a copy that is not the main frame', (frame) => ({ ...frame })],
    ['another origin', (frame) => Object.assign(frame, { origin: 'https://example.com' })],
    ['an opaque origin', (frame) => Object.assign(frame, { origin: 'null' })],
    ['another address', (frame) => Object.assign(frame, { url: 'app://pc-agent.example/' })],
  ])('takes nothing from %s', async (_name, change) => {
    const electron = await readyShell();
    const frame = change(electron.window.webContents.mainFrame);
    electron.pageSays(CHANNEL.frame, HELLO, frame);
    expect(electron.host.got).toEqual([]);
    const call = async () =>
      electron.handled.get(CHANNEL.openExternal)?.(
        { sender: electron.window.webContents, senderFrame: frame },
        'https://www.rfc-editor.org/',
      );
    await expect(call()).rejects.toMatchObject({ code: 'shell/refused', message: 'refused' });
    expect(electron.opened).toEqual([]);
  });

  it('takes nothing from contents that are not our window', async () => {
    const electron = await readyShell();
    const stranger = new FakeContents();
    electron.listened.get(CHANNEL.frame)?.({ sender: stranger, senderFrame: stranger.mainFrame }, HELLO);
    expect(electron.host.got).toEqual([]);
  });

  it.each<[string, unknown]>([
    ['no text', undefined],
    ['a number', 7],
    ['an object', { kind: 'hello' }],
    ['a list', [HELLO]],
    ['a buffer', Buffer.from(HELLO)],
    ['more than a frame may have', 'x'.repeat(MAX_FACE_FRAME + 1)],
  ])('drops %s', async (_name, payload) => {
    const electron = await readyShell();
    electron.pageSays(CHANNEL.frame, payload);
    expect(electron.host.got).toEqual([]);
  });

  it('drops a message with more than its one value', async () => {
    const electron = await readyShell();
    const { webContents } = electron.window;
    electron.listened.get(CHANNEL.frame)?.({ sender: webContents, senderFrame: webContents.mainFrame }, HELLO, 'more');
    expect(electron.host.got).toEqual([]);
  });

  it('counts the bytes of a frame, not its letters', async () => {
    const electron = await readyShell();
    electron.pageSays(CHANNEL.frame, 'é'.repeat(MAX_FACE_FRAME - 1));
    expect(electron.host.got).toEqual([]);
    expect(electron.window.webContents.sent).toEqual([[CHANNEL.hostLost]]);
  });
});
