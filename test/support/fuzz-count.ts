type Part = 'codec' | 'obex' | 'dm';

/** 20,000 mutations in all; a mutated DM session costs far more than a mutated document. */
const USUAL: Readonly<Record<Part, number>> = { codec: 10_000, obex: 6500, dm: 3500 };
/** Of PC_AGENT_FUZZ_COUNT, the number of mutations in all. */
const SHARE: Readonly<Record<Part, number>> = { codec: 0.8, obex: 0.15, dm: 0.05 };

/** How many mutations a part's fuzz tests make together. */
export function fuzzCount(part: Part): number {
  const all = process.env.PC_AGENT_FUZZ_COUNT;
  return all === undefined ? USUAL[part] : Math.ceil(Number(all) * SHARE[part]);
}
