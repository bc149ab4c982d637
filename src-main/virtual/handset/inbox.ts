import { equalBytes, utf8 } from '../../base/bytes.ts';
import { oneAtATime } from '../../base/one-at-a-time.ts';
import { type Header, HeaderId, textOfHeader, typeHeader, typeOf, wordHeader } from '../../obex/header.ts';
import { ResponseCode } from '../../obex/packet.ts';
import type { ObexAnswer, ObexService, ObexServiceConnection, ObexSink, SetPathRequest } from '../../obex/service.ts';
import { readBootstrapType } from '../../provisioning/content-type.ts';
import { bareContentType } from '../../syncml/content-type.ts';
import { CAPABILITY_TYPE, escapeXml } from './capability-object.ts';
import { inboxName } from './inbox-name.ts';
import { folderInboxStore, type InboxEntry, type InboxStore, isDiskFull, memoryInboxStore } from './inbox-store.ts';
import type { IncomingObject } from './incoming-file.ts';

export interface InboxOptions {
  /** Keeps objects as files there; default: in memory. */
  readonly folder?: string;
  /** Most octets of one object and of all together; default 64 MiB. */
  readonly capacity?: number;
  /** Gets bootstrap documents too, once they are kept, with the whole text of their Type (SEC and MAC are in it). */
  readonly onDocument?: (contentType: string, bytes: Uint8Array) => void;
  /** Answer to who asks for the capability object; without one there is none. */
  readonly capability?: () => Uint8Array;
  /** Called when an object is safely there. */
  readonly onStored?: (name: string, size: number) => void;
}

/** Folder-browsing service of IrOBEX: F9EC7BC4-953C-11D2-984E-525400DC9E09. */
export const FOLDER_BROWSING_TARGET: Uint8Array = Uint8Array.of(
  ...[0xf9, 0xec, 0x7b, 0xc4, 0x95, 0x3c, 0x11, 0xd2, 0x98, 0x4e, 0x52, 0x54, 0x00, 0xdc, 0x9e, 0x09],
);

const DEFAULT_CAPACITY = 64 * 1024 * 1024;
const FOLDER_LISTING = 'x-obex/folder-listing';

/** The OBEX inbox of the virtual handset: keeps what is put and gives it back by name. One service for all streams. */
export function inboxService(options: InboxOptions = {}): ObexService {
  const inbox = new Inbox(options);
  return {
    serves: (target) => target === undefined || equalBytes(target, FOLDER_BROWSING_TARGET),
    connect: () => inbox,
  };
}

/** It knows nothing of its peers, so one connection object serves them all. */
class Inbox implements ObexServiceConnection {
  readonly maxObject: number;
  readonly #options: InboxOptions;
  readonly #store: InboxStore;
  /** Puts of several streams follow each other, so that the sizes add up. */
  readonly #inTurn = oneAtATime();

  constructor(options: InboxOptions) {
    this.#options = options;
    this.maxObject = options.capacity ?? DEFAULT_CAPACITY;
    this.#store = options.folder === undefined ? memoryInboxStore() : folderInboxStore(options.folder);
  }

  /** Documents are wanted whole; all else goes to its file as it comes. */
  acceptPut(headers: readonly Header[]): ObexSink | undefined {
    const incoming = isDocument(typeOf(headers)) ? undefined : this.#store.begin?.();
    return incoming === undefined ? undefined : this.#sinkFor(incoming);
  }

  async put(headers: readonly Header[], body: Uint8Array): Promise<ObexAnswer> {
    const contentType = typeOf(headers);
    const name = nameOf(headers);
    const code = await this.#inTurn(() => this.#keep(name, body.length, () => this.#store.put(name, body)));
    const { onDocument } = this.#options;
    if (code === ResponseCode.Success && contentType !== undefined && isDocument(contentType)) {
      onDocument?.(contentType, body);
    }
    return { code };
  }

  #sinkFor(incoming: IncomingObject): ObexSink {
    let size = 0;
    return {
      get prompt() {
        return incoming.prompt;
      },
      write: (octets) => {
        size += octets.length;
        return incoming.take(octets);
      },
      finish: async (headers) => {
        const name = nameOf(headers);
        try {
          await incoming.end();
        } catch (error) {
          if (isDiskFull(error)) return { code: ResponseCode.DatabaseFull };
          throw error;
        }
        return { code: await this.#inTurn(() => this.#keep(name, size, () => incoming.keep(name))) };
      },
      discard: () => incoming.discard(),
    };
  }

  async get(headers: readonly Header[]): Promise<ObexAnswer> {
    const name = textOfHeader(headers, HeaderId.Name) ?? '';
    const type = bareContentType(typeOf(headers) ?? '');
    if (type === FOLDER_LISTING) {
      // The root has no folders below it.
      return name === '' ? this.#listing() : { code: ResponseCode.NotFound };
    }
    const capability = type === CAPABILITY_TYPE ? this.#options.capability?.() : undefined;
    if (capability !== undefined) return typedAnswer(CAPABILITY_TYPE, capability);
    const body = name === '' ? undefined : await this.#store.get(inboxName(name));
    if (body === undefined) return { code: ResponseCode.NotFound };
    return { code: ResponseCode.Success, headers: [wordHeader(HeaderId.Length, body.length)], body };
  }

  /** The root is all there is: going there, or up to it, is granted. */
  setPath(request: SetPathRequest): number {
    const toRoot = request.name === undefined || request.name === '';
    return toRoot ? ResponseCode.Success : ResponseCode.NotFound;
  }

  aborted(): void {}

  ended(): void {}

  async #keep(name: string, length: number, keep: () => Promise<void>): Promise<number> {
    let size = length;
    for (const entry of await this.#store.list()) if (entry.name !== name) size += entry.size;
    if (size > this.maxObject) return ResponseCode.DatabaseFull;
    await keep();
    this.#options.onStored?.(name, length);
    return ResponseCode.Success;
  }

  async #listing(): Promise<ObexAnswer> {
    return typedAnswer(FOLDER_LISTING, utf8(listingText(await this.#store.list())));
  }
}

function typedAnswer(type: string, body: Uint8Array): ObexAnswer {
  const headers = [typeHeader(type), wordHeader(HeaderId.Length, body.length)];
  return { code: ResponseCode.Success, headers, body };
}

function nameOf(headers: readonly Header[]): string {
  return inboxName(textOfHeader(headers, HeaderId.Name) ?? '');
}

function isDocument(contentType: string | undefined): boolean {
  return contentType !== undefined && readBootstrapType(contentType) !== undefined;
}

function listingText(entries: readonly InboxEntry[]): string {
  const lines = entries.map((entry) => `<file name="${escapeXml(entry.name)}" size="${entry.size}"/>\n`);
  return (
    '<?xml version="1.0" encoding="UTF-8"?>\n' +
    '<!DOCTYPE folder-listing SYSTEM "obex-folder-listing.dtd">\n' +
    `<folder-listing version="1.0">\n${lines.join('')}</folder-listing>\n`
  );
}
