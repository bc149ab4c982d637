import { EventEmitter } from 'node:events';
import { describe, expect, expectTypeOf, it } from 'vitest';
import type { WindowBridge } from '../../../src-main/contract/window-bridge.ts';
import { makeBridge } from '../../../src-main/electron/bridge.ts';
import { CHANNEL } from '../../../src-main/electron/channels.ts';

function rig() {
  const ipc = Object.assign(new EventEmitter(), {
    sent: [] as unknown[][],
    send(...args: unknown[]) {
      ipc.sent.push(args);
    },
    invoke: async (_channel: string, address: string) => address === 'https://good.example/',
  });
  const files = {
    getPathForFile(file: unknown) {
      if (!(file instanceof File)) throw new TypeError('not a file');
      return `/home/${file.name}`;
    },
  };
  return { ipc, bridge: makeBridge(ipc as never, files) };
}

describe('what the preload gives the page', () => {
  it('is the contract’s bridge, no more and no less', () => {
    expectTypeOf<ReturnType<typeof makeBridge>>().toEqualTypeOf<WindowBridge>();
    const { bridge } = rig();
    expect(new Set(Object.keys(bridge))).toEqual(
      new Set(['onFrame', 'onHostLost', 'onNavigate', 'openExternal', 'pathOf', 'send']),
    );
    expect(Object.values(bridge).every((value) => typeof value === 'function')).toBe(true);
  });

  it('passes a frame on under its own name', () => {
    const { ipc, bridge } = rig();
    bridge.send('{}');
    expect(ipc.sent).toEqual([[CHANNEL.frame, '{}']]);
  });

  it('gives listeners plain values, never the event', () => {
    const { ipc, bridge } = rig();
    const heard: unknown[][] = [];
    bridge.onFrame((...given) => heard.push(given));
    bridge.onHostLost((...given: unknown[]) => heard.push(given));
    bridge.onNavigate((...given) => heard.push(given));
    const event = { sender: ipc };
    ipc.emit(CHANNEL.hostFrame, event, 'frame');
    ipc.emit(CHANNEL.hostLost, event);
    ipc.emit(CHANNEL.navigate, event, '#/packages');
    expect(heard).toEqual([['frame'], [], ['#/packages']]);
  });

  it('ends one listener and leaves the others', () => {
    const { ipc, bridge } = rig();
    const heard: string[] = [];
    const end = bridge.onFrame((text) => heard.push(`a ${text}`));
    bridge.onFrame((text) => heard.push(`b ${text}`));
    expect(end()).toBeUndefined();
    ipc.emit(CHANNEL.hostFrame, {}, '1');
    expect(heard).toEqual(['b 1']);
  });

  it('says where a dropped file lies, and nothing for what is no file', () => {
    const { bridge } = rig();
    expect(bridge.pathOf(new File([], 'a.pkg'))).toBe('/home/a.pkg');
    for (const value of [undefined, 'a.pkg', {}, null]) expect(bridge.pathOf(value)).toBe('');
  });

  it('says whether an address was opened', async () => {
    const { bridge } = rig();
    expect(await bridge.openExternal('https://good.example/')).toBe(true);
    expect(await bridge.openExternal('file:///etc/passwd')).toBe(false);
  });
});
