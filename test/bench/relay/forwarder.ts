import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Pool } from 'undici';

/** The anchor: what carrying the same messages costs with node:http and undici and nothing else. */
export async function startForwarder(dms: string): Promise<string> {
  const { origin, pathname } = new URL(dms);
  const pool = new Pool(origin, { connections: 64, pipelining: 1 });
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', async () => {
      const { 'content-type': contentType = '', 'x-syncml-hmac': hmac = '' } = request.headers;
      const headers = { 'content-type': contentType, 'x-syncml-hmac': String(hmac) };
      const answer = await pool.request({ path: pathname, method: 'POST', headers, body: Buffer.concat(chunks) });
      const body = Buffer.from(await answer.body.arrayBuffer());
      response.writeHead(answer.statusCode, {
        'Content-Type': String(answer.headers['content-type']),
        'Content-Length': body.length,
        'x-syncml-hmac': String(answer.headers['x-syncml-hmac']),
      });
      response.end(body);
    });
  });
  server.keepAliveTimeout = 120_000;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}${pathname}`;
}
