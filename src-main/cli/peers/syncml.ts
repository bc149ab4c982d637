/**
 * `syncml decode` and `syncml encode`: SyncML, DevInf and DM DDF (TNDS) documents between WBXML and XML. What XML cannot
 * hold, octets and tags without a name, is annotated, and `encode` takes the annotations back, so nothing is lost.
 */
import { open } from 'node:fs/promises';
import { addAbortSignal, type Readable, type Writable } from 'node:stream';
import { toBase64 } from '../../base/base64.ts';
import { concatBytes } from '../../base/bytes.ts';
import { isAbort, PcAgentError } from '../../base/errors.ts';
import { ExitCode } from '../../contract/exit-codes.ts';
import { type UnknownTag, WBXML_LIMITS } from '../../wbxml/document.ts';
import { readWbxml } from '../../wbxml/reader.ts';
import { writeWbxml } from '../../wbxml/writer.ts';
import { readXml } from '../../xml/reader.ts';
import { writeXml } from '../../xml/writer.ts';
import type { CommandContext, CommandOutcome } from '../command.ts';

/** A document of more than this is no message: the readers' own cap. */
const MAX_INPUT = WBXML_LIMITS.bytes;
const PIECE = 64 * 1024;

/** WBXML or XML in, indented XML out. @throws PcAgentError `wbxml/*`, `xml/*`, `syncml/unknown-format`. */
export function decodeCommand(bytes: Uint8Array): string {
  return decodeDocument(bytes).xml;
}

/** XML in, WBXML 1.2 out. @throws PcAgentError `xml/*`, `wbxml/unknown-tag`. */
export function encodeCommand(bytes: Uint8Array): Uint8Array {
  return writeWbxml(readXml(bytes, { annotations: true }));
}

interface DecodedDocument {
  readonly xml: string;
  readonly unknown: readonly UnknownTag[];
}

function decodeDocument(bytes: Uint8Array): DecodedDocument {
  const format = { indent: true, annotations: true };
  if (looksLikeXml(bytes)) return { xml: writeXml(readXml(bytes, { annotations: true }), format), unknown: [] };
  const first = bytes[0];
  // A WBXML document begins with its version, 1.0 to 1.3; anything near is left to the reader to refuse.
  if (first === undefined || first > 0x1f) {
    throw new PcAgentError('syncml/unknown-format', 'this is neither WBXML nor XML', { offset: 0 });
  }
  const { root, unknown } = readWbxml(bytes);
  return { xml: writeXml(root, format), unknown };
}

/** By its first characters: `<` behind white space, or a byte order mark, or UTF-16 without one. */
function looksLikeXml(bytes: Uint8Array): boolean {
  const [first, second] = bytes;
  if (first === 0xef || first === 0xfe || first === 0xff) return true;
  if (first === 0 && second === 0x3c) return true;
  let at = 0;
  while (at < 64 && [0x20, 0x09, 0x0a, 0x0d].includes(bytes[at] ?? 0)) at += 1;
  return bytes[at] === 0x3c;
}

export interface SyncmlStreams {
  readonly input: Readable;
  readonly output: Writable;
}

/**
 * Runs the command. `file` is a path or `-` for standard input. The document goes to standard output as it is; with
 * `--json` it is the result's `xml`, or `wbxml` in base64.
 */
export async function runSyncml(
  verb: 'decode' | 'encode',
  file: string | undefined,
  context: CommandContext,
  streams: SyncmlStreams = { input: process.stdin, output: process.stdout },
): Promise<CommandOutcome> {
  try {
    const fromInput = file === undefined || file === '-';
    const bytes = fromInput
      ? await readStream(streams.input, context.signal)
      : await readFile(context.resolvePath(file), context.signal);
    return verb === 'decode'
      ? await decodeTo(streams.output, bytes, context)
      : await encodeTo(streams.output, bytes, context);
  } catch (error) {
    if (isAbort(error) || !(error instanceof PcAgentError)) throw error;
    const { code, message, offset } = error;
    return { exitCode: ExitCode.Failed, ok: false, code, message, ...(offset === undefined ? {} : { offset }) };
  }
}

async function decodeTo(output: Writable, bytes: Uint8Array, context: CommandContext): Promise<CommandOutcome> {
  const { xml, unknown } = decodeDocument(bytes);
  for (const { page, token, offset } of unknown) {
    context.note(`no name for tag 0x${token.toString(16)} of code page ${page}, first at offset ${offset}`);
  }
  const outcome = { exitCode: ExitCode.Done, ok: true, bytes: bytes.length };
  if (context.json) return { ...outcome, xml, unknown };
  await write(output, xml);
  return outcome;
}

async function encodeTo(output: Writable, bytes: Uint8Array, context: CommandContext): Promise<CommandOutcome> {
  const wbxml = encodeCommand(bytes);
  const outcome = { exitCode: ExitCode.Done, ok: true, bytes: wbxml.length };
  if (context.json) return { ...outcome, wbxml: toBase64(wbxml) };
  await write(output, wbxml);
  return outcome;
}

async function readStream(input: Readable, signal: AbortSignal): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of addAbortSignal(signal, input)) {
    const octets: Uint8Array = typeof piece === 'string' ? Buffer.from(piece) : piece;
    length += octets.length;
    if (length > MAX_INPUT) throw tooLarge();
    pieces.push(octets);
  }
  return concatBytes(pieces);
}

/** Reads at most the cap, whatever the file says that its size is: it may be a device. */
async function readFile(path: string, signal: AbortSignal): Promise<Uint8Array> {
  let handle: Awaited<ReturnType<typeof open>>;
  try {
    handle = await open(path, 'r');
  } catch (cause) {
    throw new PcAgentError('cli/file-unreadable', `${path} cannot be read`, { cause });
  }
  try {
    const pieces: Uint8Array[] = [];
    for (let length = 0; ; ) {
      signal.throwIfAborted();
      const { bytesRead, buffer } = await handle.read(new Uint8Array(PIECE), 0, PIECE, null);
      if (bytesRead === 0) return concatBytes(pieces);
      length += bytesRead;
      if (length > MAX_INPUT) throw tooLarge();
      pieces.push(buffer.subarray(0, bytesRead));
    }
  } catch (cause) {
    if (isAbort(cause) || cause instanceof PcAgentError) throw cause;
    throw new PcAgentError('cli/file-unreadable', `${path} cannot be read`, { cause });
  } finally {
    await handle.close();
  }
}

function tooLarge(): PcAgentError {
  return new PcAgentError('syncml/too-large', `the input is larger than ${MAX_INPUT} octets`, { offset: MAX_INPUT });
}

function write(output: Writable, document: string | Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    output.write(document, (error) => {
      if (error === null || error === undefined) resolve();
      else reject(new PcAgentError('cli/output-closed', 'standard output cannot be written', { cause: error }));
    });
  });
}
