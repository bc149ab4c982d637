import { describe, expect, it } from 'vitest';
import {
  carriedBytes,
  effectiveMeta,
  formatOf,
  itemBytes,
  itemText,
  typeOf,
} from '../../../src-main/syncml/item-data.ts';
import type { Item } from '../../../src-main/syncml/model.ts';

const octets = (text: string) => new TextEncoder().encode(text);
const B64 = { format: 'b64' };

describe('the value of an Item', () => {
  it.each<readonly [string, Item, string | undefined]>([
    ['nothing without Data', {}, undefined],
    ['an empty text', { data: '' }, ''],
    ['text', { data: ' text ' }, ' text '],
    ['octets that are text', { data: octets('größer') }, 'größer'],
    ['base64 text under b64', { data: 'QWNt ZQ==\n', meta: B64 }, 'Acme'],
    ['base64 text without padding', { data: 'QWNtZQ', meta: { format: ' B64 ' } }, 'Acme'],
    ['octets under b64 that are base64', { data: octets('QWNtZQ=='), meta: B64 }, 'Acme'],
    ['octets under b64 that are not', { data: octets('no base64!'), meta: B64 }, 'no base64!'],
    ['octets without Format that happen to be base64 letters', { data: octets('Acme') }, 'Acme'],
    ['base64 letters under bin', { data: 'QWNtZQ==', meta: { format: 'bin' } }, 'QWNtZQ=='],
  ])('is %s', (_name, item, text) => {
    expect(itemText(item, undefined)).toBe(text);
    expect(itemBytes(item, undefined)).toEqual(text === undefined ? undefined : octets(text));
  });

  it('text under b64 that is not base64 is refused', () => {
    expect(() => itemBytes({ data: 'no base64!' }, B64)).toThrow(
      expect.objectContaining({ code: 'syncml/bad-base64' }),
    );
  });

  it('the octets carried are what Size counts', () => {
    expect(carriedBytes({ data: 'QWNtZQ==', meta: B64 })).toHaveLength(8);
    expect(carriedBytes({ data: 'é' })).toHaveLength(2);
    expect(carriedBytes({})).toBeUndefined();
  });

  it('inline mark-up is its XML text', () => {
    const markup = [{ page: 2, name: 'MgmtTree', children: [], content: undefined }];
    expect(itemText({ markup }, undefined)).toBe('<MgmtTree xmlns="syncml:dmddf1.2"/>');
  });
});

describe('Meta', () => {
  it('of an Item overrides that of the command element by element', () => {
    expect(effectiveMeta({ meta: { type: 'a/b' } }, { format: 'b64', type: 'c/d' })).toEqual({
      format: 'b64',
      type: 'a/b',
    });
    expect(effectiveMeta({}, undefined)).toEqual({});
  });

  it('has the defaults chr and text/plain', () => {
    expect([formatOf({}), typeOf({}), typeOf({ type: 'Text/XML; charset=utf-8' })]).toEqual([
      'chr',
      'text/plain',
      'text/xml',
    ]);
  });
});
