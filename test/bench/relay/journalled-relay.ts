import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { seconds } from '../../../src-main/base/durations.ts';
import { nodeClock } from '../../../src-main/base/node/clock.ts';
import { createTcpBearer } from '../../../src-main/bearer/tcp/tcp-bearer.ts';
import { dmsProfile } from '../../../src-main/dms/profile.ts';
import { openJournal } from '../../../src-main/journal/journal.ts';
import { createHttpAgent } from '../../../src-main/net/http-agent.ts';
import { createMemoryLedger } from '../../../src-main/net/ledger.ts';
import { listenNetwork } from '../../../src-main/relay/http-listener.ts';
import { listenObex } from '../../../src-main/relay/obex-listener.ts';
import type { RelaySetting } from '../../../src-main/relay/relay-setting.ts';
import { SessionDesk } from '../../../src-main/relay/session-desk.ts';
import { openStore } from '../../../src-main/store/store.ts';

/** The relay as the host runs it: every message is summed up and written into the journal, its body kept. */
export async function startJournalled(bearer: 'http' | 'obex', dms: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-relay-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  const store = openStore({ file: join(folder, 'journal.db'), clock: nodeClock });
  const journal = openJournal({ store, folder, clock: nodeClock });
  const recorder = journal.sessionStarted({ kind: 'relay', handset: 'bench', dms, virtual: true });
  const setting: RelaySetting = {
    profile: dmsProfile(new URL(dms)),
    idle: seconds(120),
    agent: createHttpAgent(),
    ledger: createMemoryLedger(),
    emit: () => undefined,
    onMessage: (envelope, direction, summary) => recorder.message(envelope, direction, summary),
    signal: new AbortController().signal,
  };
  const desk = new SessionDesk({ onOutcome: () => undefined });
  if (bearer === 'http') return (await listenNetwork(setting, { address: 'http://127.0.0.1:0/dm', desk })).address;
  const tcp = createTcpBearer();
  return (await listenObex(setting, { bearer: tcp, address: tcp.parse('tcp:127.0.0.1:0'), desk })).address;
}
