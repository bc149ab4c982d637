/** A DM server that cannot be had or talks nonsense, and a handset that goes away: one state, one code, bounded time. */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createConnection, createServer, type Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { toBase64 } from '../../src-main/base/base64.ts';
import { concatBytes, utf8 } from '../../src-main/base/bytes.ts';
import { nodeDigest } from '../../src-main/base/node/digest.ts';
import { buildNotification } from '../../src-main/dm/notification/notification.ts';
import { ourDms, ourHandset } from '../support/our-three.ts';
import { onStage, type Program, type Stage } from '../support/processes.ts';
import { someOf } from '../support/thoroughness.ts';

/** Milliseconds from the start of the relay's process to its end, with `--timeout 1`. */
const SOON = 15_000;

/** Package 0 as our handset takes it from a server with the default account. */
const PACKAGE_0 = toBase64(
  buildNotification(
    {
      serverId: 'virtual-dms',
      password: 'server-secret',
      nonce: utf8('nonce'),
      sessionId: 0x1a2b,
      uiMode: 'background',
      initiator: 'server',
    },
    nodeDigest,
  ),
);

/** A server on a port of its own that does as it is told with each connection. */
async function rawServer(stage: Stage, serve: (socket: Socket) => void): Promise<number> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    serve(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  stage.owns(() => {
    for (const socket of sockets) socket.destroy();
    return new Promise((done) => server.close(done));
  });
  return (server.address() as AddressInfo).port;
}

/** A port where nobody listens. */
async function deadPort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

const HEAD = 'HTTP/1.1 200 OK\r\nContent-Type: application/vnd.syncml.dm+wbxml\r\n';

/** Answers once the request has come whole enough. */
const answering = (text: string) => (socket: Socket) => {
  socket.once('data', () => socket.write(text));
};

function flood(socket: Socket): void {
  socket.once('data', () => {
    socket.write(`${HEAD}Transfer-Encoding: chunked\r\n\r\n`);
    const chunk = `100000\r\n${'x'.repeat(0x100000)}\r\n`;
    const pour = () => {
      while (!socket.destroyed && socket.write(chunk));
    };
    socket.on('drain', pour);
    pour();
  });
}

/** One end, told once: a final `session` event and one error, both with the code of the result. */
async function expectFailure(relay: Program, codes: readonly string[]): Promise<void> {
  const started = performance.now();
  const result = await relay.result();
  expect(performance.now() - started).toBeLessThan(SOON);
  expect(result).toMatchObject({ exit: 1, ok: false, state: 'failed' });
  expect(codes).toContain(result.code);
  const ends = relay.of('session').filter(({ state }) => state !== 'started' && state !== 'running');
  expect(ends).toMatchObject([{ state: 'failed', code: result.code }]);
  expect(relay.of('error')).toMatchObject([{ code: result.code }]);
}

interface BadDms {
  readonly name: string;
  readonly codes: readonly string[];
  readonly serve: (socket: Socket) => void;
}

const BAD: readonly BadDms[] = [
  { name: 'accepts and says nothing', codes: ['relay/timeout', 'dms/timeout'], serve: () => undefined },
  {
    name: 'closes without an answer',
    codes: ['dms/answer-truncated'],
    serve: (socket) => socket.once('data', () => socket.end()),
  },
  {
    name: 'breaks off in mid-answer',
    codes: ['dms/answer-truncated'],
    serve: (socket) => socket.once('data', () => socket.end(`${HEAD}Content-Length: 1000\r\n\r\nhalf of it`)),
  },
  {
    name: 'stalls in mid-answer',
    codes: ['relay/timeout', 'dms/timeout'],
    serve: answering(`${HEAD}Content-Length: 1000\r\n\r\nhalf of it`),
  },
  {
    name: 'answers with a web page',
    codes: ['dms/answer-unexpected'],
    serve: answering('HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 13\r\n\r\n<html></html>'),
  },
  {
    name: 'answers with nothing',
    codes: ['dms/answer-empty'],
    serve: answering(`${HEAD}Content-Length: 0\r\n\r\n`),
  },
  {
    name: 'answers with status 503',
    codes: ['dms/http-status'],
    serve: answering('HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n'),
  },
  {
    name: 'sends the handset elsewhere',
    codes: ['dms/redirect-refused', 'dms/http-status'],
    serve: answering('HTTP/1.1 302 Found\r\nLocation: http://192.0.2.1/\r\nContent-Length: 0\r\n\r\n'),
  },
  {
    name: 'announces 100 MB',
    codes: ['dms/answer-too-large'],
    serve: answering(`${HEAD}Content-Length: 100000000\r\n\r\n`),
  },
  { name: 'never stops answering', codes: ['dms/answer-too-large'], serve: flood },
  { name: 'speaks no HTTP', codes: ['dms/answer-malformed'], serve: answering('220 mail.example ESMTP\r\n') },
];

