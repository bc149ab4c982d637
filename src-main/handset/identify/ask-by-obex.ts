import type { ByteStream } from '../../base/byte-stream.ts';
import { seconds } from '../../base/durations.ts';
import { isPcAgentError } from '../../base/errors.ts';
import { SYNCML_DM_TARGET } from '../../link/obex-envelope.ts';
import { connectObex, type ObexClient } from '../../obex/client.ts';
import { type Header, HeaderId, textHeader, typeHeader } from '../../obex/header.ts';
import type { ObexTimeouts } from '../../obex/time-limit.ts';
import { MAX_CAPABILITY, readCapability, readDevInfo } from './capability-object.ts';
import type { HandsetFacts } from './facts.ts';

export interface AskByObexOptions {
  readonly signal: AbortSignal;
  /** Told each thing as soon as it is known. */
  readonly learn: (facts: HandsetFacts) => void;
}

/** A handset that is idle answers at once; who waits longer here makes a person wait for the card. */
const TIMEOUTS: Partial<ObexTimeouts> = {
  response: seconds(3),
  firstPacket: seconds(3),
  abort: seconds(1),
  disconnect: seconds(1),
};

/** Folder-browsing service of IrOBEX: F9EC7BC4-953C-11D2-984E-525400DC9E09. */
const FOLDER_BROWSING = Uint8Array.of(
  ...[0xf9, 0xec, 0x7b, 0xc4, 0x95, 0x3c, 0x11, 0xd2, 0x98, 0x4e, 0x52, 0x54, 0x00, 0xdc, 0x9e, 0x09],
);

/**
 * Asks a handset for what it says of itself: its capability object (IrOBEX 1.3, 9.2), and its device information of IrMC
 * where that says too little. On a connection without a Target, or where that is refused, with folder browsing. The
 * stream stays open.
 * @throws PcAgentError `obex/timeout`, `bearer/lost`; AbortError.
 */
export async function askCapability(stream: ByteStream, options: AskByObexOptions): Promise<void> {
  const client = (await connected(stream, undefined, options)) ?? (await connected(stream, FOLDER_BROWSING, options));
  if (client === undefined) return;
  try {
    const capability = await objectOf(client, [typeHeader('x-obex/capability')], options);
    const facts = capability === undefined ? {} : readCapability(capability);
    options.learn(facts);
    if (facts.imei !== undefined && facts.model !== undefined) return;
    const devInfo = await objectOf(client, [textHeader(HeaderId.Name, 'telecom/devinfo.txt')], options);
    if (devInfo !== undefined) options.learn(readDevInfo(devInfo));
  } finally {
    await client.close();
  }
}

/**
 * Connects to device management and leaves again: nothing is asked of it. The stream stays open.
 * @throws PcAgentError `obex/timeout`, `bearer/lost`; AbortError.
 */
export async function askForDm(stream: ByteStream, options: AskByObexOptions): Promise<void> {
  const client = await connected(stream, SYNCML_DM_TARGET, options);
  options.learn({ speaksDm: client !== undefined });
  await client?.close();
}

/** `undefined` when the handset refuses, or another service answers. */
async function connected(
  stream: ByteStream,
  target: Uint8Array | undefined,
  { signal }: AskByObexOptions,
): Promise<ObexClient | undefined> {
  // The next connection goes over the same stream.
  const kept: ByteStream = {
    noisy: stream.noisy === true,
    prepares: stream.prepares === true,
    read: (limited) => stream.read(limited),
    write: (bytes, limited) => stream.write(bytes, limited),
    close: async () => undefined,
  };
  try {
    return await connectObex(kept, { signal, timeouts: TIMEOUTS, ...(target === undefined ? {} : { target }) });
  } catch (error) {
    if (REFUSALS.some((code) => isPcAgentError(error, code))) return undefined;
    throw error;
  }
}

const REFUSALS = ['obex/response', 'obex/who-mismatch', 'obex/connection-id-missing'];
/** After these the connection is still in step. */
const NO_OBJECT = ['obex/response', 'obex/object-too-long'];

async function objectOf(
  client: ObexClient,
  wanted: readonly Header[],
  { signal }: AskByObexOptions,
): Promise<Uint8Array | undefined> {
  try {
    return (await client.get(wanted, { signal, maxObject: MAX_CAPABILITY })).body;
  } catch (error) {
    if (NO_OBJECT.some((code) => isPcAgentError(error, code))) return undefined;
    throw error;
  }
}
