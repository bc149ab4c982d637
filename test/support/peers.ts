import { it } from 'vitest';
import { findProgram } from './find-program.ts';

/**
 * A test that needs programs which we did not write. Where one is missing it is skipped, with the reason in its name;
 * with `PC_AGENT_REQUIRE_PEERS=1` (as in continuous integration) it fails.
 */
export function peerTest(
  name: string,
  programs: string | readonly string[],
  body: (context: { readonly signal: AbortSignal }) => Promise<void> | void,
  timeout?: number,
): void {
  const missing = [programs].flat().filter((program) => findProgram(program) === undefined);
  if (missing.length === 0) {
    it(name, ({ signal }) => body({ signal }), timeout);
    return;
  }
  const reason = `needs ${missing.join(', ')}`;
  if (process.env.PC_AGENT_REQUIRE_PEERS === '1') {
    it(name, () => {
      throw new Error(`${reason}, and PC_AGENT_REQUIRE_PEERS forbids to skip it`);
    });
  } else {
    it.skip(`${name} [skipped: ${reason}]`, () => undefined);
  }
}
