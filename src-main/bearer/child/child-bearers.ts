import type { Clock } from '../../base/clock.ts';
import type { Duration } from '../../base/durations.ts';
import { nodeClock } from '../../base/node/clock.ts';
import type { Bearer, BearerAddress, BearerKind } from '../bearer.ts';
import type { Bearers } from '../bearers.ts';
import { parseBluetoothAddress } from '../bluetooth/bluetooth-address.ts';
import { parseSerialAddress } from '../serial/serial-address.ts';
import { createTcpBearer } from '../tcp/tcp-bearer.ts';
import { parseUsbAddress } from '../usb/usb-address.ts';
import { ChildRequests } from './child-requests.ts';
import { bearerOf } from './native-bearers.ts';
import { nodeBearerChild, type StartBearerChild } from './start-child.ts';

export interface ChildBearersOptions {
  /** Default: a plain Node. */
  readonly start?: StartBearerChild;
  /** Something for people that belongs to no request. Default: nobody is told. */
  readonly note?: (text: string) => void;
  /** TCP goes through the child too, which it need not: no native module has to do with it. Default false. */
  readonly tcp?: boolean;
  readonly clock?: Clock;
  /** Between two looks whether the child still answers; default 5 s. */
  readonly heartbeat?: Duration;
}

/**
 * The bearers of a process that loads no native module itself: those that need one are in a child, which is started at
 * first use. When it dies, its streams fail with `bearer/lost` and its requests with `bearer/child-lost`; the next
 * request has it started again.
 */
export function childBearers(options: ChildBearersOptions = {}): Bearers {
  const { clock = nodeClock, note = () => undefined } = options;
  const start = options.start ?? nodeBearerChild(new URL('child-entry.ts', import.meta.url));
  const requests = new ChildRequests({
    ...{ start, clock, note },
    ...(options.heartbeat === undefined ? {} : { heartbeat: options.heartbeat }),
  });
  const tcp = createTcpBearer();
  const built = {
    tcp: options.tcp === true ? through(requests, 'tcp', tcp.parse) : tcp,
    serial: through(requests, 'serial', parseSerialAddress),
    usb: through(requests, 'usb', parseUsbAddress),
    bluetooth: through(requests, 'bluetooth', parseBluetoothAddress),
  };
  return {
    for: (kind) => bearerOf(kind, built),
    discovery: {
      look: (signal) => requests.look(signal),
      watch: (onChange, signal) => requests.watch(onChange, signal),
    },
    rfcomm: {
      services: (address, signal) => requests.services(address, signal),
      state: (signal) => requests.rfcomm(signal),
    },
    close: () => requests.close(),
  };
}

function through<A extends BearerAddress>(
  requests: ChildRequests,
  kind: BearerKind,
  parse: (text: string) => A,
): Bearer<A> {
  return {
    kind,
    parse,
    dial: (address, { signal }) => requests.dial(kind, address.text, signal),
    listen: async (address, { signal, onStream }) => {
      const listener = await requests.listen(kind, address.text, onStream, signal);
      return { address: parse(listener.address), close: listener.close };
    },
  };
}
