import { describe, expect, it } from 'vitest';
import { REQUESTS } from '../../../src-main/contract/requests.ts';
import {
  EMPTY_FETCH,
  type FetchForm,
  fetchParams,
  fetchProblems,
} from '../../../src-renderer/screens/packages/fetch-form.ts';

const DIGEST = 'A'.repeat(64);
const FORM: FetchForm = { ...EMPTY_FETCH, url: ' https://example.com/a.pkg ', sha256: ` ${DIGEST} ` };

describe('the form for a fetch', () => {
  it.each<[string, Partial<FetchForm>, object]>([
    ['a digest', {}, {}],
    ['no address', { url: '' }, { url: 'badUrl' }],
    ['another scheme', { url: 'file:///etc/passwd' }, { url: 'badUrl' }],
    ['a short digest', { sha256: 'abc' }, { sha256: 'badSha' }],
    ['a digest that was not chosen', { check: 'none', sha256: 'abc' }, {}],
    ['no manifest', { check: 'manifest' }, { manifest: 'badUrl' }],
    ['a manifest', { check: 'manifest', manifest: 'http://example.com/m' }, {}],
  ])('with %s', (_name, over, problems) => {
    expect(fetchProblems({ ...FORM, ...over })).toEqual(problems);
  });

  it('asks only for the check that was chosen and what was filled in', () => {
    const full: FetchForm = { ...FORM, manifest: 'https://example.com/m', name: ' Mail ', version: ' ' };
    const url = 'https://example.com/a.pkg';
    expect(fetchParams(full)).toEqual({ url, sha256: DIGEST.toLowerCase(), name: 'Mail' });
    expect(fetchParams({ ...full, check: 'manifest' })).toEqual({
      url,
      manifest: 'https://example.com/m',
      name: 'Mail',
    });
    expect(fetchParams({ ...full, check: 'none', name: '' })).toEqual({ url });
    expect(REQUESTS['packages.fetch'].params.safeParse(fetchParams(full)).success).toBe(true);
  });
});
