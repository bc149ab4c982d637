import { expect, it } from 'vitest';
import { addressTypeOf } from '../../../src-main/dm/objects/account-object.ts';

it.each([
  ['IPv4', 'IPv4'],
  [' ipv4 ', 'IPv4'],
  ['IPV6', 'IPv6'],
  ['URI', 'URI'],
  ['', 'URI'],
  [undefined, 'URI'],
])('an address type %j is %s', (text, type) => {
  expect(addressTypeOf(text)).toBe(type);
});
