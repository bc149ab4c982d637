import { once } from 'node:events';
import { type AddressInfo, createConnection, createServer, type Socket } from 'node:net';
import type { Stage } from './processes.ts';

/** A cable between the PC and a handset that listens on tcp: slow on demand, and it can be pulled and put back. */
export interface Cable {
  /** The handset's address by way of the cable. */
  readonly address: string;
  /** Bytes that have gone to the handset since it was plugged in. */
  readonly carried: number;
  /** Resolves when so many bytes have gone to the handset since it was plugged in. */
  passed(bytes: number): Promise<void>;
  pull(): Promise<void>;
  plug(): Promise<void>;
}

/** Time between two pieces of a slow cable, in milliseconds. */
const TICK = 10;

/** @param rate bytes a second towards the handset; default: as fast as it goes */
export async function cableTo(stage: Pick<Stage, 'owns'>, handset: string, rate?: number): Promise<Cable> {
  const [, host = '', port = ''] = handset.split(':');
  const sockets = new Set<Socket>();
  const waiting = new Set<() => void>();
  let carried = 0;
  let listenOn = 0;
  const keep = (socket: Socket): Socket => {
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
    return socket;
  };
  const down = async (from: Socket, to: Socket) => {
    for await (const chunk of from) {
      for (const piece of piecesOf(chunk as Buffer, rate)) {
        if (to.destroyed) return;
        to.write(piece);
        carried += piece.length;
        for (const wake of waiting) wake();
        // The speed of the cable is what is tested with, not what is waited for.
        if (rate !== undefined) await new Promise((next) => setTimeout(next, (piece.length / rate) * 1000));
      }
    }
  };
  const listener = createServer((socket) => {
    const near = keep(socket);
    const far = keep(createConnection(Number(port), host));
    const cut = () => {
      near.destroy();
      far.destroy();
    };
    down(near, far).then(() => far.end(), cut);
    far.pipe(near);
    far.on('close', cut);
    near.on('close', cut);
  });
  const pull = async () => {
    if (!listener.listening) return;
    const closed = new Promise((done) => listener.close(done));
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  const plug = async () => {
    carried = 0;
    listener.listen(listenOn, '127.0.0.1');
    await once(listener, 'listening');
    listenOn = (listener.address() as AddressInfo).port;
  };
  await plug();
  stage.owns(pull);
  return {
    address: `tcp:127.0.0.1:${listenOn}`,
    get carried() {
      return carried;
    },
    async passed(bytes) {
      while (carried < bytes) {
        await new Promise<void>((wake) => waiting.add(wake));
        waiting.clear();
      }
    },
    pull,
    plug,
  };
}

function* piecesOf(chunk: Buffer, rate: number | undefined): Generator<Buffer> {
  const length = rate === undefined ? chunk.length : Math.max(1, Math.round((rate * TICK) / 1000));
  for (let at = 0; at < chunk.length; at += length) yield chunk.subarray(at, at + length);
}
