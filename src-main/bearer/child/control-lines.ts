import type { Socket } from 'node:net';
import { jsonOf } from '../../base/json.ts';
import { FrameLines } from '../../base/node/frame-lines.ts';
import { MAX_CONTROL_LINE, MAX_HELLO_LINE } from './protocol.ts';

export interface ControlOptions {
  /** @returns false when the message is none of the protocol's: then the connection is cut off. */
  readonly onMessage: (message: unknown) => boolean;
  /** `broken`: it did not keep to the protocol. */
  readonly onEnd: (broken: boolean) => void;
}

/** Reads the control connection until its end; a peer that does not keep to the protocol is cut off. */
export function readControl(socket: Socket, { onMessage, onEnd }: ControlOptions): void {
  const lines = new FrameLines(MAX_CONTROL_LINE);
  let broken = false;
  socket.on('data', (chunk: Buffer) => {
    const whole = lines.take(chunk);
    broken = whole === undefined || !whole.every((line) => onMessage(jsonOf(line)));
    if (broken) socket.destroy();
  });
  socket.on('error', () => socket.destroy());
  socket.on('end', () => socket.destroy());
  socket.once('close', () => onEnd(broken));
}

/** Octets that may wait for a peer that does not read its control connection. */
const MAX_UNREAD = 8 * MAX_CONTROL_LINE;

export function sendControl(socket: Socket, message: object): void {
  if (!socket.writable) return;
  socket.write(`${JSON.stringify(message)}\n`);
  if (socket.writableLength > MAX_UNREAD) socket.destroy();
}

/** The first line of a connection, as JSON; what follows it is left in the socket. `undefined`: there was none. */
export function readHello(socket: Socket, limit: number): Promise<unknown> {
  return new Promise((resolve) => {
    let head: Buffer = Buffer.alloc(0);
    const finish = (value: unknown): void => {
      clearTimeout(timer);
      socket.off('readable', take);
      socket.off('close', stop);
      resolve(value);
    };
    const stop = (): void => finish(undefined);
    const take = (): void => {
      for (let chunk: Buffer | null = socket.read(); chunk !== null; chunk = socket.read()) {
        head = Buffer.concat([head, chunk]);
        const end = head.indexOf(0x0a);
        if (end >= 0) {
          if (end + 1 < head.length) socket.unshift(head.subarray(end + 1));
          return void finish(jsonOf(head.toString('utf8', 0, end)));
        }
        if (head.length > MAX_HELLO_LINE) return void stop();
      }
    };
    const timer = setTimeout(stop, limit);
    socket.on('readable', take);
    socket.once('close', stop);
    take();
  });
}