describe('a relay whose DM server', () => {
  async function relayTo(stage: Stage, port: number): Promise<{ readonly relay: Program; readonly handset: Program }> {
    const { program, address } = await ourHandset(stage);
    const where = ['--handset', address, '--dms', `http://127.0.0.1:${port}/dm`];
    const relay = stage.agent('relay', ...where, '--notification', PACKAGE_0, '--timeout', '1');
    return { relay, handset: program };
  }

  it('is not there ends the session with one code, and the handset goes on', () =>
    onStage(async (stage) => {
      const { relay, handset } = await relayTo(stage, await deadPort());
      await expectFailure(relay, ['dms/unreachable']);
      await handset.event('the end of its session', ({ type, state }) => type === 'session' && state === 'failed');
      expect(await handset.terminate()).toMatchObject({ exit: 0, sessions: [{ ok: false }] });
    }));

  for (const { name, codes, serve } of someOf(BAD, 3)) {
    it(`${name} ends the session with one code`, () =>
      onStage(async (stage) => {
        const { relay } = await relayTo(stage, await rawServer(stage, serve));
        await expectFailure(relay, codes);
      }));
  }

  it('fails once serves the next handset all the same', () =>
    onStage(async (stage) => {
      const dms = await ourDms(stage, '--fault', 'dms-http-500');
      const relay = stage.agent('relay', '--listen', 'tcp:127.0.0.1:0', '--dms', dms.url);
      const where = await relay.address();
      for (const imei of ['004999010640000', '004999010640018']) {
        const handset = stage.agent('virtual-handset', '--connect', where, '--imei', imei);
        expect(await handset.result()).toMatchObject({ exit: 1, ok: false });
      }
      // Told to end between two sessions it has done its duty, whatever became of them.
      const result = await relay.terminate();
      expect(result).toMatchObject({ exit: 0, ok: true, sessionCount: 2 });
      expect(result.sessions).toMatchObject([{ code: 'dms/http-status' }, { code: 'dms/http-status' }]);
    }));
});

/** OBEX answers of a handset (spec sheet obex, section 3): CONNECT with Connection Id and Who, and Success. */
const CONNECTED = Uint8Array.of(
  ...[0xa0, 0x00, 0x18, 0x10, 0x00, 0xff, 0xff, 0xcb, 0x00, 0x00, 0x00, 0x07],
  ...[0x4a, 0x00, 0x0c, ...utf8('SYNCML-DM')],
);
const SUCCESS = Uint8Array.of(0xa0, 0x00, 0x03);
/** The start of an answer of 512 octets that never comes whole. */
const HALF_CONTINUE = concatBytes([Uint8Array.of(0x90, 0x02, 0x00, 0x48, 0x01, 0xfd), new Uint8Array(100)]);

/** A handset that takes package 0 and then treats the relay's GET so. */
const handsetThat = (atGet: (socket: Socket) => void) => (socket: Socket) => {
  let rest: Uint8Array = new Uint8Array(0);
  socket.on('data', (data: Uint8Array) => {
    rest = concatBytes([rest, data]);
    while (rest.length >= 3) {
      const length = ((rest[1] ?? 0) << 8) | (rest[2] ?? 0);
      if (rest.length < length) return;
      const code = rest[0];
      rest = rest.slice(length);
      if (code === 0x80) socket.write(CONNECTED);
      else if (code === 0x83) atGet(socket);
      else socket.write(SUCCESS);
    }
  });
};

