import { deviceKey } from '../../base/device-key.ts';
import { seconds } from '../../base/durations.ts';
import { assertNever, isAbort, isPcAgentError, PcAgentError } from '../../base/errors.ts';
import { isVirtualDevice } from '../../base/imei.ts';
import { bracketed } from '../../base/ip-address.ts';
import type { Emit } from '../../contract/events.ts';
import type { ListenerKind } from '../../contract/listening.ts';
import type { DmsProfile } from '../../dms/profile.ts';
import type { Envelope } from '../../link/message-link.ts';
import type { Arrival } from '../../relay/arrival.ts';
import type { RelayOutcome } from '../../relay/relay-outcome.ts';
import { relaySession } from '../../relay/relay-session.ts';
import { type RelaySetting, sessionOptions } from '../../relay/relay-setting.ts';
import type { Engine } from '../engine.ts';
import { journalledSession } from '../journalled-session.ts';
import type { SessionAudience } from '../session-audience.ts';
import type { Call, CallerBook } from './caller-book.ts';
import { callerFacts } from './caller-facts.ts';
import { chooseServer } from './choose-server.ts';
import { withFirstMessage } from './first-message-link.ts';

/** What carrying those who call works with. */
export type CallEngine = Pick<Engine, 'agent' | 'clock' | 'handsets' | 'journal' | 'ledger' | 'profiles' | 'turns'>;

export interface CallerCarriage {
  readonly engine: CallEngine;
  readonly book: Pick<CallerBook, 'admit'>;
  readonly kind: ListenerKind;
  /** As the way in says it; default: what the handset means. */
  readonly dms: string | undefined;
  readonly emit: Emit;
  readonly audience: SessionAudience;
  readonly signal: AbortSignal;
  /** A session begins or ends. */
  readonly onSession: (change: 1 | -1) => void;
  /** Sessions that handsets have begun, by device and place. */
  readonly begun: BegunSessions;
}

/** What breaks off the session that a handset has begun from a place. */
export type BegunSessions = Map<string, AbortController>;

/** How long a handset may take to say its first message. */
const FIRST_LIMIT = seconds(60);
/** How long another session with the same handset may take to end. */
const TURN_LIMIT = seconds(30);
/** Nothing happens in a session for so long: it has stalled (contract, section 5). */
export const IDLE_LIMIT = seconds(120);

/**
 * One call: who calls is read from its first message, of which nothing is passed on before a person has let the handset
 * in once. Whoever is sent away is told that there is nothing for it, as at the end of any session.
 */
export async function carryCaller(carriage: CallerCarriage, arrival: Arrival): Promise<RelayOutcome> {
  const { downlink, label } = arrival;
  try {
    const first = await firstMessage(carriage, arrival);
    if (first === undefined) {
      await downlink.close('done');
      return unheard(label);
    }
    const call = callOf(carriage, arrival, first);
    const admission = await carriage.book.admit(call, {
      ...{ gone: downlink.peerGone, signal: carriage.signal },
      lack: () => lackOf(carriage, call),
    });
    if (admission !== 'accepted') {
      // Too many at once are no strangers to be polite to: each would keep its place for as long as it likes.
      await downlink.close(admission === 'crowded' || admission === 'gone' ? 'aborted' : 'done');
      return unheard(label);
    }
    return await inTurn(carriage, { arrival, first, call });
  } catch (error) {
    await downlink.close('aborted');
    // One call that goes wrong, in whatever way, is no reason to let nobody else in.
    if (!isAbort(error)) carriage.emit({ type: 'error', ...faultOf(error) });
    return unheard(label);
  }
}

interface Heard {
  readonly arrival: Arrival;
  readonly first: Envelope;
  readonly call: Call;
}

async function firstMessage({ signal }: CallerCarriage, { downlink }: Arrival): Promise<Envelope | undefined> {
  const limit = AbortSignal.timeout(FIRST_LIMIT);
  try {
    return await downlink.receive(AbortSignal.any([signal, limit]));
  } catch (error) {
    // It has come and gone, or never spoke: that is no news.
    if (isPcAgentError(error) || (limit.aborted && !signal.aborted)) return undefined;
    throw error;
  }
}

function callOf({ kind }: CallerCarriage, { peer }: Arrival, first: Envelope): Call {
  return { ...callerFacts(first), kind, from: callerPlace(peer) };
}

/** The port that an outgoing connection happens to have says nothing. */
function callerPlace(peer: string | undefined): string | undefined {
  if (peer === undefined || !/^(?:tcp|http):/.test(peer)) return peer?.replace(/@\d+$/, '');
  return /^\w+:(?:\/\/)?(?:\[([^\]]+)\]|(.+)):\d+$/
    .exec(peer)
    ?.slice(1)
    .find((part) => part !== undefined);
}

