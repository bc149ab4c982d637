import type { Duration } from '../base/durations.ts';
import { seconds } from '../base/durations.ts';
import { VERSION } from '../base/version.ts';
import type { DmsProfile } from '../dms/profile.ts';
import { createHttpClientLink, type HttpClientLink } from '../link/http-client-link.ts';
import type { HttpAgent } from '../net/http-agent.ts';
import type { Ledger } from '../net/ledger.ts';
import type { RelaySessionOptions } from './relay-session.ts';

type Hooks = 'onPassing' | 'onMessage' | 'onCompared';

/** What all sessions of one relay share. */
export interface RelaySetting extends Pick<RelaySessionOptions, 'emit' | Hooks | 'tamper' | 'idle'> {
  readonly profile: DmsProfile;
  /** Limit of one step; default 300 s towards the handset, where a person may be asked, 60 s towards the DMS. */
  readonly timeout?: Duration;
  /** The owner closes it. */
  readonly agent: HttpAgent;
  readonly ledger: Ledger;
  /** Breaks the running sessions off. */
  readonly signal: AbortSignal;
}

/** Project limit of a GET (dm-protocol sheet, section 9.2). */
const DEFAULT_TIMEOUT = seconds(300);

export function timeoutOf(setting: Pick<RelaySetting, 'timeout'>): Duration {
  return setting.timeout ?? DEFAULT_TIMEOUT;
}

/** A link of its own for each session: cookies and RespURI belong to one session. */
export function openUplink(setting: RelaySetting): HttpClientLink {
  const { profile, agent, ledger, timeout } = setting;
  return createHttpClientLink({
    url: profile.url,
    agent,
    ledger,
    initiator: 'relay',
    version: VERSION,
    ...(timeout === undefined ? {} : { headerTime: timeout, bodyTime: timeout }),
  });
}

/** The options of a session that come from the setting. */
export function sessionOptions(
  setting: RelaySetting,
): Pick<RelaySessionOptions, 'profile' | 'timeout' | 'idle' | 'signal' | 'emit' | Hooks | 'tamper' | 'uplink'> {
  const { profile, idle, signal, emit, onPassing, onMessage, onCompared, tamper } = setting;
  return {
    profile,
    timeout: timeoutOf(setting),
    idle,
    signal,
    emit,
    ...(onPassing === undefined ? {} : { onPassing }),
    ...(onMessage === undefined ? {} : { onMessage }),
    ...(onCompared === undefined ? {} : { onCompared }),
    ...(tamper === undefined ? {} : { tamper }),
    uplink: openUplink(setting),
  };
}
