/** Characters outside Char of XML 1.0, section 2.2, but for lone surrogates. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that XML excludes.
const EXCLUDED = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/;
const ALL_EXCLUDED = new RegExp(EXCLUDED, 'g');
const LONE_SURROGATE = /\p{Cs}/u;

/** Whether XML can hold these characters. */
export function isXmlText(text: string): boolean {
  return !EXCLUDED.test(text) && !LONE_SURROGATE.test(text);
}

/**
 * The text without characters that XML cannot hold. WBXML can bring them; in a name, a URI or a type they mean nothing,
 * and what once got into a tree with them could never be told in XML.
 */
export function withoutNonXml(text: string): string {
  return EXCLUDED.test(text) ? text.replaceAll(ALL_EXCLUDED, '') : text;
}
