import { textOf } from '../../base/bytes.ts';
import type { Element } from '../../base/element.ts';
import { isPcAgentError } from '../../base/errors.ts';
import { type AttributedElement, readAttributedXml } from '../../xml/attributed.ts';
import { readXml } from '../../xml/reader.ts';
import { type HandsetFacts, knownFacts, numberFacts } from './facts.ts';

/** Longest capability object and device information that are read; real ones have some thousand octets. */
export const MAX_CAPABILITY = 64 * 1024;

const LIMITS = { bytes: MAX_CAPABILITY, depth: 16, elements: 2000, attributes: 16 };

/**
 * What an OBEX capability object says in its part General: texts of elements, versions in attributes (IrOBEX 1.3, 9.2
 * and its document type). One that cannot be read says nothing.
 */
export function readCapability(bytes: Uint8Array): HandsetFacts {
  try {
    const general = childOf(readXml(bytes, { limits: { ...LIMITS, text: MAX_CAPABILITY } }), 'General');
    const versions = attributedChild(readAttributedXml(bytes, LIMITS), 'General');
    const text = (name: string): string | undefined => textOfElement(childOf(general, name));
    const version = (name: string): string | undefined =>
      attributedChild(versions, name)?.attributes.find(([key]) => key.toLowerCase() === 'version')?.[1] ?? text(name);
    return {
      ...knownFacts({
        manufacturer: text('Manufacturer'),
        model: text('Model'),
        // What a handset calls its firmware stands in either of them.
        firmware: version('FW') ?? version('SW'),
      }),
      ...numberFacts(text('SN')),
    };
  } catch (error) {
    if (!isPcAgentError(error, 'xml')) throw error;
    return {};
  }
}

/** The same of `telecom/devinfo.txt`: lines of a name, a colon and a value (IrMC 1.1, 2.6). */
export function readDevInfo(bytes: Uint8Array): HandsetFacts {
  const values = new Map<string, string>();
  for (const line of textOf(bytes.subarray(0, MAX_CAPABILITY)).split(/[\r\n]+/)) {
    const [, name, value] = /^\s*([A-Z-]{1,20})\s*:(.*)$/i.exec(line) ?? [];
    if (name !== undefined && value !== undefined && !values.has(name.toUpperCase())) {
      values.set(name.toUpperCase(), value);
    }
  }
  return {
    ...knownFacts({
      manufacturer: values.get('MANU'),
      model: values.get('MOD'),
      firmware: values.get('FW-VERSION') ?? values.get('SW-VERSION'),
    }),
    ...numberFacts(values.get('SN')),
  };
}

function childOf(element: Element | undefined, name: string): Element | undefined {
  return element?.children.find((child) => child.name === name);
}

function textOfElement(element: Element | undefined): string | undefined {
  return typeof element?.content === 'string' ? element.content : undefined;
}

function attributedChild(element: AttributedElement | undefined, name: string): AttributedElement | undefined {
  return element?.children.find((child) => child.name.slice(child.name.lastIndexOf(':') + 1) === name);
}
