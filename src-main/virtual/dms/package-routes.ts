import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { packageType } from '../../dlota/package-type.ts';
import { ApiError } from './api-error.ts';
import { describedFile, sendDescriptor } from './descriptor-routes.ts';
import type { ByteRange, DmsPackage, PackageSource } from './packages.ts';

/**
 * `/packages/index.json`, `/packages/NAME` with ranges (RFC 9110, 14) and `/packages/NAME.dd`, its descriptor. A name is looked up among the packages, never
 * joined to a path, so there is no way out of the folder.
 */
export function packageRoutes(app: FastifyInstance, packages: PackageSource): void {
  app.get('/packages/index.json', async (request) => {
    // An HTTP/1.0 client may send no Host; it gets addresses relative to this server.
    const base = `${request.host === '' ? '' : `${request.protocol}://${request.host}`}/packages/`;
    const all = await packages.list();
    return all.map(({ file, ...rest }) => ({ ...rest, url: base + encodeURIComponent(file) }));
  });
  app.route<{ Params: { name: string } }>({
    method: ['GET', 'HEAD'],
    url: '/packages/:name',
    handler: async (request, reply) => {
      const { name } = request.params;
      const all = await packages.list();
      const found = all.find((each) => each.file === name);
      const described = found === undefined ? all.find((each) => each.file === describedFile(name)) : undefined;
      if (described !== undefined) return sendDescriptor(request, reply, described);
      if (found === undefined) throw new ApiError(404, 'package/absent', 'there is no such package');
      return sendPackage(request, reply, packages, found);
    },
  });
}

function sendPackage(
  request: FastifyRequest,
  reply: FastifyReply,
  packages: PackageSource,
  found: DmsPackage,
): FastifyReply {
  const etag = `"${found.sha256}"`;
  reply.header('etag', etag).header('accept-ranges', 'bytes').header('cache-control', 'no-cache');
  if (matches(request.headers['if-none-match'], etag)) return reply.code(304).send();
  const wanted = rangeOf(request, etag, found.size);
  if (wanted === 'outside') {
    reply.header('content-range', `bytes */${found.size}`);
    throw new ApiError(416, 'package/range-outside', `the package has ${found.size} bytes`);
  }
  const length = wanted === undefined ? found.size : wanted.last - wanted.first + 1;
  reply
    .code(wanted === undefined ? 200 : 206)
    .header('content-type', found.type ?? packageType(found.file))
    .header('x-content-type-options', 'nosniff')
    .header('content-length', length);
  if (wanted !== undefined) reply.header('content-range', `bytes ${wanted.first}-${wanted.last}/${found.size}`);
  if (request.method === 'HEAD' || length === 0) return reply.send();
  return reply.send(packages.read(found.file, wanted));
}

/** A single range; several, other units and a changed package get the whole (RFC 9110, 14.2 and 13.1.5). */
function rangeOf(request: FastifyRequest, etag: string, size: number): ByteRange | 'outside' | undefined {
  const text = request.headers.range;
  const condition = request.headers['if-range'];
  if (text === undefined || (condition !== undefined && condition !== etag)) return undefined;
  const match = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(text.replaceAll(' ', ''));
  if (match === null) return undefined;
  const [, from = '', to = ''] = match;
  if (from === '' && to === '') return undefined;
  if (from === '') {
    const count = Math.min(Number(to), size);
    return count === 0 ? 'outside' : { first: size - count, last: size - 1 };
  }
  const first = Number(from);
  const last = to === '' ? size - 1 : Math.min(Number(to), size - 1);
  if (to !== '' && Number(to) < first) return undefined;
  return first >= size ? 'outside' : { first, last };
}

function matches(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  return header.trim() === '*' || header.split(',').some((each) => each.trim().replace(/^W\//, '') === etag);
}
