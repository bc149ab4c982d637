// Loaded into a virtual DMS by NODE_OPTIONS: writes what reaches its HTTP server and how each answer ended.
import { channel } from 'node:diagnostics_channel';
import { appendFileSync } from 'node:fs';

const file = process.env.PC_AGENT_TEST_REQUESTS;

if (file !== undefined && process.argv.includes('virtual-dms')) {
  channel('http.server.request.start').subscribe(({ request, response }) => {
    response.once('close', () => {
      const { method, url, headers } = request;
      const { statusCode, writableFinished } = response;
      const seen = {
        method,
        url,
        range: headers.range,
        ifRange: headers['if-range'],
        statusCode,
        whole: writableFinished,
      };
      appendFileSync(file, `${JSON.stringify(seen)}\n`);
    });
  });
}
