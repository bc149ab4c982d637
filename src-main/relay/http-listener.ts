import { milliseconds, seconds } from '../base/durations.ts';
import { listenHttp } from '../link/http-server-link.ts';
import { MAX_MESSAGE } from './dialled-session.ts';
import type { RelayListener } from './obex-listener.ts';
import { relaySession } from './relay-session.ts';
import { type RelaySetting, sessionOptions, timeoutOf } from './relay-setting.ts';
import type { SessionDesk } from './session-desk.ts';
import { SessionKeys } from './session-key.ts';

/** Waits for handsets with a network link, which post here as to a DMS. @throws PcAgentError `bearer/unavailable` */
export async function listenNetwork(
  setting: RelaySetting,
  options: { readonly address: string; readonly desk: SessionDesk },
): Promise<RelayListener> {
  const keys = new SessionKeys();
  const stop = new AbortController();
  // The relay's own limits are the ones that speak; the link's are a net below them.
  const limit = milliseconds(Math.max(setting.idle, timeoutOf(setting)) + seconds(5));
  const listener = await listenHttp({
    address: options.address,
    signal: stop.signal,
    sessionOf: keys.keyOf,
    maxBody: MAX_MESSAGE,
    idle: limit,
    answerWithin: milliseconds(2 * limit),
    onLink: (downlink, { remote }) => {
      const admitted = options.desk.admit((number) =>
        relaySession({
          ...sessionOptions(setting),
          downlink,
          handset: `http://${remote}`,
          label: `unread-${number}`,
          takeGlance: keys.takeGlance,
        }),
      );
      if (!admitted) void downlink.close('aborted');
    },
  });
  return { address: listener.address, close: () => listener.close() };
}
