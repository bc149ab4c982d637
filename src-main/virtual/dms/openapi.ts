import { z } from 'zod';
import { Installation } from './installations.ts';
import { outsidePaths } from './openapi-outside.ts';
import { body, deviceParameter, failure, json, operation } from './openapi-parts.ts';
import { PackageEntry } from './package-index.ts';
import { Report, StoredReport } from './reports.ts';

/** Answers of the interfaces, as they are sent. */
const NotificationList = z.object({
  notifications: z.array(
    z.object({
      id: z.string().meta({ description: 'of this notification: another one for the same wish has its own' }),
      device: z.string(),
      body: z.base64().meta({ description: 'package 0, application/vnd.syncml.notification' }),
    }),
  ),
});
const InstallationList = z.object({ installations: z.array(Installation) });
const ReportList = z.object({ reports: z.array(StoredReport) });
const PackageIndex = z.array(PackageEntry);

/** The OpenAPI 3.1 document of the interfaces; its schemas are those that requests are checked with. */
export function openApiDocument(version: string): Record<string, unknown> {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Virtual DMS of PC Agent',
      version,
      description: 'A virtual DM server for trying, training and tests. Notifications and reports are ours, not OMA’s.',
    },
    paths: {
      '/dm': { post: dmOperation() },
      ...outsidePaths(),
      '/api/v1/notifications': { get: notificationOperation(deviceParameter(true)) },
      '/api/v1/reports': {
        post: operation('Report work that was done offline', {
          description:
            'What a firmware update that is done changed of `version` counts as seen on the handset at that time.',
          parameters: [
            { name: 'Idempotency-Key', in: 'header', required: true, schema: { type: 'string', maxLength: 255 } },
          ],
          requestBody: body(Report),
          responses: {
            201: json('Taken', StoredReport),
            200: json('Taken before: the same key with the same content', StoredReport),
            400: failure('Not a report'),
            409: failure('The same key with other content'),
          },
        }),
        get: operation('Reports, oldest first', {
          parameters: [deviceParameter(false)],
          responses: { 200: json('Reports', ReportList) },
        }),
      },
      '/packages/index.json': {
        get: operation('Packages on offer', { responses: { 200: json('Packages', PackageIndex) } }),
      },
      '/packages/{name}': { get: packageOperation() },
      '/packages/{name}.dd': { get: descriptorOperation(deviceParameter(false)) },
      '/notify/{name}': { post: installNotification(deviceParameter(false)) },
      '/api/v1/installations': {
        get: operation('Installation notifications of downloads by descriptor, oldest first', {
          parameters: [deviceParameter(false)],
          responses: { 200: json('Notifications', InstallationList) },
        }),
      },
    },
  };
}

function dmOperation(): Record<string, unknown> {
  const message = { schema: { type: 'string', format: 'binary' } };
  const types = { 'application/vnd.syncml.dm+wbxml': message, 'application/vnd.syncml.dm+xml': message };
  return operation('One OMA DM message and its answer', {
    parameters: [{ name: 'x-syncml-hmac', in: 'header', required: false, schema: { type: 'string' } }],
    requestBody: { required: true, content: types },
    responses: {
      200: { description: 'The answer message', content: types },
      413: failure('Larger than 1 MiB'),
    },
  });
}

function notificationOperation(device: Record<string, unknown>): Record<string, unknown> {
  const wait = {
    name: 'wait',
    in: 'query',
    required: false,
    schema: { type: 'number', minimum: 0, maximum: 25, default: 25 },
    description: 'seconds to wait for one',
  };
  const ignored = {
    name: 'ignored',
    in: 'query',
    required: false,
    schema: { type: 'string', maxLength: 64 },
    description: 'id of a notification that the handset took no notice of: the next one for its wish is due at once',
  };
  const lost = {
    name: 'lost',
    in: 'query',
    required: false,
    schema: { type: 'string', maxLength: 64 },
    description:
      'SessionID of a session of the handset whose link was lost for good: it is over, and what it has not done waits ' +
      'for another one, which is asked for at once',
  };
  return operation('Long poll for notifications that wait for a handset', {
    description:
      'A wish is handed out again after 30 s, or at once when its last notification was ignored, until a session of ' +
      'the handset begins. Each time it is a new notification with a session id of its own: made with the nonce that ' +
      'the server knows, then with the default nonce as four zero octets, then as the ten ASCII characters ' +
      '0x00000000 (nonce resynchronisation, DM Notification 1.2, 6.2), and so on in turn. After one by the default ' +
      'nonce both sides begin the session with that and agree on new nonces in it.',
    parameters: [device, wait, ignored, lost],
    responses: { 200: json('Notifications, none when the time passed', NotificationList), 400: failure('No device') },
  });
}

function packageOperation(): Record<string, unknown> {
  const content = { 'application/octet-stream': { schema: { type: 'string', format: 'binary' } } };
  const header = (name: string) => ({ name, in: 'header', required: false, schema: { type: 'string' } });
  return operation('The bytes of a package', {
    parameters: [
      { name: 'name', in: 'path', required: true, schema: { type: 'string' } },
      header('Range'),
      header('If-Range'),
      header('If-None-Match'),
    ],
    responses: {
      200: { description: 'All of it', content },
      206: { description: 'The range asked for', content },
      304: { description: 'Not changed' },
      404: failure('No such package'),
      416: failure('Outside the package'),
    },
  });
}

const nameParameter = { name: 'name', in: 'path', required: true, schema: { type: 'string' } };

function descriptorOperation(device: Record<string, unknown>): Record<string, unknown> {
  return operation('The download descriptor of a package (Download OTA 1.0)', {
    parameters: [nameParameter, device],
    responses: {
      200: { description: 'The descriptor', content: { 'application/vnd.oma.dd+xml': { schema: { type: 'string' } } } },
      404: failure('No such package'),
    },
  });
}

function installNotification(device: Record<string, unknown>): Record<string, unknown> {
  return operation('How a download by descriptor ended: its installNotifyURI', {
    parameters: [nameParameter, device],
    requestBody: { required: true, content: { 'text/plain': { schema: { type: 'string', example: '900 Success' } } } },
    responses: {
      200: { description: 'Taken' },
      400: failure('Not a notification'),
      404: failure('No such package'),
    },
  });
}
