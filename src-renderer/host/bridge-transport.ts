import type { WindowBridge } from '../../src-main/contract/window-bridge.ts';
import type { Transport, TransportConnection, TransportHandlers } from './transport.ts';

/** To the host's process, through the preload of the program's own window. */
export class BridgeTransport implements Transport {
  readonly #bridge: WindowBridge;

  constructor(bridge: WindowBridge) {
    this.#bridge = bridge;
  }

  async signIn(): Promise<string | undefined> {
    return undefined;
  }

  open({ onOpen, onFrame, onClose }: TransportHandlers): TransportConnection {
    const stopFrames = this.#bridge.onFrame(onFrame);
    let open = true;
    const close = () => {
      if (!open) return;
      open = false;
      stopFrames();
      stopLost();
      onClose();
    };
    const stopLost = this.#bridge.onHostLost(close);
    queueMicrotask(() => {
      if (open) onOpen();
    });
    return { send: this.#bridge.send, close };
  }
}
