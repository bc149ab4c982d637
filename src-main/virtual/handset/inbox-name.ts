/** Longest name in octets of UTF-8; file systems take 255, and a temporary file's ending needs room. */
const MAX_NAME = 200;
/** Names that Windows keeps for devices, with any ending. */
const RESERVED = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i;

/**
 * A name from outside as a plain file name: last part of a path, without what a file system reads a meaning into.
 * Never empty, never hidden.
 */
export function inboxName(wanted: string): string {
  const last = wanted.slice(Math.max(wanted.lastIndexOf('/'), wanted.lastIndexOf('\\')) + 1).toWellFormed();
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what has to go.
  const plain = last.replace(/[\u0000-\u001f\u007f<>:"|?*]/g, '_').replace(/^[.\s]+|[.\s]+$/g, '');
  const cut = cutToOctets(plain, MAX_NAME).replace(/[.\s]+$/, '');
  if (cut === '') return 'object';
  return RESERVED.test(cut) ? `_${cut}` : cut;
}

function cutToOctets(text: string, limit: number): string {
  let length = 0;
  let cut = '';
  for (const character of text) {
    length += new TextEncoder().encode(character).length;
    if (length > limit) return cut;
    cut += character;
  }
  return cut;
}
