import { createServer, connect as dial, type Server, type Socket } from 'node:net';
import type { Connect, UsbipDevice } from './device.ts';
import { deviceList, importAnswer, type Message, MessageReader } from './protocol.ts';

/** Octets that wait for the host before the far side is held back. */
const ENOUGH = 256 * 1024;

/** Exports devices over USB/IP on the loopback interface. */
export class UsbipServer {
  readonly #devices = new Map<string, UsbipDevice>();
  readonly #imported = new Map<string, Socket>();
  readonly #server: Server;

  constructor() {
    this.#server = createServer((socket) => this.#serve(socket));
  }

  /** @returns the port */
  async listen(): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(0, '127.0.0.1', resolve);
    });
    const address = this.#server.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  }

  /** May be attached from now on. */
  offer(device: UsbipDevice): void {
    this.#devices.set(device.busId, device);
  }

  /** Surprise removal: the host's side is told that the line is cut. */
  unplug(busId: string): void {
    this.#imported.get(busId)?.destroy();
  }

  async close(): Promise<void> {
    for (const socket of this.#imported.values()) socket.destroy();
    await new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
    });
  }

  #serve(socket: Socket): void {
    const reader = new MessageReader();
    let device: UsbipDevice | undefined;
    const reply = (bytes: Buffer): void => void (socket.destroyed || socket.write(bytes));
    const handle = (message: Message): void => {
      switch (message.kind) {
        case 'list':
          reply(deviceList([...this.#devices.values()].map(({ exported }) => exported)));
          return;
        case 'import':
          device = this.#imported.has(message.busId) ? undefined : this.#devices.get(message.busId);
          reply(importAnswer(device?.exported));
          if (device === undefined) return;
          this.#imported.set(device.busId, socket);
          device.attach(reply);
          return;
        case 'submit':
          device?.submit(message);
          return;
        case 'unlink':
          device?.unlink(message.sequence, message.victim);
          return;
      }
    };
    socket.setNoDelay(true);
    socket.on('data', (bytes) => {
      try {
        for (const message of reader.take(bytes)) handle(message);
      } catch {
        socket.destroy();
      }
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      if (device === undefined) return;
      this.#imported.delete(device.busId);
      device.detach();
    });
  }
}

/** Joins a data interface to a TCP listener, such as a virtual handset's: one connection for each time it is opened. */
export function joinedToTcp(port: number): Connect {
  return ({ deliver, waiting }) => {
    const socket = dial(port, '127.0.0.1');
    socket.setNoDelay(true);
    socket.on('error', () => undefined);
    socket.on('data', (bytes) => {
      deliver(bytes);
      if (waiting() <= ENOUGH) return;
      socket.pause();
      const timer = setInterval(() => {
        if (!socket.destroyed && waiting() > ENOUGH / 2) return;
        clearInterval(timer);
        socket.resume();
      }, 1);
    });
    return {
      write: (bytes) =>
        new Promise((resolve) => {
          if (socket.destroyed || socket.write(bytes)) return resolve();
          socket.once('drain', resolve);
          socket.once('close', () => resolve());
        }),
      close: () => void socket.destroy(),
    };
  };
}
