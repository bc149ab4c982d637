import { statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hostEndpoint, prepareEndpoint } from '../../../src-main/host/endpoint.ts';

const DEEP = join('/', ...Array.from({ length: 12 }, () => 'a-rather-long-name'));

describe("the host's endpoint", () => {
  it('is a socket beside the data', () => {
    expect(hostEndpoint('/run/user/7/pc-agent', 'linux')).toBe('/run/user/7/pc-agent/host.sock');
  });

  it('lies elsewhere where its path would not fit a socket address, each folder with its own', () => {
    const [one, two] = [hostEndpoint(DEEP, 'linux'), hostEndpoint(`${DEEP}2`, 'linux')];
    expect(Buffer.byteLength(one)).toBeLessThan(104);
    expect(one).not.toBe(two);
    expect(one).toBe(hostEndpoint(DEEP, 'linux'));
    prepareEndpoint(one);
    expect(statSync(dirname(one)).mode & 0o777).toBe(0o700);
  });

  it('counts octets, not characters', () => {
    const long = `/${'ü'.repeat(50)}`;
    expect(hostEndpoint(long, 'linux')).not.toContain('ü');
  });

  it('is a named pipe on Windows', () => {
    expect(hostEndpoint('C:\\x', 'win32')).toMatch(/^\\\\\.\\pipe\\pc-agent-[0-9a-f]{24}$/);
  });
});
