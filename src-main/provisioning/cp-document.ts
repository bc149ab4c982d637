import { textOf } from '../base/bytes.ts';
import { isPcAgentError } from '../base/errors.ts';
import { type AttributedElement, readAttributedXml, writeAttributedXml } from '../xml/attributed.ts';
import { DOCUMENT_LIMITS, documentError } from './document-limits.ts';
import { readProvisioningWbxml } from './read-wbxml.ts';
import { writeProvisioningWbxml } from './write-wbxml.ts';

/** A `characteristic`: parameters by name, and characteristics in it. Both names are upper case. */
export interface Characteristic {
  readonly type: string;
  /** Of a name that comes twice the first counts; one without value has the empty text. */
  readonly parms: ReadonlyMap<string, string>;
  readonly inner: readonly Characteristic[];
}

const DOCTYPE =
  '<!DOCTYPE wap-provisioningdoc PUBLIC "-//WAPFORUM//DTD PROV 1.0//EN" "http://www.wapforum.org/DTD/prov.dtd">';

/**
 * The characteristics of a document.
 * @throws PcAgentError `provisioning/malformed`, `provisioning/too-large`
 */
export function readCpDocument(bytes: Uint8Array, encoding: 'wbxml' | 'xml'): readonly Characteristic[] {
  const root = encoding === 'wbxml' ? readProvisioningWbxml(bytes) : readXmlRoot(bytes);
  if (root.name !== 'wap-provisioningdoc') throw documentError('malformed', 'it is a document of another kind');
  return root.children.filter(isCharacteristic).map(characteristicOf);
}

function readXmlRoot(bytes: Uint8Array): AttributedElement {
  if (bytes.length > DOCUMENT_LIMITS.bytes) throw documentError('too-large', 'the document is too large');
  try {
    return readAttributedXml(bytes, DOCUMENT_LIMITS);
  } catch (error) {
    if (isPcAgentError(error, 'xml')) throw documentError('malformed', error.message, error.offset);
    throw error;
  }
}

export function writeCpDocument(characteristics: readonly Characteristic[], encoding: 'wbxml' | 'xml'): Uint8Array {
  const root: AttributedElement = {
    name: 'wap-provisioningdoc',
    attributes: [['version', '1.1']],
    children: characteristics.map(elementOf),
  };
  return encoding === 'wbxml' ? writeProvisioningWbxml(root) : writeAttributedXml(root, DOCTYPE);
}

/** WBXML of a document in XML that somebody else wrote. */
export function cpXmlToWbxml(xml: Uint8Array): Uint8Array {
  return writeProvisioningWbxml(readXmlRoot(xml));
}

/** XML of a document in WBXML, for people. */
export function cpWbxmlToXml(wbxml: Uint8Array): string {
  return textOf(writeAttributedXml(readProvisioningWbxml(wbxml), DOCTYPE));
}

function isCharacteristic({ name }: AttributedElement): boolean {
  return name === 'characteristic';
}

function characteristicOf({ attributes, children }: AttributedElement): Characteristic {
  const parms = new Map<string, string>();
  for (const child of children) {
    if (child.name !== 'parm') continue;
    const name = attributeOf(child.attributes, 'name')?.toUpperCase();
    if (name !== undefined && !parms.has(name)) parms.set(name, attributeOf(child.attributes, 'value') ?? '');
  }
  return {
    type: attributeOf(attributes, 'type')?.toUpperCase() ?? '',
    parms,
    inner: children.filter(isCharacteristic).map(characteristicOf),
  };
}

function attributeOf(attributes: AttributedElement['attributes'], name: string): string | undefined {
  return attributes.find(([each]) => each === name)?.[1];
}

function elementOf({ type, parms, inner }: Characteristic): AttributedElement {
  const children: AttributedElement[] = [];
  for (const [name, value] of parms) {
    const attributes: [string, string][] =
      value === ''
        ? [['name', name]]
        : [
            ['name', name],
            ['value', value],
          ];
    children.push({ name: 'parm', attributes, children: [] });
  }
  return { name: 'characteristic', attributes: [['type', type]], children: [...children, ...inner.map(elementOf)] };
}
