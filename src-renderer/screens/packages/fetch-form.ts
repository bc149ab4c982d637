import type { ParamsOf } from '../../../src-main/contract/requests.ts';
import type { FileMeta } from './file-name-meta.ts';

export type FetchCheck = 'sha256' | 'manifest' | 'none';

export interface FetchForm extends FileMeta {
  readonly url: string;
  readonly check: FetchCheck;
  readonly sha256: string;
  readonly manifest: string;
}

export type FetchProblem = 'badUrl' | 'badSha';

export const EMPTY_FETCH: FetchForm = {
  ...{ url: '', check: 'sha256', sha256: '', manifest: '' },
  ...{ id: '', name: '', version: '', model: '' },
};

const SHA256 = /^[0-9a-f]{64}$/i;

/** What is wrong in the form; empty when it can be sent. */
export function fetchProblems(form: FetchForm): Partial<Record<'url' | 'sha256' | 'manifest', FetchProblem>> {
  const problems: Partial<Record<'url' | 'sha256' | 'manifest', FetchProblem>> = {};
  if (!isAddress(form.url)) problems.url = 'badUrl';
  if (form.check === 'sha256' && !SHA256.test(form.sha256.trim())) problems.sha256 = 'badSha';
  if (form.check === 'manifest' && !isAddress(form.manifest)) problems.manifest = 'badUrl';
  return problems;
}

/** What the host is asked for: only what was filled in, and only the check that was chosen. */
export function fetchParams(form: FetchForm): ParamsOf<'packages.fetch'> {
  const params: ParamsOf<'packages.fetch'> = { url: form.url.trim() };
  if (form.check === 'sha256') params.sha256 = form.sha256.trim().toLowerCase();
  if (form.check === 'manifest') params.manifest = form.manifest.trim();
  for (const field of ['id', 'name', 'version', 'model'] as const) {
    const value = form[field].trim();
    if (value !== '') params[field] = value;
  }
  return params;
}

function isAddress(text: string): boolean {
  const url = URL.canParse(text.trim()) ? new URL(text.trim()) : undefined;
  return url?.protocol === 'https:' || url?.protocol === 'http:';
}
