import { PcAgentError } from '../base/errors.ts';

/** What a document may cost before it is refused. */
export interface XmlLimits {
  /** Octets of the document. Default 16 MiB. */
  readonly bytes: number;
  /** Elements around an element. Default 64, as for WBXML. */
  readonly depth: number;
  /** Elements in the document. Default 100,000. */
  readonly elements: number;
  /** Characters in one element. Default 16 Mi. */
  readonly text: number;
  /** Attributes of one element. Default 256; SyncML needs namespaces only. */
  readonly attributes: number;
}

export const XML_LIMITS: XmlLimits = {
  bytes: 16 * 1024 * 1024,
  depth: 64,
  elements: 100_000,
  text: 16 * 1024 * 1024,
  attributes: 256,
};

/** Namespaces by code page: SyncML 1.2, MetInf 1.2, DM DDF 1.2. */
export const Namespace = {
  SyncMl: 'SYNCML:SYNCML1.2',
  MetInf: 'syncml:metinf',
  DmDdf: 'syncml:dmddf1.2',
  DevInf: 'syncml:devinf',
  /** Ours: what WBXML can hold and XML cannot, for `syncml decode` and back. Never on the wire. */
  Annotation: 'urn:pc-agent:wbxml',
} as const;

/** Names that annotated XML uses, with the prefix that the writer always declares for them. */
export const Annotation = {
  /** Element that stands for a tag without a name; attributes `page` and `token` in hex. */
  Tag: 'wbxml:tag',
  /** Attribute of an element whose text is base64 of the octets. */
  Octets: 'wbxml:octets',
} as const;

export function xmlError(
  reason: string,
  message: string,
  offset: number | undefined,
  details: Readonly<Record<string, unknown>> = {},
): PcAgentError {
  return new PcAgentError(`xml/${reason}`, message, offset === undefined ? { details } : { offset, details });
}
