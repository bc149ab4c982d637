/** Runs something for each of many, so many at once, and gives the results in their order. */
export async function inTurns<T, R>(
  all: readonly T[],
  atOnce: number,
  run: (one: T, index: number) => Promise<R>,
): Promise<R[]> {
  const results: R[] = new Array(all.length);
  let next = 0;
  const worker = async () => {
    for (let index = next++; index < all.length; index = next++) {
      const one = all[index];
      if (one !== undefined) results[index] = await run(one, index);
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, all.length) }, worker));
  return results;
}
