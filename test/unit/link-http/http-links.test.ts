import { describe, expect, it } from 'vitest';
import { createHttpClientLink } from '../../../src-main/link/http-client-link.ts';
import { listenHttp } from '../../../src-main/link/http-server-link.ts';
import type { MessageLink } from '../../../src-main/link/message-link.ts';
import { createHttpAgent } from '../../../src-main/net/http-agent.ts';
import { createMemoryLedger } from '../../../src-main/net/ledger.ts';

const signal = new AbortController().signal;

describe('the two HTTP links', () => {
  it('carry a whole session between them, byte for byte, to an end that both sides see', async () => {
    let arrived = (_link: MessageLink) => {};
    const next = new Promise<MessageLink>((resolve) => {
      arrived = resolve;
    });
    const listener = await listenHttp({ address: 'http://127.0.0.1:0/dm', signal, onLink: (link) => arrived(link) });
    const agent = createHttpAgent();
    const url = new URL(listener.address);
    const ledger = createMemoryLedger();
    const client = createHttpClientLink({ url, agent, ledger, initiator: 'unit', version: '0' });
    let server: MessageLink | undefined;
    for (const size of [1, 5000, 500_000]) {
      const up = {
        contentType: 'application/vnd.syncml.dm+wbxml',
        hmac: `up ${size}`,
        body: new Uint8Array(size).fill(size),
      };
      const down = { ...up, hmac: `down ${size}`, body: new Uint8Array(size * 2).fill(size + 1) };
      await client.send(up, signal);
      server ??= await next;
      expect(await server.receive(signal)).toEqual(up);
      await server.send(down, signal);
      expect(await client.receive(signal)).toEqual(down);
    }
    await client.send({ contentType: 'application/vnd.syncml.dm+wbxml', body: Uint8Array.of(1) }, signal);
    await server?.receive(signal);
    await server?.close('done');
    expect(await client.receive(signal)).toBeUndefined();
    expect(ledger.entries()).toHaveLength(4);
    await client.close('done');
    await agent.close();
    await listener.close();
  });
});
