import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { toBase64 } from '../../base/base64.ts';
import { milliseconds } from '../../base/durations.ts';
import { ApiError, parseOrRefuse } from './api-error.ts';
import type { DeviceBook } from './device-book.ts';
import { DeviceId } from './device-id.ts';
import type { DmEndpoint } from './dm-endpoint.ts';
import { goneSignal } from './gone-signal.ts';
import type { NotificationQueue } from './notifications.ts';
import { openApiDocument } from './openapi.ts';
import { firmwareOf, IdempotencyKey, Report, type ReportStore } from './reports.ts';

/** Seconds that a poll waits at most: below the time limits of proxies and clients. */
const MAX_WAIT = 25;

const OptionalDevice = z.object({ device: DeviceId.optional() });
const NotificationQuery = z.object({
  device: DeviceId,
  wait: z.coerce
    .number()
    .min(0)
    .default(MAX_WAIT)
    .transform((wait) => Math.min(wait, MAX_WAIT)),
  ignored: z.string().max(64).optional(),
  lost: z.string().max(64).optional(),
});

/** `GET /api/v1/notifications`. */
export function notificationRoute(
  app: FastifyInstance,
  notifications: NotificationQueue,
  dm: Pick<DmEndpoint, 'lose'>,
  closing: AbortSignal,
): void {
  app.get('/api/v1/notifications', async (request, reply) => {
    const { device, wait, ignored, lost } = parseOrRefuse(
      NotificationQuery,
      request.query,
      'notification/query-invalid',
    );
    if (lost !== undefined) dm.lose?.(device, lost);
    const signal = goneSignal(reply, closing);
    const due = await notifications.wait(device, {
      time: milliseconds(wait * 1000),
      signal,
      ...(ignored === undefined ? {} : { ignored }),
    });
    return { notifications: due.map((each) => ({ id: each.id, device: each.device, body: toBase64(each.body) })) };
  });
}

/** `POST` and `GET /api/v1/reports`. */
export function reportRoutes(
  app: FastifyInstance,
  reports: ReportStore,
  book: Pick<DeviceBook, 'heardOfFirmware'>,
): void {
  app.post('/api/v1/reports', async (request, reply) => {
    const header = request.headers['idempotency-key'];
    if (header === undefined) throw new ApiError(400, 'report/key-missing', 'the header Idempotency-Key is required');
    const key = parseOrRefuse(IdempotencyKey, header, 'report/key-invalid');
    const report = parseOrRefuse(Report, request.body, 'report/invalid');
    const { kind, stored } = reports.accept(key, report);
    if (kind === 'conflict') {
      throw new ApiError(409, 'report/key-reused', 'this Idempotency-Key came before with another report');
    }
    const firmware = firmwareOf(stored);
    // Also of a repeat: the first time it may not have come as far as this.
    if (firmware !== undefined) book.heardOfFirmware(report.device, firmware.version, firmware.at);
    return reply.code(kind === 'created' ? 201 : 200).send(stored);
  });
  app.get('/api/v1/reports', async (request) => {
    const { device } = parseOrRefuse(OptionalDevice, request.query, 'report/query-invalid');
    return { reports: reports.list(device) };
  });
}

/** `GET /api/v1/openapi.json`. */
export function openApiRoute(app: FastifyInstance, version: string): void {
  let document: ReturnType<typeof openApiDocument> | undefined;
  app.get('/api/v1/openapi.json', async () => {
    document ??= openApiDocument(version);
    return document;
  });
}
