import { CONTINUOUS } from './thoroughness.ts';

type Part = 'codec' | 'obex' | 'dm' | 'usb' | 'sdp';

/** A few seconds each; a quarter of that where there is little time. */
const USUAL: Readonly<Record<Part, number>> = { codec: 10_000, obex: 6500, dm: 6000, usb: 3000, sdp: 3000 };
/** Of PC_AGENT_FUZZ_COUNT: all of it for the machines of a session, most of it for the documents that they read. */
const SHARE: Readonly<Record<Part, number>> = { codec: 0.8, obex: 0.15, dm: 1, usb: 1, sdp: 1 };

/** How many mutations a part's fuzz tests make together. */
export function fuzzCount(part: Part): number {
  const all = process.env.PC_AGENT_FUZZ_COUNT;
  return all === undefined ? Math.ceil(USUAL[part] / (CONTINUOUS ? 1 : 4)) : Math.ceil(Number(all) * SHARE[part]);
}
