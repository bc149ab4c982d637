import { createConnection } from 'node:net';
import { FrameLines } from '../base/node/frame-lines.ts';
import { MAX_HOST_FRAME } from '../contract/frames.ts';
import { prepareEndpoint } from './endpoint.ts';
import type { FaceDoor, FaceEntrance, FaceExit } from './port-host.ts';

/**
 * Faces get in at the host that runs already, each over a connection of its own to its local socket. The frames pass as
 * they are, so what the two do not understand of each other is told to the face by the host itself.
 */
export function joinHost(endpoint: string): FaceDoor {
  const lost = Promise.withResolvers<void>();
  const open = new Set<() => void>();
  return {
    own: false,
    lost: lost.promise,
    open(exit) {
      const { entrance, end } = connectFace(endpoint, exit, () => {
        open.delete(end);
        lost.resolve();
      });
      open.add(end);
      return entrance;
    },
    async close() {
      for (const end of open) end();
    },
  };
}

interface JoinedFace {
  readonly entrance: FaceEntrance;
  readonly end: () => void;
}

/** @param onLost the host, not the face, ended it */
function connectFace(endpoint: string, exit: FaceExit, onLost: () => void): JoinedFace {
  prepareEndpoint(endpoint);
  const socket = createConnection(endpoint);
  const lines = new FrameLines(MAX_HOST_FRAME);
  let over = false;
  const end = () => {
    over = true;
    socket.destroy();
  };
  socket.on('data', (chunk) => {
    const whole = lines.take(chunk);
    if (whole === undefined) return void socket.destroy();
    for (const line of whole) exit.send(line);
  });
  socket.on('error', () => socket.destroy());
  socket.on('close', () => {
    if (over) return;
    over = true;
    exit.dropped();
    onLost();
  });
  return { end, entrance: { receive: (text) => void socket.write(`${text}\n`), closed: end } };
}
