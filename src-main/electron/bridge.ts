import type { IpcRenderer, WebUtils } from 'electron';
import type { WindowBridge } from '../contract/window-bridge.ts';
import { CHANNEL } from './channels.ts';

type Renderer = Pick<IpcRenderer, 'send' | 'invoke' | 'on' | 'off'>;

/** What the page gets: named functions that take and give plain values; no event, no `ipcRenderer` (item 20). */
export function makeBridge(ipc: Renderer, files: Pick<WebUtils, 'getPathForFile'>): WindowBridge {
  return {
    send: (frame) => ipc.send(CHANNEL.frame, frame),
    onFrame: (listener) => listen(ipc, CHANNEL.hostFrame, (frame) => listener(String(frame))),
    onHostLost: (listener) => listen(ipc, CHANNEL.hostLost, () => listener()),
    onNavigate: (listener) => listen(ipc, CHANNEL.navigate, (place) => listener(String(place))),
    pathOf(file) {
      try {
        return files.getPathForFile(file as File);
      } catch {
        // It is no file.
        return '';
      }
    },
    openExternal: async (address) => (await ipc.invoke(CHANNEL.openExternal, address)) === true,
  };
}

function listen(ipc: Renderer, channel: string, take: (payload: unknown) => void): () => void {
  const listener = (_event: unknown, payload: unknown) => take(payload);
  ipc.on(channel, listener);
  return () => void ipc.off(channel, listener);
}
