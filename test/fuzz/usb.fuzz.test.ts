import { describe, expect, it } from 'vitest';
import { isPcAgentError } from '../../src-main/base/errors.ts';
import { readConfiguration } from '../../src-main/bearer/usb/configuration-descriptor.ts';
import { obexFunctions } from '../../src-main/bearer/usb/obex-functions.ts';
import { PacketPace } from '../../src-main/bearer/usb/packet-pace.ts';
import { fuzzCount } from '../support/fuzz-count.ts';
import { mutations, seededRandom } from '../support/mutate.ts';
import { workTime } from '../support/work-time.ts';
import { configurationOf, KERNEL_GADGET, NOKIA_E70, PARTS } from '../unit/bearer-usb/descriptors.ts';

const SEED = Number(process.env.PC_AGENT_FUZZ_SEED ?? 20_261_121);
/** Slowest that one descriptor may be, on a busy machine. */
const SLOWEST = 500;
const { control, header, obex, service, union, idle, active, in: endpointIn, out: endpointOut } = PARTS;
const FIXTURES = [
  NOKIA_E70,
  KERNEL_GADGET,
  configurationOf([control, header, obex, service, union, idle, active, endpointIn, endpointOut]),
];

/** What is wrong with the functions that a descriptor gave, or nothing. */
function fault(bytes: Uint8Array): string | undefined {
  const configuration = readConfiguration(bytes);
  const functions = obexFunctions(configuration);
  if (new Set(functions.map(({ data }) => data)).size !== functions.length) return 'two share a data interface';
  for (const { endpointIn: from, endpointOut: to, packetSize, packetSizeIn, alternate, data } of functions) {
    if (from < 1 || from > 15 || to < 1 || to > 15) return `endpoints ${from} and ${to}`;
    if (packetSize < 1 || packetSize > 2047 || packetSizeIn < 1) return `packets of ${packetSize}`;
    if (!configuration.settings.some((s) => s.number === data && s.alternate === alternate)) return 'no such setting';
  }
  return configuration.settings.length > 256 ? 'more settings than are taken' : undefined;
}

function outcome(bytes: Uint8Array): string {
  const start = workTime();
  try {
    const wrong = fault(bytes);
    if (wrong !== undefined) return `${wrong}: ${Buffer.from(bytes).toString('hex')}`;
  } catch (error) {
    if (!isPcAgentError(error, 'bearer/descriptor-invalid')) {
      return `${String(error)}: ${Buffer.from(bytes).toString('hex')}`;
    }
  }
  return workTime() - start > SLOWEST ? `slow: ${Buffer.from(bytes).toString('hex')}` : 'fine';
}

describe('what a USB device says of itself, damaged', () => {
  it('gives functions that can be dialled, or an error of ours, in time', () => {
    const strange = [...mutations(FIXTURES, SEED, fuzzCount('usb'))].map(outcome).filter((found) => found !== 'fine');
    expect(strange).toEqual([]);
  });

  it('never makes a read of no octets, of a part of a packet, or of more than an OBEX packet', () => {
    const random = seededRandom(SEED);
    for (let round = 0; round < 200; round += 1) {
      const packetSize = [8, 64, 512, 1024][Math.floor(random() * 4)] ?? 64;
      const pace = new PacketPace(packetSize);
      for (let transfer = 0; transfer < 50; transfer += 1) {
        const wanted = pace.next();
        if (wanted % packetSize !== 0 || wanted <= 0 || wanted > 65_536) throw new Error(`${wanted} octets`);
        const octets = new Uint8Array(Math.floor(random() * (wanted + 1))).fill(Math.floor(random() * 256));
        octets.set([Math.floor(random() * 256)].slice(0, octets.length), Math.floor(random() * octets.length));
        pace.took(octets);
      }
    }
  });
});
