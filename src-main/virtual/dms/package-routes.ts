import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { packageType } from '../../dlota/package-type.ts';
import { byteRange, etagMatches, type RangeHeaders } from '../../net/byte-range.ts';
import { ApiError } from './api-error.ts';
import { describedFile, sendDescriptor } from './descriptor-routes.ts';
import { packageIndex } from './package-index.ts';
import type { DmsPackage, PackageSource } from './packages.ts';

/**
 * `/packages/index.json`, `/packages/NAME` with ranges (RFC 9110, 14) and `/packages/NAME.dd`, its descriptor. A name is looked up among the packages, never
 * joined to a path, so there is no way out of the folder.
 */
export function packageRoutes(app: FastifyInstance, packages: PackageSource): void {
  app.get('/packages/index.json', async (request) => {
    // An HTTP/1.0 client may send no Host; it gets addresses relative to this server.
    const base = `${request.host === '' ? '' : `${request.protocol}://${request.host}`}/packages/`;
    const all = await packages.list();
    return packageIndex(all, base);
  });
  app.route<{ Params: { name: string } }>({
    method: ['GET', 'HEAD'],
    url: '/packages/:name',
    handler: async (request, reply) => {
      const { name } = request.params;
      const all = [...(await packages.list()), ...(await packages.firmware())];
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
  if (etagMatches(request.headers['if-none-match'], etag)) return reply.code(304).send();
  const wanted = byteRange(rangeHeaders(request), etag, found.size);
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

function rangeHeaders({ headers: { range, 'if-range': condition } }: FastifyRequest): RangeHeaders {
  return { range, 'if-range': typeof condition === 'string' ? condition : undefined };
}
