import { z } from 'zod';
import { fromBase64, toBase64 } from '../../base/base64.ts';
import { deviceKey } from '../../base/device-key.ts';
import type { Account } from '../../dm/account.ts';
import { DEFAULT_NONCE } from '../../dm/auth/credentials.ts';
import { type JsonFile, noFile, openJsonFile } from './json-file.ts';

const DevicesFile = z.object({
  version: z.literal(1),
  /** Base64 nonces by device and ServerID: of the client's proof and of the server's. */
  nonces: z.record(z.string(), z.object({ client: z.string(), server: z.string() })),
});
type DevicesFile = z.infer<typeof DevicesFile>;

export interface Nonces {
  readonly client: Uint8Array;
  readonly server: Uint8Array;
}

/** What the server remembers of each handset between sessions: the nonces of both ways. */
export interface KnownDevices {
  noncesOf(device: string, account: Account): Nonces;
  /** On the disk when it returns. */
  keep(device: string, account: Account, nonces: Nonces): void;
}

/** Handsets kept; far more than a bench ever sees. */
const MAX_DEVICES = 100_000;

export async function openKnownDevices(options: { readonly state?: string }): Promise<KnownDevices> {
  const file: JsonFile<DevicesFile> =
    options.state === undefined
      ? noFile<DevicesFile>()
      : await openJsonFile(options.state, 'devices.json', DevicesFile);
  const nonces = new Map(Object.entries(file.initial?.nonces ?? {}));
  return {
    noncesOf(device, account) {
      // By the device alone they were kept before there was more than one account.
      const stored = nonces.get(keyOf(device, account)) ?? nonces.get(deviceKey(device));
      return {
        client: fromBase64(stored?.client ?? account.clientNonce) ?? DEFAULT_NONCE,
        server: fromBase64(stored?.server ?? account.serverNonce) ?? DEFAULT_NONCE,
      };
    },
    keep(device, account, { client, server }) {
      const key = keyOf(device, account);
      const oldest = nonces.keys().next().value;
      if (!nonces.has(key) && nonces.size >= MAX_DEVICES && oldest !== undefined) nonces.delete(oldest);
      nonces.set(key, { client: toBase64(client), server: toBase64(server) });
      file.write({ version: 1, nonces: Object.fromEntries(nonces) });
    },
  };
}

/** A device id has no blank. */
function keyOf(device: string, { serverId }: Account): string {
  return `${deviceKey(device)} ${serverId}`;
}
