/**
 * Tokens of WBXML 1.3 (section 5.8.2 and 7.1) and the tag code pages of the documents that DM carries. A page's names
 * stand in token order from 05; '-' is a token without a name.
 */

/** Global tokens: the same on every code page. */
export const Token = {
  SwitchPage: 0x00,
  End: 0x01,
  Entity: 0x02,
  StrI: 0x03,
  Literal: 0x04,
  ExtI0: 0x40,
  ExtI2: 0x42,
  Pi: 0x43,
  ExtT0: 0x80,
  ExtT2: 0x82,
  StrT: 0x83,
  Ext0: 0xc0,
  Ext2: 0xc2,
  Opaque: 0xc3,
} as const;

/** Bits of a tag byte around its token (WBXML 1.3, section 5.8.2). */
export const TAG_HAS_CONTENT = 0x40;
export const TAG_HAS_ATTRIBUTES = 0x80;
export const TAG_TOKEN_MASK = 0x3f;
export const FIRST_TAG_TOKEN = 0x05;

/** SyncML Representation 1.2, WBXML tokens of code page 0. */
const SYNCML = `Add Alert Archive Atomic Chal Cmd CmdID CmdRef Copy Cred Data
  Delete Exec Final Get Item Lang LocName LocURI Map MapItem Meta MsgID MsgRef NoResp NoResults Put Replace
  RespURI Results Search Sequence SessionID SftDel Source SourceRef Status Sync SyncBody SyncHdr SyncML Target
  TargetRef - VerDTD VerProto NumberOfChanges MoreData Field Filter Record FilterType SourceParent TargetParent
  Move Correlator`;

/** SyncML Meta-Information 1.2: code page 1. */
const METINF = `Anchor EMI Format FreeID FreeMem Last Mark MaxMsgSize Mem MetInf Next NextNonce
  SharedMem Size Type Version MaxObjSize FieldLevel`;

/** OMA DM Tree and Description 1.2, section 8.6: code page 2. */
const DM_DDF = `AccessType ACL Add b64 bin bool chr CaseSense CIS Copy CS date DDFName DefaultValue
  Delete Description DFFormat DFProperties DFTitle DFType Dynamic Exec float Format Get int Man MgmtTree
  MIME Mod Name Node node NodeName null Occurrence One OneOrMore OneOrN Path Permanent Replace
  RTProperties Scope Size time Title TStamp Type Value VerDTD VerNo xml ZeroOrMore ZeroOrN ZeroOrOne`;

/** SyncML Device Information 1.2: page 0 of a document of its own. */
const DEVINF = `CTCap CTType DataStore DataType DevID DevInf DevTyp DisplayName DSMem Ext FwV HwV
  Man MaxGUIDSize MaxID MaxMem Mod OEM ParamName PropName Rx Rx-Pref SharedMem MaxSize
  SourceRef SwV SyncCap SyncType Tx Tx-Pref ValEnum VerCT VerDTD XNam XVal UTC
  SupportNumberOfChanges SupportLargeObjs Property PropParam MaxOccur NoTruncate - Filter-Rx FilterCap
  FilterKeyword FieldLevel SupportHierarchicalSync`;

/** Which tables a document is read and written with. */
export type Language = 'syncml' | 'devinf' | 'ddf';

/** Code pages of a SyncML document; they stand for the namespaces. */
export const Page = { SyncMl: 0, MetInf: 1, DmDdf: 2 } as const;

export interface TagTable {
  /** Name by `page << 6 | token`. */
  readonly names: readonly (string | undefined)[];
  /** Token by name, one table a page; without prototype, so that no name of a peer's finds anything else. */
  readonly tokens: readonly Readonly<Record<string, number>>[];
}

function tagTable(...pages: readonly string[]): TagTable {
  const names: (string | undefined)[] = new Array(pages.length << 6).fill(undefined);
  const tokens: Record<string, number>[] = [];
  for (const [page, text] of pages.entries()) {
    const byName: Record<string, number> = Object.create(null);
    for (const [index, name] of text.split(/\s+/).entries()) {
      if (name === '-') continue;
      const token = FIRST_TAG_TOKEN + index;
      names[(page << 6) | token] = name;
      byName[name] = token;
    }
    tokens.push(byName);
  }
  return { names, tokens };
}

const SYNCML_TABLE = tagTable(SYNCML, METINF, DM_DDF);
const DEVINF_TABLE = tagTable(DEVINF);

export function tagTableOf(language: Language): TagTable {
  return language === 'devinf' ? DEVINF_TABLE : SYNCML_TABLE;
}

const LANGUAGE_BY_NUMBER: ReadonlyMap<number, Language> = new Map([
  [0xfd1, 'syncml'],
  [0xfd2, 'devinf'],
  [0xfd3, 'syncml'],
  [0xfd4, 'devinf'],
  [0x1201, 'syncml'],
  [0x1202, 'syncml'],
  [0x1203, 'devinf'],
]);

/** Tables that a public identifier asks for; `undefined` when it is not one of ours. */
export function languageOfPublicId(publicId: number | string): Language | undefined {
  if (typeof publicId === 'number') return LANGUAGE_BY_NUMBER.get(publicId);
  // Three spellings of the SyncML id are in circulation (representation sheet, section 1): letter case and owner vary.
  const text = publicId.toLowerCase();
  if (!text.startsWith('-//')) return undefined;
  if (text.includes('//dtd-dm-ddf ') || text.includes('//dtd-tnds ')) return 'ddf';
  if (text.includes('//dtd syncml ') || text.includes('//dtd metinf ')) return 'syncml';
  if (text.includes('//dtd devinf ')) return 'devinf';
  return undefined;
}

/** Public identifiers that ours write: by number, except DM DDF, which has only a string. */
export const PUBLIC_ID = { syncml: 0x1201, devinf: 0x1203, ddf: '-//OMA//DTD-DM-DDF 1.2//EN' } as const;

const UNKNOWN_NAME = /^([0-9a-f]{1,2}):([0-9a-f]{2})$/;

/** Name under which a tag that no table knows stays in the tree. */
export function unknownTagName(page: number, token: number): string {
  return `${page.toString(16)}:${token.toString(16).padStart(2, '0')}`;
}

/** Page and token of such a name; `undefined` for any other name. */
export function parseUnknownTagName(name: string): { readonly page: number; readonly token: number } | undefined {
  const match = UNKNOWN_NAME.exec(name);
  if (match === null) return undefined;
  const page = Number.parseInt(match[1] ?? '', 16);
  const token = Number.parseInt(match[2] ?? '', 16);
  return token >= FIRST_TAG_TOKEN && token <= TAG_TOKEN_MASK ? { page, token } : undefined;
}
