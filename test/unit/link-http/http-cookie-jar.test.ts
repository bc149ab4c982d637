import { describe, expect, it } from 'vitest';
import { retryAfterSeconds } from '../../../src-main/link/http-answer.ts';
import { createCookieJar } from '../../../src-main/link/http-cookie-jar.ts';

const url = new URL('http://dms.example/dm/session');

describe('createCookieJar', () => {
  it('gives cookies back to the paths below theirs, longer paths first', () => {
    const jar = createCookieJar();
    jar.store(url, ['a=1; Path=/', 'b=2', 'c=3; Path=/other', 'd=4; Path=/dm/sess']);
    expect(jar.header(url)).toBe('b=2; a=1');
    expect(jar.header(new URL('/other/x', url))).toBe('c=3; a=1');
  });

  it('replaces and deletes', () => {
    const jar = createCookieJar(() => Date.parse('2026-01-01'));
    jar.store(url, 'a=1; Path=/');
    jar.store(url, 'a=2; Path=/; Expires=Thu, 01 Jan 2037 00:00:00 GMT');
    expect(jar.header(url)).toBe('a=2');
    jar.store(url, 'a=; Path=/; Max-Age=0');
    expect(jar.header(url)).toBeUndefined();
    jar.store(url, 'a=3; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT');
    expect(jar.header(url)).toBeUndefined();
  });

  it('keeps Secure cookies off plain HTTP, and ignores nonsense and floods', () => {
    const jar = createCookieJar();
    jar.store(url, ['s=1; Secure', '', '=x', 'novalue', 'ctl=\u0001', `long=${'x'.repeat(5000)}`]);
    expect(jar.header(url)).toBeUndefined();
    jar.store(
      url,
      Array.from({ length: 200 }, (_, index) => `n${index}=1`),
    );
    expect(jar.header(url)?.split('; ').length).toBeLessThanOrEqual(50);
  });
});

describe('retryAfterSeconds', () => {
  it('reads numbers and dates, and nothing else', () => {
    const now = Date.parse('2026-01-01T00:00:00Z');
    expect(retryAfterSeconds('30', now)).toBe(30);
    expect(retryAfterSeconds('Thu, 01 Jan 2026 00:01:00 GMT', now)).toBe(60);
    expect(retryAfterSeconds('Wed, 31 Dec 2025 00:00:00 GMT', now)).toBe(0);
    expect(retryAfterSeconds('soon', now)).toBeUndefined();
    expect(retryAfterSeconds(undefined, now)).toBeUndefined();
  });
});
