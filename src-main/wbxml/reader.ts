import { BodyReader } from './body-reader.ts';
import { WBXML_LIMITS, type WbxmlDocument, type WbxmlLimits, wbxmlError } from './document.ts';
import { type HeaderExpectations, readWbxmlHeader } from './header-reader.ts';

export interface WbxmlReadOptions extends HeaderExpectations {
  readonly limits?: Partial<WbxmlLimits>;
}

/**
 * Reads a WBXML document (1.0 to 1.3) into a tree. Opaque data are views of `bytes`: the caller must not change them.
 * @throws PcAgentError `wbxml/*` with the offset.
 */
export function readWbxml(bytes: Uint8Array, options: WbxmlReadOptions = {}): WbxmlDocument {
  const limits = options.limits === undefined ? WBXML_LIMITS : { ...WBXML_LIMITS, ...options.limits };
  checkSize(bytes, limits);
  const header = readWbxmlHeader(bytes, options);
  const body = new BodyReader(bytes, header, limits);
  const root = body.read();
  const { version, publicId, charset, language } = header;
  return { version, publicId, charset, language, root, unknown: body.unknown };
}

export function checkSize(bytes: Uint8Array, limits: WbxmlLimits): void {
  if (bytes.length <= limits.bytes) return;
  throw wbxmlError('too-large', `a document of ${bytes.length} octets; the cap is ${limits.bytes}`, limits.bytes, {
    cap: limits.bytes,
  });
}
