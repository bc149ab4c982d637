import type { Finding } from '../../contract/doctor.ts';
import type { ListenerView } from '../../contract/listening.ts';
import type { Checked } from '../examination.ts';
import { computerFinding, fact } from '../finding.ts';

/** What a way in can do without: it is told where it listens instead. */
const HARMLESS: readonly (string | undefined)[] = [undefined, 'listening/other-port'];

/** Whether handsets that call by themselves are let in wherever a person wants it. */
export function checkWaysIn(listeners: readonly ListenerView[]): readonly Checked[] {
  return listeners
    .filter(({ state }) => state !== 'off')
    .map(({ kind, state, reason, message, address, wanted }) => {
      const verdict = {
        state: stateOf(state, reason),
        ...(reason === undefined ? {} : { code: reason }),
        facts: [fact('way', wayOf(kind, address ?? wanted)), fact('system', message)],
      };
      return { finding: { ...computerFinding('way-in', verdict), id: `way-in:${kind}` } };
    });
}

/** While only a command is the host, nobody can tell. */
function stateOf(state: ListenerView['state'], reason: string | undefined): Finding['state'] {
  if (state === 'starting' || reason === 'listening/no-host') return 'unknown';
  return state === 'listening' && HARMLESS.includes(reason) ? 'good' : 'trouble';
}

/** Places of most kinds begin with it. */
function wayOf(kind: ListenerView['kind'], where: string | undefined): string {
  if (where === undefined) return kind;
  return where.startsWith(`${kind}:`) ? where : `${kind} ${where}`;
}
