import type { IpcMain, IpcMainEvent, IpcMainInvokeEvent, WebContents } from 'electron';
import type * as z from 'zod/mini';
import { PcAgentError } from '../base/errors.ts';
import { APP_ORIGIN } from './origin.ts';

/** The one way in from a page: everything is checked here (security guide, item 17). */
export interface Ipc {
  /** Answers a call; what is not ours or does not fit is refused. */
  handle<S extends z.ZodMiniType>(
    channel: string,
    schema: S,
    run: (payload: z.infer<S>, sender: WebContents) => unknown,
  ): void;
  /** Takes a message; what is not ours or does not fit is dropped. */
  on<S extends z.ZodMiniType>(
    channel: string,
    schema: S,
    run: (payload: z.infer<S>, sender: WebContents) => void,
  ): void;
}

/** @param isOurs the contents are those of one of our windows */
export function createIpc(ipcMain: Pick<IpcMain, 'handle' | 'on'>, isOurs: (contents: WebContents) => boolean): Ipc {
  const accepts = (event: IpcMainEvent | IpcMainInvokeEvent) => isOurs(event.sender) && isOurPage(event);
  return {
    handle(channel, schema, run) {
      ipcMain.handle(channel, (event, ...payload) => {
        const checked = accepts(event) && payload.length === 1 ? schema.safeParse(payload[0]) : undefined;
        // Neither why nor what: a page that is not ours learns nothing.
        if (checked?.success !== true) throw new PcAgentError('shell/refused', 'refused');
        return run(checked.data, event.sender);
      });
    },
    on(channel, schema, run) {
      ipcMain.on(channel, (event, ...payload) => {
        const checked = accepts(event) && payload.length === 1 ? schema.safeParse(payload[0]) : undefined;
        if (checked?.success === true) run(checked.data, event.sender);
      });
    },
  };
}

/** The main frame of our own page. A frame may have navigated or gone since it sent (`null`, detached). */
function isOurPage({ senderFrame, sender }: IpcMainEvent | IpcMainInvokeEvent): boolean {
  return (
    senderFrame !== null &&
    !senderFrame.detached &&
    senderFrame.parent === null &&
    senderFrame === sender.mainFrame &&
    senderFrame.origin === APP_ORIGIN &&
    senderFrame.url.startsWith(`${APP_ORIGIN}/`)
  );
}
