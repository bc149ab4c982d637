import { describe, expect, it } from 'vitest';
import { utf8 } from '../../../src-main/base/bytes.ts';
import { LargeObjectAssembler } from '../../../src-main/dm/large-object/assembler.ts';
import type { Data, Item, Meta } from '../../../src-main/syncml/model.ts';

function chunk(
  data: Data | undefined,
  options: { more?: boolean; size?: number; uri?: string; meta?: Meta } = {},
): Item {
  const meta = { ...options.meta, ...(options.size === undefined ? {} : { size: options.size }) };
  return {
    target: { uri: options.uri ?? './a' },
    ...(Object.keys(meta).length === 0 ? {} : { meta }),
    ...(data === undefined ? {} : { data }),
    ...(options.more === false ? {} : { moreData: true }),
  };
}

const assembler = (maxObjSize = 100) => new LargeObjectAssembler({ maxObjSize });

describe('the assembler', () => {
  it('gives an item without MoreData back at once', () => {
    const item = chunk('x', { more: false });
    expect(assembler().take('Add', item, undefined)).toEqual({ kind: 'whole', item });
  });

  it('joins text, and gives the Meta of the first chunk and of the command', () => {
    const parts = assembler();
    const meta = { format: 'b64', type: 'a/b' };
    expect(parts.take('Add', chunk('QU', { size: 8, meta: { format: 'b64' } }), { type: 'a/b' })).toEqual({
      kind: 'more',
      received: 2,
      total: 8,
    });
    expect(parts.pendingUri).toBe('./a');
    expect(parts.take('Add', chunk('JDQUI'), undefined)).toEqual({ kind: 'more', received: 7, total: 8 });
    const whole = parts.take('Add', chunk('=', { more: false }), undefined);
    expect(whole).toEqual({
      kind: 'whole',
      item: { target: { uri: './a' }, meta: { ...meta, size: 8 }, data: 'QUJDQUI=' },
    });
    expect(parts.pendingUri).toBeUndefined();
  });

  it('joins octets, and text and octets as octets, and copies what it keeps', () => {
    const parts = assembler();
    const view = utf8('ab');
    parts.take('Add', chunk(view, { size: 6 }), undefined);
    view.fill(0);
    parts.take('Add', chunk('é'), undefined);
    const whole = parts.take('Add', chunk(utf8('cd'), { more: false }), undefined);
    expect(whole).toMatchObject({ kind: 'whole', item: { data: utf8('abécd') } });
  });

  it('counts octets, not characters', () => {
    const parts = assembler();
    expect(parts.take('Add', chunk('é', { size: 4 }), undefined)).toMatchObject({ received: 2 });
    expect(parts.take('Add', chunk('é', { more: false }), undefined).kind).toBe('whole');
  });

  it('takes Size from the Meta of the command', () => {
    expect(assembler().take('Add', chunk('x'), { size: 2 })).toEqual({ kind: 'more', received: 1, total: 2 });
  });

  it('takes an empty last chunk', () => {
    const parts = assembler();
    parts.take('Add', chunk('ab', { size: 2 }), undefined);
    expect(parts.take('Add', chunk(undefined, { more: false }), undefined)).toMatchObject({ kind: 'whole' });
  });

  it.each([
    ['no Size', chunk('x'), 411],
    ['a negative Size', chunk('x', { size: -1 }), 411],
    ['a Size that is no number', chunk('x', { size: Number.NaN }), 411],
    ['a Size that is no whole number', chunk('x', { size: 1.5 }), 411],
    ['a Size above the limit', chunk('x', { size: 101 }), 413],
    ['more than its Size at once', chunk('xyz', { size: 2 }), 424],
  ])('refuses a first chunk with %s', (_what, item, code) => {
    const parts = assembler();
    expect(parts.take('Add', item, undefined)).toEqual({ kind: 'refused', code });
    expect(parts.pendingUri).toBeUndefined();
  });

  it('takes an object of no octets in two chunks', () => {
    const parts = assembler();
    expect(parts.take('Add', chunk('', { size: 0 }), undefined)).toEqual({ kind: 'more', received: 0, total: 0 });
    expect(parts.take('Add', chunk('', { more: false }), undefined)).toMatchObject({
      kind: 'whole',
      item: { data: '' },
    });
  });

  it('takes a Size that is just the limit', () => {
    expect(assembler().take('Add', chunk('x', { size: 100 }), undefined).kind).toBe('more');
  });

  it.each([
    ['short', 'c', 424],
    ['long', 'cde', 424],
  ])('refuses an end that is too %s', (_how, end, code) => {
    const parts = assembler();
    parts.take('Add', chunk('ab', { size: 4 }), undefined);
    expect(parts.take('Add', chunk(end, { more: false }), undefined)).toEqual({ kind: 'refused', code });
    expect(parts.pendingUri).toBeUndefined();
    // What comes next is a thing of its own.
    expect(parts.take('Add', chunk('x', { more: false }), undefined).kind).toBe('whole');
  });

  it('refuses the rest of a refused object to its end, and no longer', () => {
    const parts = assembler();
    parts.take('Add', chunk('x', { size: 101 }), undefined);
    expect(parts.take('Add', chunk('y'), undefined)).toEqual({ kind: 'refused', code: 413 });
    expect(parts.take('Add', chunk('z', { more: false }), undefined)).toEqual({ kind: 'refused', code: 413 });
    expect(parts.take('Add', chunk('z', { more: false }), undefined).kind).toBe('whole');
  });

  it.each([
    ['a new beginning', 'Add', chunk('x', { size: 2 }), 'more'],
    ['a whole object with its Size', 'Add', chunk('xy', { size: 2, more: false }), 'whole'],
    ['an object elsewhere', 'Add', chunk('x', { uri: './b', more: false }), 'whole'],
    ['another command', 'Replace', chunk('x', { more: false }), 'whole'],
  ])('takes %s after a refusal', (_what, command, item, kind) => {
    const parts = assembler();
    parts.take('Add', chunk('x', { size: 101 }), undefined);
    expect(parts.take(command, item, undefined).kind).toBe(kind);
  });

  it('knows what does not go on with the object under way', () => {
    const parts = assembler();
    expect(parts.breaksOff('Add', chunk('x'))).toBe(false);
    parts.take('Add', chunk('x', { size: 2 }), undefined);
    expect(parts.breaksOff('Add', chunk('x'))).toBe(false);
    expect(parts.breaksOff('Replace', chunk('x'))).toBe(true);
    expect(parts.breaksOff('Add', chunk('x', { uri: './b' }))).toBe(true);
    expect(parts.breaksOff('Add', { data: 'x' })).toBe(true);
  });

  it('forgets an object that is abandoned and names it', () => {
    const parts = assembler();
    expect(parts.abandon()).toBeUndefined();
    parts.take('Results', { source: { uri: './s' }, meta: { size: 3 }, data: 'x', moreData: true }, undefined);
    expect(parts.abandon()).toBe('./s');
    expect(parts.pendingUri).toBeUndefined();
    expect(parts.abandon()).toBeUndefined();
  });
});
