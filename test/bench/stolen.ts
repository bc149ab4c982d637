import { readFileSync } from 'node:fs';

/** Of a second of one processor, as `/proc/stat` counts it. */
const TICK = 0.01;
/** What the host may take of a measurement, as a part of its time, before it says more of the host than of what was measured. */
const MOST = 0.01;
/** How often one measurement is tried. */
const TRIES = 5;

/** A measurement; one during which the host of a virtual machine took processor time away is made again, a few times. */
export async function undisturbed(seconds: () => Promise<number> | number): Promise<number> {
  for (let left = TRIES; ; left -= 1) {
    const [stolen, begun] = [stolenSeconds(), performance.now()];
    const measured = await seconds();
    const took = (performance.now() - begun) / 1000;
    if (left === 1 || stolenSeconds() - stolen <= Math.max(TICK, took * MOST)) return measured;
  }
}

/** Seconds that the host gave to others while this computer would have worked: Linux tells (proc(5), `steal`). */
function stolenSeconds(): number {
  if (process.platform !== 'linux') return 0;
  const [, , , , , , , , steal] = readFileSync('/proc/stat', 'utf8').split(/\s+/, 9);
  return Number(steal ?? 0) * TICK;
}
