import { nodeDigest } from '../../base/node/digest.ts';
import { writeFirmware } from '../../fumo/firmware-package.ts';

/** A built-in package: the same bytes on every machine, and none that a compressor could make small. */
export interface DemoPackage {
  readonly id: string;
  readonly name: string;
  readonly version: string;
  readonly bytes: Uint8Array;
}

/** Sizes that need a large object in many chunks, and ends that are not on any border. */
const SIZES = { game: 300_000, maps: 500_001 } as const;

const FIRMWARE_SIZE = 200_003;

export function demoPackages(): readonly DemoPackage[] {
  return [
    { id: 'com.example.game', name: 'game', version: '2.0', bytes: noise(SIZES.game, 0x2545f491) },
    { id: 'com.example.maps', name: 'maps', version: '1.1', bytes: noise(SIZES.maps, 0x1b873593) },
  ];
}

/** Firmware for a virtual handset as it comes from the factory; the model is the default of `virtual-handset --model`. */
export function demoFirmware(): DemoPackage {
  const manifest = { model: 'Virtual Handset', from: ['1.0'], to: '2.0' };
  const bytes = writeFirmware(manifest, noise(FIRMWARE_SIZE, 0x7f4a7c15), nodeDigest);
  return { id: 'com.example.firmware', name: 'firmware', version: manifest.to, bytes };
}

/** Bytes that no compressor could make small, the same for the same seed. */
export function noise(length: number, seed: number): Uint8Array {
  const bytes = new Uint8Array(length);
  // Marsaglia's xorshift32 ("Xorshift RNGs", 2003) with the shifts 13, 17, 5.
  let state = seed;
  for (let index = 0; index < length; index += 1) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    bytes[index] = state & 0xff;
  }
  return bytes;
}