describe('a relay whose handset', () => {
  const GONE: readonly { readonly name: string; readonly codes: readonly string[]; atGet: (socket: Socket) => void }[] =
    [
      {
        name: 'vanishes in mid-GET',
        codes: ['bearer/lost'],
        atGet: (socket) => socket.write(HALF_CONTINUE, () => socket.resetAndDestroy()),
      },
      {
        name: 'hangs up in mid-GET',
        codes: ['bearer/lost', 'obex/truncated'],
        atGet: (socket) => socket.end(HALF_CONTINUE),
      },
      {
        name: 'falls silent in mid-GET',
        codes: ['relay/timeout', 'obex/timeout'],
        atGet: (socket) => socket.write(HALF_CONTINUE),
      },
      {
        name: 'talks nonsense',
        codes: ['obex/packet-length'],
        atGet: (socket) => socket.write(Uint8Array.of(0xa0, 0x00, 0x02)),
      },
    ];
  for (const { name, codes, atGet } of someOf(GONE, 2)) {
    it(`${name} ends the session with one code`, () =>
      onStage(async (stage) => {
        const dms = await ourDms(stage);
        const port = await rawServer(stage, handsetThat(atGet));
        const where = ['--handset', `tcp:127.0.0.1:${port}`, '--dms', dms.url];
        await expectFailure(stage.agent('relay', ...where, '--notification', PACKAGE_0, '--timeout', '1'), codes);
        expect(dms.program.of('message')).toEqual([]);
      }));
  }

  it('is not there says so with exit 3', () =>
    onStage(async (stage) => {
      const dms = await ourDms(stage);
      const where = ['--handset', `tcp:127.0.0.1:${await deadPort()}`, '--dms', dms.url];
      const relay = stage.agent('relay', ...where, '--notification', PACKAGE_0);
      expect(await relay.result()).toMatchObject({ exit: 3, ok: false, code: 'bearer/unavailable' });
    }));

  it('comes half and leaves takes no place from the next one', () =>
    onStage(async (stage) => {
      const dms = await ourDms(stage);
      const relay = stage.agent('relay', '--listen', 'tcp:127.0.0.1:0', '--dms', dms.url, '--count', '1');
      const where = await relay.address();
      const port = Number(where.slice(where.lastIndexOf(':') + 1));
      for (const part of [CONNECT.subarray(0, 5), CONNECT, concatBytes([CONNECT, HALF_PUT])]) {
        const socket = createConnection(port, '127.0.0.1');
        socket.on('error', () => undefined);
        await once(socket, 'connect');
        socket.end(part);
        socket.resume();
        await once(socket, 'close');
      }
      const handset = stage.agent('virtual-handset', '--connect', where);
      expect(await handset.result()).toMatchObject({ exit: 0, ok: true });
      expect(await relay.result()).toMatchObject({ exit: 0, ok: true, state: 'done' });
    }));
});

const CONNECT = Uint8Array.of(...[0x80, 0x00, 0x13, 0x10, 0x00, 0xff, 0xff, 0x46, 0x00, 0x0c], ...utf8('SYNCML-DM'));
/** A PUT whose length says 256 octets. */
const HALF_PUT = Uint8Array.of(0x02, 0x01, 0x00, 0xcb, 0x00, 0x00);

describe('an OBEX peer with another Connection Id', () => {
  it.each(['virtual-handset', 'relay'])('is refused by %s with 0xD3, and the right one is served', (command) =>
    onStage(async (stage) => {
      const dms = await ourDms(stage);
      const listen = ['--listen', 'tcp:127.0.0.1:0'];
      const program = stage.agent(command, ...listen, ...(command === 'relay' ? ['--dms', dms.url] : []));
      const where = await program.address();
      const socket = createConnection(Number(where.slice(where.lastIndexOf(':') + 1)), '127.0.0.1');
      const answers = packetsOf(socket);
      socket.write(CONNECT);
      const connected = await answers();
      const at = connected.indexOf(0xcb);
      const id = connected.slice(at + 1, at + 5);
      const wrong = id.map((octet) => octet ^ 0x55);
      for (const [sent, code] of [
        [wrong, 0xd3],
        [id, 0xa0],
      ] as const) {
        socket.write(disconnect(sent));
        expect((await answers())[0]).toBe(code);
      }
      socket.destroy();
      expect(await program.terminate()).toMatchObject({ exit: 0 });
    }),
  );
});

function disconnect(connectionId: Uint8Array): Uint8Array {
  return Uint8Array.of(0x81, 0x00, 0x08, 0xcb, ...connectionId);
}

/** Waits for one whole packet after the other. */
function packetsOf(socket: Socket): () => Promise<Uint8Array> {
  let rest: Uint8Array = new Uint8Array(0);
  let wake = Promise.withResolvers<void>();
  socket.on('data', (data: Uint8Array) => {
    rest = concatBytes([rest, data]);
    wake.resolve();
    wake = Promise.withResolvers<void>();
  });
  return async () => {
    for (;;) {
      const length = ((rest[1] ?? 0) << 8) | (rest[2] ?? 0);
      if (rest.length >= 3 && rest.length >= length) {
        const packet = rest.slice(0, length);
        rest = rest.slice(length);
        return packet;
      }
      await wake.promise;
    }
  };
}
