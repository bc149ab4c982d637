import { milliseconds, seconds } from '../base/durations.ts';
import { type HttpListenOptions, listenHttp } from '../link/http-server-link.ts';
import { type Carry, carryAll, type RelayListener } from './arrival.ts';
import { MAX_MESSAGE } from './dialled-session.ts';
import { type RelaySetting, timeoutOf } from './relay-setting.ts';
import type { SessionDesk } from './session-desk.ts';
import { SessionKeys } from './session-key.ts';

export interface NetworkListenerOptions {
  /** `http://HOST:PORT/PATH` */
  readonly address: string;
  readonly desk: SessionDesk;
}

/** Waits for handsets that post here as to a DMS, and carries all of their sessions. @throws as `openNetworkListener` */
export function listenNetwork(setting: RelaySetting, options: NetworkListenerOptions): Promise<RelayListener> {
  return openNetworkListener({ ...options, ...setting, carry: carryAll(setting) });
}

type Guards = Pick<HttpListenOptions, 'mayCall' | 'others' | 'onConnectionEnd' | 'maxConnections' | 'maxBody'>;

export interface OpenNetworkListenerOptions
  extends NetworkListenerOptions,
    Guards,
    Pick<RelaySetting, 'idle' | 'timeout'> {
  readonly carry: Carry;
}

/** Waits for handsets with a network link, which post here as to a DMS. @throws PcAgentError `bearer/unavailable` */
export async function openNetworkListener(options: OpenNetworkListenerOptions): Promise<RelayListener> {
  const { address, desk, carry, mayCall, others, onConnectionEnd, maxConnections, maxBody } = options;
  const keys = new SessionKeys();
  // The relay's own limits are the ones that speak; the link's are a net below them.
  const limit = milliseconds(Math.max(options.idle, timeoutOf(options)) + seconds(5));
  const listener = await listenHttp({
    address,
    sessionOf: keys.keyOf,
    maxBody: maxBody ?? MAX_MESSAGE,
    idle: limit,
    answerWithin: milliseconds(2 * limit),
    ...(mayCall === undefined ? {} : { mayCall }),
    ...(others === undefined ? {} : { others }),
    ...(onConnectionEnd === undefined ? {} : { onConnectionEnd }),
    ...(maxConnections === undefined ? {} : { maxConnections }),
    onLink: (downlink, { remote }) => {
      const handset = `http://${remote}`;
      const admitted = desk.admit((number) =>
        carry({ downlink, handset, peer: handset, label: `unread-${number}`, takeGlance: keys.takeGlance }),
      );
      if (!admitted) void downlink.close('aborted');
    },
  });
  return { address: listener.address, shut: async () => listener.shut(), close: () => listener.close() };
}
