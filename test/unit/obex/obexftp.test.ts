import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { createTcpBearer } from '../../../src-main/bearer/tcp/tcp-bearer.ts';
import { serveObex } from '../../../src-main/obex/server.ts';
import { inboxService } from '../../../src-main/virtual/handset/inbox.ts';
import { peerTest } from '../../support/peers.ts';

/** Runs it to its end; its exit code is 255 even when everything went well, so only the bytes count. */
async function obexftp(cwd: string, port: string, ...args: readonly string[]): Promise<string> {
  const child = spawn('obexftp', ['-n', `127.0.0.1:${port}`, ...args], { cwd, timeout: 10_000 });
  let output = '';
  child.stdout.on('data', (part: Buffer) => {
    output += part.toString();
  });
  child.stderr.resume();
  await once(child, 'close');
  return output;
}

describe('inbox and obexftp', () => {
  for (const [name, flags] of [
    ['without Target', ['-U', 'none', '-S']],
    ['with the folder-browsing Target', []],
  ] as const) {
    peerTest(`puts and gets 70,000 octets ${name}`, 'obexftp', async () => {
      const work = await mkdtemp(join(tmpdir(), 'obexftp-'));
      const folder = join(work, 'inbox');
      const bearer = createTcpBearer();
      const stop = new AbortController();
      const service = inboxService({ folder });
      const listener = await bearer.listen(bearer.parse('tcp:127.0.0.1:0'), {
        signal: stop.signal,
        onStream: (stream) => {
          serveObex(stream, { services: [service], signal: stop.signal }).catch(() => undefined);
        },
      });
      try {
        const port = listener.address.text.split(':').at(-1) ?? '';
        const bytes = Uint8Array.from({ length: 70_000 }, (_, index) => (index * 13 + (index >> 8)) & 0xff);
        const file = join(work, 'object.bin');
        await writeFile(file, bytes);
        await obexftp(work, port, ...flags, '-p', 'object.bin');
        expect(Buffer.compare(await readFile(join(folder, 'object.bin')), bytes)).toBe(0);
        await rm(file);
        await obexftp(work, port, ...flags, '-g', 'object.bin');
        expect(Buffer.compare(await readFile(file), bytes)).toBe(0);
        expect(await obexftp(work, port, ...flags, '-l')).toContain('<file name="object.bin" size="70000"/>');
      } finally {
        stop.abort();
        await listener.close();
        await rm(work, { recursive: true });
      }
    });
  }
});
