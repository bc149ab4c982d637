import { describe, expect, it } from 'vitest';
import type { Hop } from '../../../src-main/contract/results.ts';
import { failedHop, hopRows, wholeTime } from '../../../src-renderer/screens/servers/hop-rows.ts';
import {
  otherOrigins,
  type ProfileForm,
  profileFormErrors,
  profileParams,
} from '../../../src-renderer/screens/servers/profile-form.ts';

const form = (change: Partial<ProfileForm> = {}): ProfileForm => ({
  name: 'Shop',
  url: 'https://dm.example.com/dm',
  origins: '',
  makeDefault: false,
  ...change,
});
const hop = (name: Hop['hop'], state: Hop['state'], milliseconds = 1): Hop => ({
  hop: name,
  state,
  why: '',
  milliseconds,
});

describe('the form of a server profile', () => {
  it.each([
    [{ name: ' ' }, { name: 'name-missing' }],
    [{ name: 'x'.repeat(101) }, { name: 'name-long' }],
    [{ name: 'HEAD office' }, { name: 'name-taken' }],
    [{ url: '' }, { url: 'url-missing' }],
    [{ url: 'dm.example.com' }, { url: 'url-unreadable' }],
    [{ url: 'javascript:alert(1)' }, { url: 'url-scheme' }],
    [{ url: 'https://a:b@dm.example.com' }, { url: 'url-credentials' }],
    [{ origins: 'https://a.example\nftp://b.example' }, { origins: { kind: 'scheme', line: 'ftp://b.example' } }],
    [{ origins: 'https://a.example\n'.repeat(51) }, { origins: { kind: 'many', line: '' } }],
    [{}, {}],
  ])('finds what is wrong in %j', (change, errors) => {
    const found = profileFormErrors(form(change), [{ name: 'Head office' }]);
    expect(found).toEqual({ name: undefined, url: undefined, origins: undefined, ...errors });
  });

  it('asks for each origin once, without its path', () => {
    const origins = 'https://a.example/x\n\nhttps://a.example\r\nhttp://b.example:8080/';
    expect(profileParams(form({ origins })).allowedOrigins).toEqual(['https://a.example', 'http://b.example:8080']);
  });

  it("does not count the address's own origin among the others", () => {
    const allowedOrigins = ['https://dm.example.com', 'https://b.example'];
    expect(otherOrigins({ url: 'https://dm.example.com/dm', allowedOrigins })).toEqual(['https://b.example']);
  });
});

describe('the way to a server', () => {
  const states = (known: readonly Hop[], running: boolean) => hopRows(known, running).map(({ state }) => state);

  it('is whole from the first moment on', () => {
    expect(states([], true)).toEqual(['working', 'waiting', 'waiting', 'waiting', 'waiting']);
    expect(states([hop('name', 'ok')], true)).toEqual(['ok', 'working', 'waiting', 'waiting', 'waiting']);
    expect(states([hop('name', 'ok')], false)).toEqual(['ok', 'skipped', 'skipped', 'skipped', 'skipped']);
  });

  it('tells a hop that is not on the way from one that was not tried', () => {
    const plain = [
      hop('name', 'ok'),
      hop('tcp', 'ok'),
      hop('tls', 'skipped'),
      hop('http', 'failed'),
      hop('dm', 'skipped'),
    ];
    expect(states(plain, false)).toEqual(['ok', 'ok', 'unneeded', 'failed', 'skipped']);
    expect(failedHop(plain)?.hop).toBe('http');
    expect(wholeTime(plain)).toBe(5);
  });
});
