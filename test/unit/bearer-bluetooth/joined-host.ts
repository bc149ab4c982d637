import type { ByteStream } from '../../../src-main/base/byte-stream.ts';
import type { RfcommHost } from '../../../src-main/bearer/bluetooth/rfcomm-host.ts';
import { RfcommStream } from '../../../src-main/bearer/bluetooth/rfcomm-stream.ts';
import { RfcommAddon } from '../../../src-main/bearer/child/native/rfcomm-addon.ts';
import { findRfcommBinary, loadRfcommBinary } from '../../../src-main/bearer/child/native/rfcomm-binary.ts';
import { rfcommError } from '../../../src-main/bearer/child/native/rfcomm-errors.ts';

const CHANNELS = 30;

let addon: RfcommAddon | undefined;

/** The addon of this process: it is started once. */
export function ownAddon(): RfcommAddon {
  addon ??= new RfcommAddon(loadRfcommBinary(findRfcommBinary() ?? ''));
  return addon;
}

/**
 * A radio in this process: who connects to a channel that is listened on gets one of two sockets of the addon's hook,
 * and the listener the other. All that a handset's octets go through is real, but for the radio itself.
 */
export class JoinedHost implements RfcommHost {
  readonly #listeners = new Map<number, (stream: ByteStream, address: string) => void>();

  readonly connect: RfcommHost['connect'] = async ({ channel, address }, { signal }) => {
    signal.throwIfAborted();
    const [near, far] = await ownAddon().pair();
    const call = this.#listeners.get(channel);
    if (!signal.aborted && call !== undefined) {
      // As who is called sees it, from this address to itself.
      call(Object.assign(far, { peer: `bluetooth:${address}` }), address);
      return near;
    }
    await Promise.all([near.close(), far.close()]);
    signal.throwIfAborted();
    throw rfcommError('ECONNREFUSED');
  };

  readonly listen: RfcommHost['listen'] = async ({ channel }, { signal, onStream }) => {
    signal.throwIfAborted();
    const free = Array.from({ length: CHANNELS }, (_, index) => index + 1).find((one) => !this.#listeners.has(one));
    const taken = channel ?? free;
    if (taken === undefined || this.#listeners.has(taken)) throw rfcommError('EADDRINUSE');
    this.#listeners.set(taken, onStream);
    const close = async (): Promise<void> => void this.#listeners.delete(taken);
    signal.addEventListener('abort', close, { once: true });
    return { channel: taken, close };
  };
}

/** Breaks the link below a stream. */
export function breakLink(stream: ByteStream | undefined): void {
  if (stream instanceof RfcommStream) stream.reset();
}
