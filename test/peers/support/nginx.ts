import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import type { Stage } from '../../support/processes.ts';

/** Debian's nginx with the files of a folder. */
export interface Nginx {
  readonly url: string;
  /** Folder of its files. */
  readonly root: string;
  readonly put: (name: string, content: string | Uint8Array) => Promise<void>;
  /** A descriptor of one of its files, with `/notify/42` to tell it how that ended. */
  readonly descriptor: (
    object: string,
    size: number,
    options?: { readonly more?: string; readonly type?: string },
  ) => string;
  /** Lines of its log: method, path, status, range and body. */
  readonly log: () => Promise<readonly string[]>;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return address !== null && typeof address === 'object' ? address.port : 0;
}

/** Serves until the stage ends; notifications go into its log, with their bodies. */
export async function nginx(stage: Stage): Promise<Nginx> {
  const root = join(stage.folder, 'www');
  const log = join(stage.folder, 'access.log');
  await mkdir(root);
  const port = await freePort();
  const configuration = `
daemon off; master_process off; pid ${stage.folder}/nginx.pid; error_log stderr warn;
events { worker_connections 64; }
http {
  types { application/vnd.oma.dd+xml dd; application/java-archive jar; }
  default_type application/octet-stream;
  log_format said '$request_method $uri $status [$http_range] "$request_body"';
  access_log ${log} said;
  sendfile on;
  client_body_temp_path ${stage.folder}/body; proxy_temp_path ${stage.folder}/p;
  fastcgi_temp_path ${stage.folder}/f; uwsgi_temp_path ${stage.folder}/u; scgi_temp_path ${stage.folder}/s;
  server {
    listen 127.0.0.1:${port};
    root ${root};
    location /moved.dd { return 302 /maps.dd; }
    location /loop.dd { return 302 /loop2.dd; }
    location /loop2.dd { return 302 /loop.dd; }
    location /wrong-type.jar { alias ${root}/maps.jar; types { text/html jar; } }
    # A body is read, and so logged, only where it is passed on.
    location /notify/ { proxy_pass http://127.0.0.1:${port}/ok; }
    location /ok { return 200; }
  }
}
`;
  const file = join(stage.folder, 'nginx.conf');
  await writeFile(file, configuration);
  const program = stage.program('nginx', ['nginx', '-p', stage.folder, '-c', file]);
  const url = `http://127.0.0.1:${port}`;
  await answering(`${url}/ok`, () => program.describe());
  return {
    url,
    root,
    put: async (name, content) => writeFile(join(root, name), content),
    descriptor: (object, size, { more = '', type = 'application/java-archive' } = {}) =>
      `<media xmlns="http://www.openmobilealliance.org/xmlns/dd"><name>Maps</name><vendor>Example</vendor><type>${type}</type><size>${size}</size><objectURI>${url}/${object}</objectURI><installNotifyURI>${url}/notify/42</installNotifyURI>${more}</media>`,
    log: async () => (await readFile(log, 'utf8')).split('\n'),
  };
}

async function answering(url: string, describe: () => string): Promise<void> {
  for (let tries = 0; tries < 200; tries += 1) {
    const ok = await fetch(url).then(
      (answer) => answer.ok,
      () => false,
    );
    if (ok) return;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error(`nginx does not answer\n${describe()}`);
}
