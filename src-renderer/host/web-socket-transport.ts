import { exchangeToken, isSignedIn } from './sign-in.ts';
import type { Transport, TransportConnection, TransportHandlers } from './transport.ts';

/** To the host's page server, from a web browser. */
export class WebSocketTransport implements Transport {
  #token: string | undefined;

  /** @param token of the one-time address, when it had one */
  constructor(token: string | undefined) {
    this.#token = token;
  }

  async signIn(): Promise<string | undefined> {
    const token = this.#token;
    if (token !== undefined && (await exchangeToken(token))) {
      this.#token = undefined;
      return undefined;
    }
    if (await isSignedIn()) return undefined;
    return token === undefined ? 'page/no-session' : 'page/token-spent';
  }

  open({ onOpen, onFrame, onClose }: TransportHandlers): TransportConnection {
    const socket = new WebSocket(`ws://${location.host}/contract`);
    socket.onopen = onOpen;
    socket.onmessage = ({ data }) => {
      if (typeof data === 'string') onFrame(data);
    };
    socket.onclose = onClose;
    return {
      send: (text) => socket.send(text),
      close: () => socket.close(),
    };
  }
}
