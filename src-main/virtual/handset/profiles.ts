import type { Component } from '../../scomo/agent/component.ts';
import { nodeName } from '../../scomo/agent/component.ts';
import { DeployedState } from '../../scomo/names.ts';
import type { Encoding } from '../../syncml/model.ts';
import { type FaultChoice, type FaultDescription, readChoice } from '../faults/fault.ts';
import { type MessageHabits, oddChildren, oddFirstChunk, oddOrder } from '../faults/message-habits.ts';
import { BUILT_IN_PROFILES } from './built-in-profiles.ts';
import type { DeviceTexts } from './handset-device.ts';
import type { ProfileData } from './profile-file.ts';

/** A kind of handset: what it is, and what it does otherwise than the DM 1.2 texts or this project expect. */
export interface HandsetProfile extends Pick<FaultDescription, 'name' | 'help'> {
  /** What DevInfo and DevDetail say, where it is not the usual. */
  readonly texts?: DeviceTexts;
  /** DevInfo/Mod, unless it is said elsewhere. */
  readonly model?: string;
  /** MaxMsgSize, unless it is said elsewhere. */
  readonly maxMessage?: number;
  /** MaxObjSize, and the longest value. */
  readonly maxObject?: number;
  /** What is on it from the factory. */
  readonly components?: readonly Component[];
  readonly faults?: readonly FaultChoice[];
  readonly answers?: ProfileData['answers'];
  /** The SessionID of a notification is written in decimal. */
  readonly decimalSession?: boolean;
  /** Longest OBEX packet that it takes. */
  readonly maxPacket?: number;
  /** On a serial line it is deaf to OBEX until an AT command wakes it. */
  readonly atOnly?: boolean;
  /** Where its SCOMO object is, instead of its usual place. */
  readonly scomoRoot?: string;
  /** Name of the node above its update object, instead of the usual one. */
  readonly firmwareParent?: string;
  /** Nobody is there who could be asked. */
  readonly nobodyThere?: boolean;
  /** It writes and takes only this, whatever else was said. */
  readonly encoding?: Encoding;
  /** Its MD5 proofs are made with an empty nonce as long as no challenge has brought one. */
  readonly withoutNonce?: boolean;
  /** After 401 or 407 it proves itself and does not say package 1 again. */
  readonly forgetsSetup?: boolean;
  /** OBEX objects end with an empty End-of-Body in a packet of its own, which alone has the final bit. */
  readonly emptyEnd?: boolean;
  /** The Connection Id is wanted in every OBEX packet, not only in the first of a request. */
  readonly idInEveryPacket?: boolean;
  /** When its link is lost it keeps its session for a minute, and goes on over any link. */
  readonly keepsSession?: boolean;
  /** How its messages are written. */
  readonly habits?: () => MessageHabits;
}

const MESSAGES: Readonly<Record<string, () => MessageHabits>> = {
  'odd-order': oddOrder,
  'odd-children': oddChildren,
  'odd-first-chunk': oddFirstChunk,
};

/** The kind of handset that data describe. */
export function profileFrom(data: ProfileData): HandsetProfile {
  const { name, help = '', identity, details, limits, components, faults, answers } = data;
  const { messages, ...habits } = data.habits ?? {};
  const { model, ...texts } = identity ?? {};
  const written = messages === undefined ? undefined : MESSAGES[messages];
  return {
    ...{ name, help, ...limits, ...habits },
    ...(model === undefined ? {} : { model }),
    ...(identity === undefined && details === undefined ? {} : { texts: { ...texts, ...details } }),
    ...(components === undefined ? {} : { components: componentsFrom(components) }),
    ...(faults === undefined ? {} : { faults: faults.map(readChoice) }),
    ...(answers === undefined ? {} : { answers }),
    ...(written === undefined ? {} : { habits: written }),
  };
}

function componentsFrom(factory: NonNullable<ProfileData['components']>): readonly Component[] {
  const taken = new Set<string>();
  return factory.map(({ id, version, name = id, description, state = 'active', package: pkgIdRef = id }) => {
    const wanted = nodeName(name);
    let node = wanted;
    for (let count = 2; taken.has(node.toLowerCase()); count += 1) node = `${wanted}-${count}`;
    taken.add(node.toLowerCase());
    return {
      ...{ node, id, name, version, pkgIdRef, sha256: '' },
      ...(description === undefined ? {} : { description }),
      state: state === 'active' ? DeployedState.Active : DeployedState.Inactive,
    };
  });
}

export const PROFILES: readonly HandsetProfile[] = BUILT_IN_PROFILES.map(profileFrom);

export const STANDARD: HandsetProfile = { name: 'standard', help: PROFILES[0]?.help ?? '' };
