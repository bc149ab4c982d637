import { z } from 'zod';
import { textOf } from '../../base/bytes.ts';
import { PcAgentError } from '../../base/errors.ts';
import type { DemoHandset } from '../../contract/demo-result.ts';
import { httpRequest } from '../../net/http-request.ts';
import { createMemoryLedger } from '../../net/ledger.ts';
import type { DemoStage } from './demo-stage.ts';

/** What act 2 fetches and act 3 installs: not what act 1 has installed already. */
export const OFFLINE_PACKAGE = 'com.example.maps';

const Index = z.array(z.looseObject({ id: z.string(), url: z.string(), sha256: z.string(), size: z.int() }));

/**
 * Act 2: the host fetches a package from the DMS's address, over a connection that breaks once on the way, checks it
 * against the DMS's own list, and keeps it.
 */
export async function cacheAct(stage: DemoStage, results: readonly DemoHandset[]): Promise<readonly DemoHandset[]> {
  const { signal } = stage.context;
  const manifest = new URL('/packages/index.json', stage.dms.url);
  const answer = await httpRequest({
    url: manifest,
    method: 'GET',
    agent: stage.agent,
    ledger: createMemoryLedger(),
    purpose: 'packages',
    initiator: 'demo',
    signal,
  });
  const wanted = Index.parse(JSON.parse(textOf(answer.body))).find((entry) => entry.id === OFFLINE_PACKAGE);
  if (wanted === undefined) throw new PcAgentError('cache/absent', `the DM server has no package ${OFFLINE_PACKAGE}`);
  const { connection } = await stage.host();
  const fetched = await connection.request(
    'packages.fetch',
    { url: wanted.url, manifest: manifest.href },
    { emit: stage.sessions.innerEmit, signal },
  );
  if (fetched.package.sha256 !== wanted.sha256 || fetched.package.trust !== 'verified') {
    throw new PcAgentError('cache/digest-mismatch', 'what was fetched is not what the DM server lists');
  }
  return results;
}
