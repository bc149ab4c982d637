import { describe, expect, it } from 'vitest';
import { milliseconds } from '../../../src-main/base/durations.ts';
import { createTcpBearer } from '../../../src-main/bearer/tcp/tcp-bearer.ts';
import type { TcpStream } from '../../../src-main/bearer/tcp/tcp-stream.ts';
import { bearerSuite } from '../../compliance/bearer.suite.ts';

const bearer = createTcpBearer();
const never = new AbortController().signal;

/** A port that was free a moment ago. */
async function refused(): Promise<string> {
  const listener = await bearer.listen(bearer.parse('tcp:127.0.0.1:0'), { signal: never, onStream: () => undefined });
  await listener.close();
  return listener.address.text;
}

bearerSuite('tcp', () => ({
  bearer,
  free: () => 'tcp:127.0.0.1:0',
  refused,
  reset: (stream) => (stream as TcpStream).reset(),
}));

describe('tcp address', () => {
  it('is a host and a port, IPv6 in brackets', () => {
    expect(bearer.parse('tcp:localhost:650')).toEqual({
      bearer: 'tcp',
      text: 'tcp:localhost:650',
      host: 'localhost',
      port: 650,
    });
    expect(bearer.parse('tcp:[::1]:0')).toEqual({ bearer: 'tcp', text: 'tcp:[::1]:0', host: '::1', port: 0 });
  });

  it.each([
    'tcp:host',
    'tcp::650',
    'tcp:host:65536',
    'tcp:::1:650',
    'tcp:host:-1',
    'tcp:a b:1',
    'tcp:host:650x',
    'TCP',
  ])('refuses %s', (text) => {
    expect(() => bearer.parse(text)).toThrowError(expect.objectContaining({ code: 'bearer/address-invalid' }));
  });
});

describe('tcp bearer', () => {
  it('names the operating system error when nobody listens', async () => {
    const dialled = bearer.dial(bearer.parse(await refused()), { signal: never });
    await expect(dialled).rejects.toMatchObject({
      message: expect.stringMatching(/nothing listens there/),
      details: { os: 'ECONNREFUSED', bearer: 'tcp' },
    });
  });

  it('names the operating system error when the port is taken', async () => {
    const listener = await bearer.listen(bearer.parse('tcp:127.0.0.1:0'), { signal: never, onStream: () => undefined });
    const again = bearer.listen(bearer.parse(listener.address.text), { signal: never, onStream: () => undefined });
    await expect(again).rejects.toMatchObject({
      message: expect.stringMatching(/another program listens there; take another port/),
      details: { os: 'EADDRINUSE' },
    });
    await listener.close();
  });

  it('listens and is reached over IPv6', async () => {
    const arrived = Promise.withResolvers<void>();
    const listener = await bearer.listen(bearer.parse('tcp:[::1]:0'), {
      signal: never,
      onStream: (stream) => {
        arrived.resolve();
        void stream.close();
      },
    });
    const stream = await bearer.dial(bearer.parse(listener.address.text), { signal: never });
    await arrived.promise;
    expect(await stream.read(never)).toBeUndefined();
    await Promise.all([stream.close(), listener.close()]);
  });

  it('may be broken off while it dials, and gives up by itself after its limit', async () => {
    // 192.0.2.0/24 is for documentation (RFC 5737): packets to it lead nowhere, or the route is refused at once.
    const nowhere = bearer.parse('tcp:192.0.2.1:650');
    const breakOff = new AbortController();
    const dialled = bearer.dial(nowhere, { signal: breakOff.signal });
    breakOff.abort();
    await expect(dialled).rejects.toMatchObject({ name: 'AbortError' });
    const impatient = createTcpBearer({ connectLimit: milliseconds(1) });
    await expect(impatient.dial(nowhere, { signal: never })).rejects.toMatchObject({
      code: expect.stringMatching(/^bearer\/(timeout|unavailable)$/),
    });
  });
});
