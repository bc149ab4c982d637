import type { NetworkInterfaceInfo } from 'node:os';
import { describe, expect, it } from 'vitest';
import {
  type Interfaces,
  interfaceViews,
  isHere,
  networkPlace,
} from '../../../src-main/operations/listening/network-place.ts';

const info = (cidr: string, family: 'IPv4' | 'IPv6', internal = false): NetworkInterfaceInfo =>
  ({ address: cidr.split('/')[0], cidr, family, internal, mac: '', netmask: '', scopeid: 0 }) as NetworkInterfaceInfo;

const INTERFACES: Interfaces = {
  lo: [info('127.0.0.1/8', 'IPv4', true), info('::1/128', 'IPv6', true)],
  eth0: [info('fe80::1/64', 'IPv6'), info('2001:db8::5/64', 'IPv6'), info('192.0.2.10/24', 'IPv4')],
  usb0: [info('192.168.42.1/29', 'IPv4')],
  v6: [info('fe80::2/64', 'IPv6'), info('2001:db8:1::5/64', 'IPv6')],
  'Ethernet 2': [info('203.0.113.1/24', 'IPv4')],
  ppp0: [info('198.51.100.7/32', 'IPv4')],
  only: [info('fe80::3/64', 'IPv6')],
};

describe('the place of a way in', () => {
  it.each([
    ['usb0', '192.168.42.1', undefined],
    ['usb0:8000', '192.168.42.1', 8000],
    ['192.0.2.10', '192.0.2.10', undefined],
    ['192.0.2.10:0', '192.0.2.10', 0],
    ['[2001:db8::5]:80', '2001:db8::5', 80],
    ['2001:DB8::5', '2001:db8::5', undefined],
    ['v6:81', '2001:db8:1::5', 81],
    ['Ethernet 2:82', '203.0.113.1', 82],
    ['[::1]:83', '::1', 83],
  ])('%s is one address of this computer', (text, host, port) => {
    expect(networkPlace(text, INTERFACES)).toMatchObject({ host, port });
  });

  it.each([
    ['0.0.0.0:80', 'listening/everywhere'],
    ['*', 'listening/everywhere'],
    ['[::]:80', 'listening/everywhere'],
    ['0:0::0', 'listening/everywhere'],
    ['wlan0', 'listening/interface-absent'],
    ['constructor', 'listening/interface-absent'],
    ['__proto__', 'listening/interface-absent'],
    ['198.51.100.1:80', 'listening/interface-absent'],
    // It has no address that a URL can hold.
    ['only', 'listening/interface-absent'],
    ['usb0:65536', 'listening/place-invalid'],
    ['a b', 'listening/interface-absent'],
    ['http://usb0/', 'listening/place-invalid'],
    ['', 'listening/place-invalid'],
  ])('%s is none', (text, code) => {
    expect(() => networkPlace(text, INTERFACES)).toThrow(expect.objectContaining({ code }));
  });

  it('is reached from its own network only', () => {
    const { isNear } = networkPlace('usb0', INTERFACES);
    expect(['192.168.42.2', '::ffff:192.168.42.6'].map(isNear)).toEqual([true, true]);
    expect(['192.168.42.9', '192.0.2.11', '127.0.0.1', '2001:db8::6', ''].map(isNear)).toEqual(Array(5).fill(false));
    expect(networkPlace('v6', INTERFACES).isNear('2001:db8:1::77')).toBe(true);
    expect(networkPlace('v6', INTERFACES).isNear('2001:db8::77')).toBe(false);
    expect(['ppp0', 'usb0', '::1'].map((text) => networkPlace(text, INTERFACES).alone)).toEqual([true, false, false]);
  });

  it('is there as long as some interface has its address, and is shown with those that can be used', () => {
    expect([isHere('2001:DB8::5', INTERFACES), isHere('192.168.42.2', INTERFACES)]).toEqual([true, false]);
    expect(interfaceViews(INTERFACES)).toContainEqual({ name: 'v6', addresses: ['2001:db8:1::5'], loopback: false });
  });
});
