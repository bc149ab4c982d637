import { PcAgentError } from '../../base/errors.ts';
import { bracketed } from '../../base/ip-address.ts';
import type { BearerAddress } from '../bearer.ts';

/** `tcp:HOST:PORT`; an IPv6 address stands in brackets. Port 0 means any free port where one listens. */
export interface TcpAddress extends BearerAddress {
  readonly bearer: 'tcp';
  readonly host: string;
  readonly port: number;
}

const FORM = /^tcp:(?:\[([0-9A-Fa-f:.]+(?:%[\w.-]+)?)\]|([\w.-]+)):(\d{1,5})$/;

/** @throws PcAgentError `bearer/address-invalid` */
export function parseTcpAddress(text: string): TcpAddress {
  const match = FORM.exec(text);
  const host = match?.[1] ?? match?.[2];
  const port = Number(match?.[3]);
  if (host === undefined || !(port <= 65535)) {
    throw new PcAgentError('bearer/address-invalid', `not a TCP address (tcp:HOST:PORT): ${text}`, {
      details: { address: text },
    });
  }
  return tcpAddress(host, port);
}

export function tcpAddress(host: string, port: number): TcpAddress {
  return { bearer: 'tcp', text: `tcp:${bracketed(host)}:${port}`, host, port };
}
