/** Size that needs a large object in many chunks, and an end that is not on any border. */
const LENGTH = 300_000;

/** The built-in package: the same bytes on every machine, and none that a compressor could make small. */
export function demoPackageBytes(): Uint8Array {
  const bytes = new Uint8Array(LENGTH);
  // Marsaglia's xorshift32 ("Xorshift RNGs", 2003) with the shifts 13, 17, 5.
  let state = 0x2545f491;
  for (let index = 0; index < LENGTH; index += 1) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    bytes[index] = state & 0xff;
  }
  return bytes;
}
