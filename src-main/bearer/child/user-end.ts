import { once } from 'node:events';
import { ringSocket } from '../tcp/ring-socket.ts';
import { TcpStream } from '../tcp/tcp-stream.ts';

/** The child's end of a stream's local socket. @param hello the first line @throws whatever the socket says */
export async function openUserEnd(path: string, hello: string): Promise<TcpStream> {
  const made = ringSocket({ allowHalfOpen: true });
  made.socket.connect({ path });
  await once(made.socket, 'connect');
  made.socket.write(hello);
  return new TcpStream(made);
}
