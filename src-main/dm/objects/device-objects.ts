import type { NodeSpec } from '../tree/node.ts';
import { URI_LIMITS } from '../tree/uri.ts';
import { ObjectId } from './object-ids.ts';

/** A leaf that is part of the handset: readable, and nothing else. */
const fixed = (value: string, format: 'chr' | 'bool' = 'chr'): NodeSpec => ({
  format,
  value,
  access: ['Get'],
  permanent: true,
});

const interior = (children: Readonly<Record<string, NodeSpec>>): NodeSpec => ({
  format: 'node',
  access: ['Get'],
  permanent: true,
  children,
});

export interface DevInfo {
  /** A URN, such as `IMEI:…`. */
  readonly id: string;
  readonly manufacturer: string;
  readonly model: string;
  /** RFC 1766. */
  readonly language: string;
  /** Version of its DM client; default: that of the protocol. */
  readonly version?: string;
}

/** Version of the DM client, as the handset says it: the protocol's. */
const DM_VERSION = '1.2';

/** Leaves that package 1 carries (DM Standardized Objects 1.2, 7.1.3.2). */
export const DEV_INFO_LEAVES: readonly string[] = ['DevId', 'Man', 'Mod', 'DmV', 'Lang'];

/** `./DevInfo`: who the handset is. */
export function devInfoSpec({ id, manufacturer, model, language, version = DM_VERSION }: DevInfo): NodeSpec {
  return {
    ...interior({
      DevId: fixed(id),
      Man: fixed(manufacturer),
      Mod: fixed(model),
      DmV: fixed(version),
      Lang: fixed(language),
      Ext: interior({}),
    }),
    type: ObjectId.DevInfo,
  };
}

export interface DevDetail {
  readonly type: string;
  readonly oem: string;
  readonly firmware: string;
  readonly software: string;
  readonly hardware: string;
}

/** `./DevDetail`: what it is made of; read when somebody asks. */
export function devDetailSpec({ type, oem, firmware, software, hardware }: DevDetail): NodeSpec {
  return {
    ...interior({
      DevTyp: fixed(type),
      OEM: fixed(oem),
      FwV: fixed(firmware),
      SwV: fixed(software),
      HwV: fixed(hardware),
      LrgObj: fixed('true', 'bool'),
      URI: interior({
        MaxDepth: fixed(String(URI_LIMITS.maxDepth)),
        MaxTotLen: fixed(String(URI_LIMITS.maxTotalLength)),
        MaxSegLen: fixed(String(URI_LIMITS.maxSegmentLength)),
      }),
      Ext: interior({}),
    }),
    type: ObjectId.DevDetail,
  };
}

/** `./Inbox`: only Add; what is added goes to its own place, so that nothing below it is ever read (7.1.3.4). */
export function inboxSpec(place: NonNullable<NodeSpec['place']>): NodeSpec {
  return { format: 'node', type: ObjectId.Inbox, access: ['Add'], permanent: true, place };
}
