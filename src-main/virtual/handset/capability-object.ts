import { utf8 } from '../../base/bytes.ts';
import type { HandsetDevice } from './handset-device.ts';

/** What a handset says of itself to everybody, without any session. */
export interface HandsetLabel {
  readonly manufacturer: string;
  readonly model: string;
  readonly firmware: string;
  readonly imei: string;
}

/** The same as its DevInfo and DevDetail say, as they are now. */
export function labelOf({ tree, firmware, id }: HandsetDevice): HandsetLabel {
  return {
    manufacturer: tree.text('./DevInfo/Man') ?? '',
    model: tree.text('./DevInfo/Mod') ?? '',
    firmware: firmware.version,
    imei: id.replace(/^IMEI:/, ''),
  };
}

/** Type by which it is asked for (IrOBEX 1.3, 9.2). */
export const CAPABILITY_TYPE = 'x-obex/capability';

/** The capability object: who the handset is, and the one service that anybody may use. */
export function capabilityObject({ manufacturer, model, firmware, imei }: HandsetLabel): Uint8Array {
  return utf8(
    '<?xml version="1.0" encoding="UTF-8"?>\n' +
      '<!DOCTYPE Capability SYSTEM "obex-capability.dtd">\n' +
      '<Capability Version="1.0">\n' +
      '  <General>\n' +
      `    <Manufacturer>${escapeXml(manufacturer)}</Manufacturer>\n` +
      `    <Model>${escapeXml(model)}</Model>\n` +
      `    <SN>${escapeXml(imei)}</SN>\n` +
      `    <FW Version="${escapeXml(firmware)}"/>\n` +
      '  </General>\n' +
      '  <Service>\n' +
      '    <Name>Folder-Browsing</Name>\n' +
      '    <UUID>F9EC7BC4-953C-11D2-984E-525400DC9E09</UUID>\n' +
      '  </Service>\n' +
      '</Capability>\n',
  );
}

/** What stands in XML as text or in an attribute, whatever a profile has put there. */
export function escapeXml(text: string): string {
  return text
    .toWellFormed()
    .replace(NOT_XML, '\uFFFD')
    .replace(/[&<>"'\t\n\r]/g, (character) => `&#${character.charCodeAt(0)};`);
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that XML excludes.
const NOT_XML = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;
