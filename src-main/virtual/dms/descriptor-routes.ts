import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { DESCRIPTOR_TYPE, type Descriptor } from '../../dlota/descriptor.ts';
import { packageType } from '../../dlota/package-type.ts';
import { writeDescriptor } from '../../dlota/write-descriptor.ts';
import { ApiError, parseOrRefuse } from './api-error.ts';
import { DeviceId } from './device-id.ts';
import type { InstallationStore } from './installations.ts';
import type { DmsPackage, PackageSource } from './packages.ts';

/** A notification has a dozen octets. */
const MAX_NOTIFICATION = 4096;
const ENDING = '.dd';

const OptionalDevice = z.object({ device: DeviceId.optional() });

/** File name of the package that a descriptor of this name describes. */
export function describedFile(name: string): string | undefined {
  return name.endsWith(ENDING) ? name.slice(0, -ENDING.length) : undefined;
}

/** The descriptor of a package, made anew for each who asks: its addresses are those by which they reached us. */
export function sendDescriptor(request: FastifyRequest, reply: FastifyReply, found: DmsPackage): FastifyReply {
  const { device } = parseOrRefuse(OptionalDevice, request.query, 'package/query-invalid');
  const origin = originOf(request);
  const file = encodeURIComponent(found.file);
  const query = device === undefined ? '' : `?device=${encodeURIComponent(device)}`;
  const { vendor, description, infoUrl, iconUrl } = found;
  const descriptor: Descriptor = {
    version: '1.0',
    types: [found.type ?? packageType(found.file)],
    size: found.size,
    objectUri: `${origin}/packages/${file}`,
    installNotifyUri: `${origin}/notify/${file}${query}`,
    name: found.name,
    installParam: `version=${found.version.replaceAll(';', ' ')};SHA256=${found.sha256}`,
    ...(vendor === undefined ? {} : { vendor }),
    ...(description === undefined ? {} : { description }),
    ...(infoUrl === undefined ? {} : { infoUrl }),
    ...(iconUrl === undefined ? {} : { iconUri: iconUrl }),
  };
  return reply
    .header('content-type', DESCRIPTOR_TYPE)
    .header('cache-control', 'no-store')
    .send(Buffer.from(writeDescriptor(descriptor)));
}

/** An HTTP/1.0 client may send no Host; then it is the address that it connected to. */
function originOf({ protocol, host, socket }: FastifyRequest): string {
  return `${protocol}://${host === '' ? `${socket.localAddress}:${socket.localPort}` : host}`;
}

/** `POST /notify/FILE`, of any content type, and `GET /api/v1/installations`. Takes a scope of its own. */
export function installationRoutes(
  app: FastifyInstance,
  packages: PackageSource,
  installations: InstallationStore,
): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'string', bodyLimit: MAX_NOTIFICATION }, (_request, body, done) =>
    done(null, body),
  );
  app.route<{ Params: { name: string } }>({
    method: 'POST',
    url: '/notify/:name',
    bodyLimit: MAX_NOTIFICATION,
    // Installers leave the type out, which Fastify would not read.
    onRequest: async (request) => {
      request.raw.headers['content-type'] = 'text/plain';
    },
    handler: async (request, reply) => {
      const { name } = request.params;
      const { device } = parseOrRefuse(OptionalDevice, request.query, 'package/query-invalid');
      const offered = [...(await packages.list()), ...(await packages.firmware())];
      if (!offered.some(({ file }) => file === name)) {
        throw new ApiError(404, 'package/absent', 'there is no such package');
      }
      installations.accept(name, device, String(request.body ?? ''));
      return reply.code(200).header('content-type', 'text/plain').send('');
    },
  });
  app.get('/api/v1/installations', async (request) => {
    const { device } = parseOrRefuse(OptionalDevice, request.query, 'report/query-invalid');
    return { installations: installations.list(device) };
  });
}