/** One conversation with a handset at a time, wherever it is met. */
async function inTurn(carriage: CallerCarriage, heard: Heard): Promise<RelayOutcome> {
  const { engine, signal, onSession, begun } = carriage;
  const { device, from = '' } = heard.call;
  // It has its card before its session begins, which is shown there.
  await met(carriage, heard);
  const profile = serverFor(carriage, heard);
  if (device === undefined) return counted(onSession, () => carried(carriage, heard, profile));
  const key = `${deviceKey(device)}\n${from}`;
  const stop = new AbortController();
  // A handset that begins anew has given up what it had begun; over HTTP nothing else tells that.
  begun.get(key)?.abort();
  begun.set(key, stop);
  try {
    const either = AbortSignal.any([signal, stop.signal]);
    const end = await turnOf(engine, device, either);
    return await counted(onSession, () => carried({ ...carriage, signal: either }, heard, profile)).finally(end);
  } finally {
    if (begun.get(key) === stop) begun.delete(key);
  }
}

/** Where there is none that is a session too, for who looks for it there: one that failed. @throws as `chooseServer` */
function serverFor(carriage: CallerCarriage, heard: Heard): DmsProfile {
  const { wants = '' } = heard.call;
  try {
    return serverOf(carriage, heard.call);
  } catch (error) {
    journalled(carriage, heard, carriage.dms ?? wants).session.broken(error);
    throw error;
  }
}

function serverOf({ engine, dms }: CallerCarriage, { wants }: Call): DmsProfile {
  return chooseServer(engine.profiles, { dms, wants });
}

/** Code of why there is no server for a call now. */
function lackOf(carriage: CallerCarriage, call: Call): string | undefined {
  try {
    serverOf(carriage, call);
    return undefined;
  } catch (error) {
    return faultOf(error).code;
  }
}

async function counted<T>(onSession: CallerCarriage['onSession'], work: () => Promise<T>): Promise<T> {
  onSession(1);
  try {
    return await work();
  } finally {
    onSession(-1);
  }
}

/** @throws PcAgentError `listening/handset-busy`; AbortError */
async function turnOf({ turns }: CallEngine, device: string, signal: AbortSignal): Promise<() => void> {
  const limit = AbortSignal.timeout(TURN_LIMIT);
  try {
    return await turns.take(`device ${device}`, AbortSignal.any([signal, limit]));
  } catch (error) {
    if (signal.aborted) throw error;
    throw new PcAgentError('listening/handset-busy', 'a handset calls with which another session goes on', {
      retry: 'later',
    });
  }
}

async function carried(carriage: CallerCarriage, heard: Heard, profile: DmsProfile): Promise<RelayOutcome> {
  const { engine, signal } = carriage;
  const { device } = heard.call;
  const { session, arrival } = journalled(carriage, heard, profile.url.href);
  const { agent, ledger } = engine;
  const setting: RelaySetting = {
    ...{ profile, agent, ledger, signal, idle: IDLE_LIMIT },
    ...{ emit: session.emit, onPassing: session.onPassing },
    ...{ onMessage: session.onMessage, onCompared: session.onCompared },
  };
  try {
    const downlink = withFirstMessage(arrival.downlink, heard.first);
    // Who was let in lets in nobody else.
    const meant = device === undefined ? {} : { device };
    const outcome = await relaySession({ ...sessionOptions(setting), ...arrival, ...meant, downlink });
    session.ended({ state: outcome.state, code: outcome.code });
    return outcome;
  } catch (error) {
    session.broken(error);
    throw error;
  }
}

/** Its session begins. @param dms where it goes to */
function journalled({ engine, kind, emit, audience, signal }: CallerCarriage, { arrival, call }: Heard, dms: string) {
  const { device } = call;
  const { peer: _peer, ...rest } = arrival;
  // A line has one peer at a time, and is where it can be called back.
  const handset = kind === 'serial' ? withoutNumber(rest.handset) : rest.handset;
  const virtual = device !== undefined && isVirtualDevice(device);
  const start = { kind: 'relay', handset, device, dms, virtual } as const;
  return { session: journalledSession(engine, start, { emit, signal, audience }), arrival: { ...rest, handset } };
}

/** It has a card; where it can be called back it has a way, too. */
async function met({ engine, kind }: CallerCarriage, { call, arrival }: Heard): Promise<void> {
  const { device, manufacturer, model } = call;
  if (device === undefined) return;
  const address = wayBack(kind, call.from, arrival.handset);
  await engine.handsets.met({ device, manufacturer, model, speaksDm: true, address });
}

/** The listener counts its connections behind `#`. */
function withoutNumber(handset: string): string {
  return handset.replace(/#\d+$/, '');
}

/** An outgoing TCP connection says nothing of where its side listens. */
function wayBack(kind: ListenerKind, from: string | undefined, handset: string): string | undefined {
  switch (kind) {
    case 'bluetooth':
      return from;
    case 'serial':
      return withoutNumber(handset);
    case 'network':
      return from === undefined ? undefined : `http://${bracketed(from)}/`;
    case 'tcp':
      return undefined;
    default:
      return assertNever(kind);
  }
}

function faultOf(error: unknown): { readonly code: string; readonly message: string } {
  if (isPcAgentError(error)) return { code: error.code, message: error.message };
  return { code: 'listening/failed', message: error instanceof Error ? error.message : String(error) };
}

/** Nothing came of it that would be a session. */
function unheard(id: string): RelayOutcome {
  const none = { toDms: 0, toHandset: 0 };
  return {
    state: 'aborted',
    code: 'listening/no-session',
    id,
    messages: none,
    bytes: none,
    heard: false,
    cancelled: false,
  };
}
