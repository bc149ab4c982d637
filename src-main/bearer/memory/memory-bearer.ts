import type { ByteStream } from '../../base/byte-stream.ts';
import { PcAgentError } from '../../base/errors.ts';
import type { Bearer, BearerAddress, BearerListener } from '../bearer.ts';
import { type MemoryStreamOptions, memoryPair } from './memory-stream.ts';

export interface MemoryAddress extends BearerAddress {
  readonly bearer: 'memory';
  readonly name: string;
}

/** A bearer whose two sides are in this process, for tests; each has its own name space. */
export function createMemoryBearer(options: MemoryStreamOptions = {}): Bearer<MemoryAddress> {
  const listeners = new Map<string, (stream: ByteStream) => void>();
  return {
    kind: 'memory',
    parse: parseMemoryAddress,
    dial: async (address, { signal }) => {
      signal.throwIfAborted();
      const onStream = listeners.get(address.name);
      if (onStream === undefined) throw unavailable(address, 'nobody listens on');
      const [ours, theirs] = memoryPair(options);
      onStream(theirs);
      return ours;
    },
    listen: async (address, { signal, onStream }): Promise<BearerListener> => {
      signal.throwIfAborted();
      if (listeners.has(address.name)) throw unavailable(address, 'somebody listens already on');
      listeners.set(address.name, onStream);
      const close = async (): Promise<void> => {
        if (listeners.get(address.name) === onStream) listeners.delete(address.name);
      };
      signal.addEventListener('abort', () => void close(), { once: true });
      return { address, close };
    },
  };
}

function parseMemoryAddress(text: string): MemoryAddress {
  const name = /^memory:(\w+)$/.exec(text)?.[1];
  if (name === undefined) {
    throw new PcAgentError('bearer/address-invalid', `not a memory address (memory:NAME): ${text}`, {
      details: { address: text },
    });
  }
  return { bearer: 'memory', text, name };
}

function unavailable(address: MemoryAddress, what: string): PcAgentError {
  return new PcAgentError('bearer/unavailable', `${what} ${address.text}`, {
    retry: 'later',
    details: { bearer: 'memory', address: address.text },
  });
}
