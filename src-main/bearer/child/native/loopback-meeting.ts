import { randomBytes, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';

/** Hexadecimal characters: the secret, then the stream's number. */
const SECRET = 32;
const NUMBER = 8;
/** A stream of ours says at once which it is. */
const HELLO_LIMIT = 2000;

/**
 * Where the addon hands its streams over on a system that cannot hand over descriptors: it connects to this server on
 * the loopback interface and says a secret and the stream's number first.
 */
export class LoopbackMeeting {
  readonly secret = randomBytes(SECRET / 2).toString('hex');
  readonly port: number;
  readonly #arrived = new Map<number, PromiseWithResolvers<Socket>>();

  private constructor(server: Server, port: number) {
    this.port = port;
    server.on('connection', (socket) => this.#receive(socket));
    server.on('error', () => undefined);
    server.unref();
  }

  static async open(): Promise<LoopbackMeeting> {
    const server = createServer({ allowHalfOpen: true, noDelay: true });
    server.listen({ host: '127.0.0.1', port: 0 });
    await once(server, 'listening');
    const address = server.address();
    return new LoopbackMeeting(server, address !== null && typeof address === 'object' ? address.port : 0);
  }

  /** The socket of the stream with this number. */
  async arrival(id: number): Promise<Socket> {
    try {
      return await this.#expected(id).promise;
    } finally {
      this.#arrived.delete(id);
    }
  }

  #expected(id: number): PromiseWithResolvers<Socket> {
    const known = this.#arrived.get(id);
    if (known !== undefined) return known;
    const expected = Promise.withResolvers<Socket>();
    this.#arrived.set(id, expected);
    return expected;
  }

  #receive(socket: Socket): void {
    const timer = setTimeout(() => socket.destroy(), HELLO_LIMIT);
    const destroy = (): void => void socket.destroy();
    const take = (): void => {
      const hello: Buffer | null = socket.read(SECRET + NUMBER);
      if (hello === null) return;
      clearTimeout(timer);
      socket.off('readable', take);
      socket.off('error', destroy);
      const secret = hello.subarray(0, SECRET);
      const id = Number.parseInt(hello.toString('latin1', SECRET), 16);
      if (timingSafeEqual(secret, Buffer.from(this.secret)) && id > 0) this.#expected(id).resolve(socket);
      else socket.destroy();
    };
    socket.on('error', destroy);
    socket.on('readable', take);
  }
}
