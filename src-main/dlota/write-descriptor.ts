import { utf8 } from '../base/bytes.ts';
import { DESCRIPTOR_NAMESPACE, type Descriptor } from './descriptor.ts';

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '\r': '&#13;' };

/** The document in UTF-8; characters that XML cannot hold become U+FFFD. */
export function writeDescriptor(descriptor: Descriptor): Uint8Array {
  const { version, name, vendor, description, types, size, objectUri, installNotifyUri } = descriptor;
  const lines = [
    line('DDVersion', version),
    line('name', name),
    line('vendor', vendor),
    line('description', description),
    ...types.map((type) => line('type', type)),
    line('size', String(size)),
    line('objectURI', objectUri),
    line('installNotifyURI', installNotifyUri),
    line('nextURL', descriptor.nextUrl),
    line('infoURL', descriptor.infoUrl),
    line('iconURI', descriptor.iconUri),
    line('installParam', descriptor.installParam),
  ];
  return utf8(
    `<?xml version="1.0" encoding="UTF-8"?>\n<media xmlns="${DESCRIPTOR_NAMESPACE}">\n${lines.join('')}</media>\n`,
  );
}

function line(name: string, text: string | undefined): string {
  return text === undefined ? '' : `  <${name}>${escaped(text)}</${name}>\n`;
}

function escaped(text: string): string {
  return text
    .toWellFormed()
    .replace(NOT_XML, '\uFFFD')
    .replace(/[&<>\r]/g, (character) => ESCAPES[character] ?? '');
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that XML excludes.
const NOT_XML = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;
