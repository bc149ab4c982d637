import type { ServiceRecord } from '../air.ts';

const MAX_NAME = 100;

/**
 * A service record in the form that BlueZ takes (doc/sdp-xml of its sources; attributes of Bluetooth Core Specification,
 * volume 3, part B, 5.1): OBEX over RFCOMM on a channel on which we listen ourselves.
 */
export function recordXml({ uuid, name, channel }: ServiceRecord): string {
  const protocols = [
    // L2CAP, RFCOMM with its channel, OBEX (Assigned Numbers, 3.3).
    sequence('<uuid value="0x0100"/>'),
    sequence(`<uuid value="0x0003"/><uint8 value="0x${channel.toString(16).padStart(2, '0')}"/>`),
    sequence('<uuid value="0x0008"/>'),
  ];
  return [
    '<?xml version="1.0" encoding="UTF-8"?><record>',
    // ServiceClassIDList.
    attribute('0001', sequence(`<uuid value="${uuid}"/>`)),
    // ProtocolDescriptorList.
    attribute('0004', sequence(protocols.join(''))),
    // BrowseGroupList: the public root.
    attribute('0005', sequence('<uuid value="0x1002"/>')),
    // LanguageBaseAttributeIDList: English, UTF-8, texts from 0x0100 on.
    attribute('0006', sequence('<uint16 value="0x656e"/><uint16 value="0x006a"/><uint16 value="0x0100"/>')),
    // BluetoothProfileDescriptorList: version 1.0.
    attribute('0009', sequence(sequence(`<uuid value="${uuid}"/><uint16 value="0x0100"/>`))),
    // ServiceName.
    attribute('0100', `<text value="${escaped(name.slice(0, MAX_NAME))}"/>`),
    '</record>',
  ].join('');
}

function attribute(id: string, value: string): string {
  return `<attribute id="0x${id}">${value}</attribute>`;
}

function sequence(content: string): string {
  return `<sequence>${content}</sequence>`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
