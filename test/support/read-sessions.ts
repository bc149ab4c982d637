import { expect } from 'vitest';
import type { CommandSummary } from '../../src-main/contract/message-summary.ts';
import { DEVICE, type OurDms } from './our-three.ts';
import type { WindowFace } from './window-face.ts';

/** The sessions with a DM server, oldest first, with their messages as they can be read in the journal. */
export async function readSessions(window: WindowFace, dms: OurDms) {
  const { sessions } = await window.request('sessions.list', {});
  const own = sessions.filter((each) => each.kind === 'relay' && each.dms === dms.url).reverse();
  return Promise.all(
    own.map(async ({ key, sessionId }) => {
      const xml: string[] = [];
      const lines: string[] = [];
      const proofs = new Set<string>();
      for (let number = 1; ; number += 1) {
        const found = await window.request('sessions.message', { session: key, number }).catch(() => undefined);
        if (found === undefined) {
          return { sessionId, xml, lines, credentials: [...proofs].filter((proof) => proof !== 'none').join() };
        }
        const { summary } = found.detail;
        xml.push(found.detail.xml);
        proofs.add(summary.credentials);
        lines.push(...summary.commands.map((each) => `${summary.source === DEVICE ? 'up' : 'down'} ${lineOf(each)}`));
      }
    }),
  );
}

/** `Status 202 Exec URI`, `Alert 1226 1200 URI`, `Exec URI`; `Results URI = 50` of a state or a version. */
function lineOf({ kind, code, answers, resultCode, uri, text }: CommandSummary): string {
  const value = kind === 'Results' && /\/(?:State|FwV)$/.test(uri ?? '') ? `= ${text}` : undefined;
  return [kind, code, answers, resultCode, uri, value].filter((part) => part !== undefined).join(' ');
}

/** Each of them is there, behind the one before it. */
export function expectInOrder(lines: readonly string[], wanted: readonly string[]): void {
  let at = -1;
  for (const line of wanted) {
    const next = lines.indexOf(line, at + 1);
    expect(next, `${line} behind line ${at} of\n${lines.join('\n')}`).toBeGreaterThan(at);
    at = next;
  }
}
