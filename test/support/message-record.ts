import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isPcAgentError } from '../../src-main/base/errors.ts';
import { decodeMessage } from '../../src-main/syncml/codec.ts';
import type { Encoding } from '../../src-main/syncml/model.ts';
import { agreements } from './wbxml-peer.ts';

interface Recorded {
  readonly body: Uint8Array;
  readonly encoding: Encoding;
  /** The session that it is of, for the message of a failure. */
  readonly origin: string;
}

/** DM messages that went over a wire in a test, each once, to be read by libwbxml too. */
export class MessageRecord {
  readonly #messages = new Map<string, Recorded>();

  get size(): number {
    return this.#messages.size;
  }

  add(body: Uint8Array, encoding: Encoding, origin: string): void {
    this.#messages.set(createHash('sha256').update(body).digest('hex'), { body, encoding, origin });
  }

  /** What a program of `test/peers` wrote with `--dump`. */
  async addDump(folder: string, origin: string): Promise<void> {
    for (const name of (await readdir(folder)).sort()) {
      const encoding = name.endsWith('.xml') ? 'xml' : 'wbxml';
      this.add(new Uint8Array(await readFile(join(folder, name))), encoding, `${origin}, ${name}`);
    }
  }

  /**
   * The messages that libwbxml reads otherwise than we do, or that we cannot read at all. A difference that a row of
   * section 9 of the WBXML sheet explains is none.
   */
  async disagreements(): Promise<readonly string[]> {
    const found: string[] = [];
    const readable: Recorded[] = [];
    for (const message of this.#messages.values()) {
      const trouble = unreadable(message.body, message.encoding);
      if (trouble === undefined) readable.push(message);
      else found.push(`${message.origin}: ${trouble}`);
    }
    for (const [index, { agrees, exception, detail }] of (await agreements(readable)).entries()) {
      if (agrees || exception !== undefined) continue;
      found.push(`${readable[index]?.origin}: ${detail ?? 'no reason given'}`);
    }
    return found;
  }
}

function unreadable(body: Uint8Array, encoding: Encoding): string | undefined {
  try {
    decodeMessage(body, encoding);
    return undefined;
  } catch (error) {
    if (isPcAgentError(error)) return `${error.code}: ${error.message}`;
    throw error;
  }
}
