import { Readable } from 'node:stream';
import type { PackageSource } from './packages.ts';

/** The same packages, but the first download that asks for a whole one is broken off in the middle. */
export function droppingPackages(packages: PackageSource): PackageSource {
  let dropped = false;
  return {
    ...packages,
    read(file, range) {
      const whole = packages.read(file, range);
      if (dropped || range !== undefined) return whole;
      dropped = true;
      return Readable.from(firstHalf(whole));
    },
  };
}

async function* firstHalf(whole: Readable): AsyncGenerator<Buffer> {
  for await (const chunk of whole) {
    const bytes = chunk as Buffer;
    yield bytes.subarray(0, bytes.length >> 1);
    // The connection ends as if a cable had been pulled: the client knows from Content-Length that more was due.
    throw new Error('the download is broken off, as the server was told to');
  }
}
