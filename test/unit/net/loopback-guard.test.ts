import { describe, expect, it } from 'vitest';
import { checkLoopback, isLoopbackHost } from '../../../src-main/net/loopback-guard.ts';

describe('checkLoopback', () => {
  it.each(['127.0.0.1:8080', 'localhost:8080', 'LOCALHOST:8080', '[::1]:8080'])('serves Host %s', (host) => {
    expect(checkLoopback({ host }, { port: 8080 })).toEqual({ ok: true });
  });

  it.each([
    undefined,
    '',
    'evil.example:8080',
    '127.0.0.1.evil.example:8080',
    'localhost.evil.example:8080',
    'localhost:8081',
    'localhost',
    '127.0.0.1:8080@evil.example',
    'localhost:8080:8080',
    '0.0.0.0:8080',
    'localhost :8080',
  ])('refuses Host %s', (host) => {
    expect(checkLoopback({ host }, { port: 8080 })).toEqual({ ok: false, reason: 'host' });
  });

  it('takes a Host without port for port 80', () => {
    expect(checkLoopback({ host: 'localhost' }, { port: 80 }).ok).toBe(true);
  });

  it('serves pages of its own and no others', () => {
    const verdict = (origin: string) => checkLoopback({ host: 'localhost:8080', origin }, { port: 8080 }).ok;
    expect(verdict('http://127.0.0.1:8080')).toBe(true);
    for (const origin of ['null', 'https://localhost:8080', 'http://localhost:8081', 'http://evil.example:8080', '']) {
      expect(verdict(origin), origin).toBe(false);
    }
  });

  it('lets a forwarded port pass on request, but no other name', () => {
    expect(checkLoopback({ host: '127.0.0.1:9' }, { port: 8080, anyPort: true }).ok).toBe(true);
    expect(checkLoopback({ host: 'evil.example:8080' }, { port: 8080, anyPort: true }).ok).toBe(false);
  });
});

describe('isLoopbackHost', () => {
  it('knows the addresses that only this machine reaches', () => {
    for (const host of ['127.0.0.1', '127.9.9.9', 'localhost', '::1', '[::1]']) expect(isLoopbackHost(host)).toBe(true);
    for (const host of ['0.0.0.0', '::', '10.0.0.1', '127.0.0.1.example']) expect(isLoopbackHost(host)).toBe(false);
  });
});
