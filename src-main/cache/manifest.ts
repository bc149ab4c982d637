import { z } from 'zod';
import { strictTextOf } from '../base/bytes.ts';
import { PcAgentError } from '../base/errors.ts';
import type { HttpAgent } from '../net/http-agent.ts';
import { httpRequest } from '../net/http-request.ts';
import type { Ledger } from '../net/ledger.ts';

/** One package that a DMS offers. */
export interface ManifestEntry {
  readonly id: string;
  readonly name: string;
  readonly version: string;
  readonly model: string;
  readonly size: number;
  /** Lower-case hex. */
  readonly sha256: string;
  readonly url: URL;
}

export interface ManifestRequest {
  /** `/packages/index.json` of a DMS. */
  readonly url: URL;
  readonly http: HttpAgent;
  readonly ledger: Ledger;
  readonly initiator: string;
  readonly signal: AbortSignal;
}

const Manifest = z
  .array(
    z.looseObject({
      id: z.string().min(1).max(256),
      name: z.string().max(256),
      version: z.string().max(64),
      model: z.string().max(256).default(''),
      size: z.int().nonnegative(),
      sha256: z.string().regex(/^[0-9a-f]{64}$/i),
      url: z.string().min(1).max(4096),
    }),
  )
  .max(10_000);

/** @throws PcAgentError `net/http-status`, `cache/manifest-invalid`, and those of `httpRequest`. */
export async function readManifest(request: ManifestRequest): Promise<readonly ManifestEntry[]> {
  const { url, http, ledger, initiator, signal } = request;
  const headers = { accept: 'application/json', 'accept-encoding': 'identity' };
  const options = { url, method: 'GET', headers, agent: http, ledger, purpose: 'manifest', initiator, signal } as const;
  const answer = await httpRequest(options);
  if (answer.status !== 200) {
    throw new PcAgentError('net/http-status', `${url.origin} answered with HTTP status ${answer.status}`, {
      retry: answer.status >= 500 ? 'later' : 'after-operator',
      details: { origin: url.origin, status: answer.status },
    });
  }
  const parsed = Manifest.safeParse(jsonOf(strictTextOf(answer.body)));
  if (!parsed.success) throw invalid(url, parsed.error.issues[0]?.path.join('.') ?? '');
  return parsed.data.map((entry, index) => {
    if (!URL.canParse(entry.url, url.href)) throw invalid(url, `${index}.url`);
    const { id, name, version, model, size } = entry;
    return { id, name, version, model, size, sha256: entry.sha256.toLowerCase(), url: new URL(entry.url, url.href) };
  });
}

/** By id when one is wanted, else by address. @throws PcAgentError `cache/manifest-entry-absent` */
export function manifestEntry(entries: readonly ManifestEntry[], url: URL, id: string | undefined): ManifestEntry {
  const found = entries.find((entry) => (id === undefined ? entry.url.href === url.href : entry.id === id));
  if (found !== undefined) return found;
  throw new PcAgentError('cache/manifest-entry-absent', `the manifest does not name ${id ?? url.href}`, {
    retry: 'after-operator',
    details: { id, url: url.href },
  });
}

function invalid(url: URL, field: string): PcAgentError {
  return new PcAgentError('cache/manifest-invalid', `${url.href} is no list of packages`, { details: { field } });
}

function jsonOf(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
}
