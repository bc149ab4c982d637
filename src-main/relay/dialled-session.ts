import type { ByteStream } from '../base/byte-stream.ts';
import { PcAgentError } from '../base/errors.ts';
import type { Bearer, BearerAddress } from '../bearer/bearer.ts';
import { openObexClientLink } from '../link/obex-client-link.ts';
import { SYNCML_DM_TARGET } from '../link/obex-envelope.ts';
import type { Reopen } from '../link/reopened-link.ts';
import { ContentType } from '../syncml/content-type.ts';
import type { RelayOutcome } from './relay-outcome.ts';
import { NOTIFICATION_IGNORED, relaySession } from './relay-session.ts';
import { type RelaySetting, sessionOptions, timeoutOf } from './relay-setting.ts';

export interface DialledSessionOptions {
  readonly bearer: Bearer;
  readonly address: BearerAddress;
  /** Package 0, and what to try next should the handset ignore it. */
  readonly notifications: readonly [Uint8Array, ...Uint8Array[]];
  /** Names the session until its SessionID is known. */
  readonly label: string;
  /** As a session has them. */
  readonly reopen?: Reopen;
  readonly device?: string | undefined;
  /** Told before each further notification. */
  readonly onNextTry?: (notification: Uint8Array) => void;
}

/**
 * One session that is started here: dials the handset, sends package 0, relays. An ignored notification is followed
 * by the next one over a new connection, since a handset takes the first PUT of a connection for package 0 only.
 * @throws PcAgentError of the bearer or of OBEX when the handset could not be reached; AbortError.
 */
export async function relayDialled(setting: RelaySetting, options: DialledSessionOptions): Promise<RelayOutcome> {
  const { address, notifications, label, onNextTry, reopen, device } = options;
  let outcome: RelayOutcome | undefined;
  for (const [index, notification] of notifications.entries()) {
    const triesFollow = index + 1 < notifications.length;
    if (index > 0) onNextTry?.(notification);
    const downlink = await openDownlink(setting, options).catch((error: unknown) => {
      // The handset was there a moment ago: that it ignored us is the news, not that it is gone now.
      if (outcome !== undefined && error instanceof PcAgentError) return undefined;
      throw error;
    });
    if (downlink === undefined) break;
    outcome = await relaySession({
      ...sessionOptions(setting),
      downlink,
      handset: address.text,
      label,
      notification,
      triesFollow,
      ...(reopen === undefined ? {} : { reopen }),
      ...(device === undefined ? {} : { device }),
    });
    if (outcome.code !== NOTIFICATION_IGNORED) break;
  }
  if (outcome === undefined) throw new TypeError('no notification was given');
  return outcome;
}

/** A link to the DM client of a handset. @throws PcAgentError of the bearer or of OBEX; AbortError */
export async function openDownlink(
  setting: Pick<RelaySetting, 'signal' | 'timeout'>,
  { bearer, address }: Pick<DialledSessionOptions, 'bearer' | 'address'>,
) {
  const { signal } = setting;
  const stream: ByteStream = await bearer.dial(address, { signal });
  return openObexClientLink(stream, {
    target: SYNCML_DM_TARGET,
    signal,
    getTypes: [ContentType.DmWbxml, ContentType.DmXml],
    timeouts: { message: timeoutOf(setting) },
    maxMessage: MAX_MESSAGE,
  });
}

/** Far more than any message that a handset sends; OBEX handsets stop at 65535 octets. */
export const MAX_MESSAGE = 4 * 1024 * 1024;
