import { expect, it } from 'vitest';
import type { ParamsOf } from '../../../src-main/contract/requests.ts';
import { QUIET, testHome } from '../host/home.ts';

const home = testHome();
/** Whom nobody has ever met: looking for it fails. */
const handset = 'Anna';
const component = 'com.example.notes';

/** Each operation on packages, components or lists of this handset. */
async function operations() {
  const { connection } = await home.host(home.places());
  return (given: Pick<ParamsOf<'remove'>, 'dms' | 'reportTo'> & { readonly download?: true }) => ({
    install: connection.request('install', { handset, packages: ['none'], ...given }, QUIET),
    update: connection.request('update', { handset, packages: ['none'], ...given }, QUIET),
    firmware: connection.request('firmware', { handset, package: 'none', ...given }, QUIET),
    remove: connection.request('remove', { handset, component, ...given }, QUIET),
    inventory: connection.request('inventory', { handset, ...given }, QUIET),
    plan: connection.request('install.plan', { handset, packages: ['none'], ...given }, QUIET),
  });
}

/** The code of each. */
async function codesOf(asked: Readonly<Record<string, Promise<unknown>>>): Promise<Readonly<Record<string, unknown>>> {
  const codes = Object.entries(asked).map(async ([name, answer]) => [
    name,
    await answer.then(
      () => 'done',
      (error: unknown) => (error as { readonly code?: string }).code,
    ),
  ]);
  return Object.fromEntries(await Promise.all(codes));
}

it('packages are checked before anybody is looked for', async () => {
  const ask = await operations();
  const absent = { install: 'cache/absent', update: 'cache/absent', firmware: 'cache/absent' };
  expect(await codesOf(ask({}))).toMatchObject({ ...absent, remove: 'handset/unknown', inventory: 'handset/unknown' });
  const atServer = await codesOf(ask({ dms: 'http://127.0.0.1:9/dm' }));
  expect(new Set(Object.values(atServer))).toEqual(new Set(['handset/unknown']));
});

it('the DM server is checked before anybody is looked for, and who is told of the outcome too', async () => {
  const ask = await operations();
  for (const given of [{ dms: 'nobody' }, { reportTo: 'nobody' }]) {
    const { inventory, ...others } = await codesOf(ask(given));
    expect(inventory).toBe('dms' in given ? 'dms/profile-unknown' : 'handset/unknown');
    expect(new Set(Object.values(others))).toEqual(new Set(['dms/profile-unknown']));
  }
});

it('what a handset is to fetch by itself needs a way in, which is looked at first', async () => {
  const ask = await operations();
  const shut = { install: 'listening/network-off', update: 'listening/network-off', firmware: 'listening/network-off' };
  expect(await codesOf(ask({ download: true }))).toMatchObject(shut);
});
