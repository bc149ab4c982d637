import { describe, expect, it } from 'vitest';
import { parseListen } from '../../../src-main/virtual/dms/server.ts';
import { startDms } from './dms-fixture.ts';

describe('parseListen', () => {
  it('listens on loopback unless a host is named', () => {
    expect(parseListen('8080')).toEqual({ host: '127.0.0.1', port: 8080 });
    expect(parseListen(':0')).toEqual({ host: '127.0.0.1', port: 0 });
    expect(parseListen('0.0.0.0:8080')).toEqual({ host: '0.0.0.0', port: 8080 });
    expect(parseListen('[::1]:8080')).toEqual({ host: '::1', port: 8080 });
    expect(parseListen('localhost:1')).toEqual({ host: 'localhost', port: 1 });
  });

  it.each(['', 'host', 'host:', 'host:70000', 'http://host:1', '::1:80', '*:80'])('refuses %j', (text) => {
    expect(() => parseListen(text)).toThrow(expect.objectContaining({ code: 'cli/listen-invalid' }));
  });
});

describe('createDmsServer', () => {
  it('says which address is taken', async () => {
    const { port } = await startDms();
    const { createDmsServer } = await import('../../../src-main/virtual/dms/server.ts');
    const { jobs, reports, installations, notifications, outside } = await startDms();
    const packages = { list: async () => [], find: async () => undefined } as never;
    const dm = { handle: async () => ({ status: 500, message: '' }) };
    const second = createDmsServer({
      dm,
      packages,
      jobs,
      reports,
      installations,
      notifications,
      outside,
      version: '0',
    });
    await expect(second.listen({ host: '127.0.0.1', port })).rejects.toMatchObject({
      code: 'dms/listen-failed',
      details: { os: 'EADDRINUSE' },
    });
  });

  it('answers unknown paths in JSON', async () => {
    const { get } = await startDms();
    for (const path of ['/', '/api/v2/jobs', '/api/v1/', '/favicon.ico?x=<script>']) {
      expect(await get(path)).toMatchObject({ status: 404, json: { code: 'dms/not-found' } });
    }
  });

  it('describes its interfaces in OpenAPI 3.1, with the schemas that it checks with', async () => {
    const { get } = await startDms();
    const { json } = await get('/api/v1/openapi.json');
    expect(json.openapi).toBe('3.1.0');
    expect(json.info.version).toBe('1.2.3');
    expect(Object.keys(json.paths)).toEqual([
      '/dm',
      '/api/v1/jobs',
      '/api/v1/jobs/{id}',
      '/api/v1/jobs/{id}/approval',
      '/api/v1/jobs/{id}/events',
      '/api/v1/orders',
      '/api/v1/orders/{id}',
      '/api/v1/orders/{id}/approval',
      '/api/v1/events',
      '/api/v1/rules',
      '/api/v1/rules/{model}',
      '/api/v1/schedules',
      '/api/v1/schedules/{id}',
      '/api/v1/devices',
      '/api/v1/devices/{id}',
      '/api/v1/comparisons',
      '/api/v1/comparisons/{id}/install-missing',
      '/api/v1/notifications',
      '/api/v1/reports',
      '/packages/index.json',
      '/packages/{name}',
      '/packages/{name}.dd',
      '/notify/{name}',
      '/api/v1/installations',
    ]);
    const [job, order] = json.paths['/api/v1/jobs'].post.requestBody.content['application/json'].schema.anyOf;
    expect([job.required, order.required]).toEqual([
      ['device', 'operation'],
      ['model', 'operation'],
    ]);
    expect(job.properties.operation.enum).toEqual(expect.arrayContaining(['inventory', 'ask', 'commands']));
    // What it holds is written out: references would point into the whole document.
    expect(JSON.stringify(json)).not.toContain('$ref');
    const command = job.properties.commands.items.properties;
    expect(command.kind.enum).toContain('Atomic');
    expect(command.commands.items.properties.commands.items.properties.target.type).toBe('string');
    expect(job.properties.question.oneOf ?? job.properties.question.anyOf).toHaveLength(4);
    const report = json.paths['/api/v1/reports'].post.requestBody.content['application/json'].schema;
    expect(Object.keys(report.properties)).toEqual([
      'job',
      'device',
      'operation',
      'package',
      'component',
      'state',
      'resultCode',
      'alert',
      'message',
      'difference',
      'at',
    ]);
    for (const path of Object.values<Record<string, { responses: object }>>(json.paths)) {
      for (const operation of Object.values(path)) expect(Object.keys(operation.responses).length).toBeGreaterThan(0);
    }
  });
});
