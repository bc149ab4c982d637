import { describe, expect, it } from 'vitest';
import { concatBytes, utf8 } from '../../../src-main/base/bytes.ts';
import { LargeObjectAssembler } from '../../../src-main/dm/large-object/assembler.ts';
import { cutText } from '../../../src-main/dm/large-object/cut-text.ts';
import { OutgoingQueue } from '../../../src-main/dm/outgoing.ts';
import { commandIds } from '../../../src-main/dm/session-wire.ts';
import { decodeMessage, encodeMessage } from '../../../src-main/syncml/codec.ts';
import type { Command, Data, Encoding, Header, Item, ResultsCommand } from '../../../src-main/syncml/model.ts';

const ENCODINGS: readonly Encoding[] = ['wbxml', 'xml'];

function header(msgId: number): Header {
  return {
    verDtd: '1.2',
    verProto: 'DM/1.2',
    sessionId: '1',
    msgId,
    target: { uri: 'a' },
    source: { uri: 'b' },
    meta: { maxMsgSize: 9999, maxObjSize: 9999 },
  };
}

function status(cmd: string): Command {
  return {
    kind: 'Status',
    cmdId: '1',
    msgRef: 1,
    cmdRef: '0',
    cmd,
    targetRefs: ['a'],
    sourceRefs: ['b'],
    code: 212,
    items: [],
  };
}

function add(uri: string, data: Data, format = 'chr'): Command {
  return { kind: 'Add', cmdId: '', items: [{ target: { uri }, meta: { format, type: 'text/plain' }, data }] };
}

interface Sent {
  readonly commands: readonly Command[];
  readonly size: number;
}

/** Empties a queue into messages, as a peer that only ever asks for more would make it. */
function drain(
  queue: OutgoingQueue,
  encoding: Encoding,
  limit: number | undefined,
  first = [status('SyncHdr')],
): Sent[] {
  const sent: Sent[] = [];
  for (let msgId = 1; !queue.empty; msgId += 1) {
    if (msgId > 20_000) throw new Error('the queue does not empty');
    const { commands, chunk } = queue.fill(header(msgId), first, limit, commandIds());
    expect(chunk).toBe(itemOf(commands.at(-1))?.moreData === true);
    const body = encodeMessage(
      { header: header(msgId), commands: [...first, ...commands], final: queue.empty },
      encoding,
    );
    // What was written is what the peer reads.
    const back = decodeMessage(body, encoding).message.commands.slice(first.length);
    expect(back.length).toBe(commands.length);
    sent.push({ commands: back, size: body.length });
  }
  return sent;
}

function itemOf(command: Command | undefined): Item | undefined {
  return command !== undefined && 'items' in command ? command.items[0] : undefined;
}

/** Joins the chunks of a drained object with our own assembler. */
function joined(sent: readonly Sent[]): { data: Data | undefined; chunks: number } {
  const assembler = new LargeObjectAssembler({ maxObjSize: 10_000_000 });
  let chunks = 0;
  for (const { commands } of sent) {
    for (const command of commands) {
      if (command.kind !== 'Add') continue;
      chunks += 1;
      const outcome = assembler.take('Add', command.items[0] ?? {}, command.meta);
      if (outcome.kind === 'whole') return { data: outcome.item.data, chunks };
      expect(outcome.kind).toBe('more');
    }
  }
  return { data: undefined, chunks };
}

const bytesOf = (data: Data | undefined) => (typeof data === 'string' ? utf8(data) : data);

/** What only Status, frame and one smallest chunk need; below it the limit cannot be kept. */
const LEAST: Readonly<Record<Encoding, number>> = { wbxml: 230, xml: 900 };

const OBJECTS: readonly { readonly name: string; readonly data: string; readonly format: string }[] = [
  { name: 'plain text', data: 'abcdefghij'.repeat(200), format: 'chr' },
  { name: 'text of several octets a character', data: 'aé€😀'.repeat(200), format: 'chr' },
  { name: 'text that XML has to escape', data: '<&>"]]>'.repeat(250), format: 'xml' },
  { name: 'nothing but ampersands', data: '&'.repeat(1200), format: 'chr' },
];

describe('large objects cut by the queue', () => {
  const limits = [0, 1, 2, 3, 5, 8, 13, 50, 100, 255, 256, 257, 800];
  const cases = ENCODINGS.flatMap((encoding) => OBJECTS.map((object) => ({ encoding, ...object })));
  it.each(cases)('$name in $encoding stays within every limit and comes out the same', ({ encoding, data, format }) => {
    for (const more of limits) {
      const limit = LEAST[encoding] + more;
      const queue = new OutgoingQueue(encoding);
      queue.push({ command: add('./a/b', data, format) });
      const sent = drain(queue, encoding, limit);
      for (const { size } of sent) expect(size).toBeLessThanOrEqual(limit);
      const whole = joined(sent);
      expect(whole.data).toBe(data);
      expect(whole.chunks).toBeGreaterThan(1);
      // Messages are well filled: no limit makes crumbs of an object.
      expect(sent.length).toBeLessThanOrEqual(2 + (utf8(data).length * 8) / Math.max(12, more + 12));
    }
  });

  it.each([400, 401, 402, 403, 404, 1000, 8000])('octets in WBXML stay within %i', (limit) => {
    const data = Uint8Array.from({ length: 20_000 }, (_, index) => index % 251);
    const queue = new OutgoingQueue('wbxml');
    queue.push({ command: add('./a/b', data, 'bin') });
    const sent = drain(queue, 'wbxml', limit);
    for (const { size } of sent) expect(size).toBeLessThanOrEqual(limit);
    expect(bytesOf(joined(sent).data)).toEqual(data);
    for (const { size } of sent.slice(0, -1)) expect(size).toBeGreaterThan(limit - 64);
  });

  it.each(ENCODINGS)('base64 is cut in whole groups in %s', (encoding) => {
    const data = 'QUJD'.repeat(3000);
    for (let limit = 1000; limit < 1010; limit += 1) {
      const queue = new OutgoingQueue(encoding);
      queue.push({ command: add('./a/b', data, 'b64') });
      const sent = drain(queue, encoding, limit);
      for (const { commands } of sent) {
        const part = itemOf(commands[0])?.data;
        expect((part?.length ?? 0) % 4).toBe(0);
      }
      expect(joined(sent).data).toBe(data);
    }
  });

  it('gives Size in the first chunk only, and Target and Meta in each', () => {
    const queue = new OutgoingQueue('xml');
    queue.push({ command: add('./a/b', 'é'.repeat(1000)) });
    const items = drain(queue, 'xml', 1200).map(({ commands }) => itemOf(commands[0]));
    expect(items.length).toBeGreaterThan(2);
    expect(items.map((item) => item?.meta?.size)).toEqual([2000, ...items.slice(1).map(() => undefined)]);
    expect(items.every((item) => item?.target?.uri === './a/b' && item.meta?.format === 'chr')).toBe(true);
    expect(items.map((item) => item?.moreData === true)).toEqual(items.map((_, index) => index < items.length - 1));
  });

  it('tells of each chunk how far the object has come, and of the last one that it went', () => {
    const queue = new OutgoingQueue('wbxml');
    const told: string[] = [];
    queue.push({
      command: add('./a/b', new Uint8Array(1000), 'bin'),
      onChunk: (msgId, _command, done, total) => told.push(`${msgId}: ${done} of ${total}`),
      onSent: (msgId) => told.push(`${msgId}: last`),
    });
    const sent = drain(queue, 'wbxml', 500);
    const sizes = sent.map(({ commands }) => itemOf(commands[0])?.data?.length ?? 0);
    expect(told[0]).toBe(`1: ${sizes[0]} of 1000`);
    expect(told.at(-1)).toBe(`${sent.length}: last`);
    expect(told.length).toBe(sent.length);
  });

  it('sends the smallest chunk when the limit leaves no room at all', () => {
    const queue = new OutgoingQueue('xml');
    queue.push({ command: add('./a/b', 'x'.repeat(100)) });
    const sent = drain(queue, 'xml', 10);
    expect(joined(sent).data).toBe('x'.repeat(100));
    expect(sent.length).toBe(Math.ceil(100 / 8));
  });

  it('cuts nothing of twelve octets and less', () => {
    for (const length of [1, 12]) {
      const queue = new OutgoingQueue('wbxml');
      queue.push({ command: add('./a', 'x'.repeat(length)) });
      const [only, ...more] = drain(queue, 'wbxml', 10);
      expect(more).toEqual([]);
      expect(itemOf(only?.commands[0])).toEqual({
        target: { uri: './a' },
        meta: { format: 'chr', type: 'text/plain' },
        data: 'x'.repeat(length),
      });
    }
    const queue = new OutgoingQueue('wbxml');
    queue.push({ command: add('./a', 'x'.repeat(13)) });
    expect(drain(queue, 'wbxml', 10).length).toBe(2);
  });

  it('drops the rest of an object that was refused and goes on with what waits', () => {
    const queue = new OutgoingQueue('wbxml');
    queue.push({ command: add('./a', new Uint8Array(5000), 'bin') }, { command: add('./b', 'short') });
    queue.fill(header(1), [], 400, commandIds());
    expect(queue.chunking).toBe(true);
    queue.dropChunk();
    expect(queue.chunking).toBe(false);
    const next = queue.fill(header(2), [], 400, commandIds());
    expect(next.commands.map((command) => itemOf(command)?.target?.uri)).toEqual(['./b']);
    expect(queue.empty).toBe(true);
  });

  it('forgets everything when it is cleared', () => {
    const queue = new OutgoingQueue('wbxml');
    queue.push({ command: add('./a', new Uint8Array(5000), 'bin') }, { command: add('./b', 'short') });
    queue.fill(header(1), [], 400, commandIds());
    queue.clear();
    expect(queue.empty).toBe(true);
    expect(queue.fill(header(2), [], 400, commandIds())).toEqual({ commands: [], chunk: false });
  });
});

describe('commands packed by the queue', () => {
  it.each(ENCODINGS)('go whole, in order and numbered from 1, as many as fit a message in %s', (encoding) => {
    for (const limit of [600, 800, 1200, 5000].map((octets) => octets + LEAST[encoding] - 230)) {
      const queue = new OutgoingQueue(encoding);
      const uris = Array.from({ length: 60 }, (_, index) => `./a/${index}`);
      for (const uri of uris) queue.push({ command: { kind: 'Get', cmdId: 'x', items: [{ target: { uri } }] } });
      const sent = drain(queue, encoding, limit);
      for (const { size } of sent) expect(size).toBeLessThanOrEqual(limit);
      expect(sent.flatMap(({ commands }) => commands.map((command) => itemOf(command)?.target?.uri))).toEqual(uris);
      for (const { commands } of sent) {
        expect(commands.map((command) => command.cmdId)).toEqual(commands.map((_, index) => String(index + 1)));
      }
      // Full messages: another Get would not have fitted.
      const single = (sent[0]?.size ?? 0) / (sent[0]?.commands.length ?? 1);
      for (const { size } of sent.slice(0, -1)) expect(size).toBeGreaterThan(limit - single - 130);
    }
  });

  it('all go into one message when the peer names no limit', () => {
    const queue = new OutgoingQueue('wbxml');
    for (let index = 0; index < 500; index += 1) queue.push({ command: add(`./${index}`, 'v'.repeat(500)) });
    expect(drain(queue, 'wbxml', undefined)).toHaveLength(1);
  });

  it('stay within the limit when there are more than a thousand of them in a message', () => {
    const queue = new OutgoingQueue('wbxml');
    for (let index = 0; index < 4000; index += 1) {
      queue.push({ command: { kind: 'Get', cmdId: '', items: [{ target: { uri: 'a' } }] } });
    }
    for (const { size } of drain(queue, 'wbxml', 20_000)) expect(size).toBeLessThanOrEqual(20_000);
  });

  it.each(ENCODINGS)('a value that fits a message of its own is never cut in %s', (encoding) => {
    const limit = 1400;
    for (let length = 100; length < 300; length += 7) {
      const queue = new OutgoingQueue(encoding);
      queue.push({ command: add('./first', 'f'.repeat(150)) }, { command: add('./second', 's'.repeat(length)) });
      for (const { commands } of drain(queue, encoding, limit)) {
        for (const command of commands) expect(itemOf(command)?.moreData).toBeUndefined();
      }
    }
  });

  it('a command waits for the next message when many Statuses open this one', () => {
    const opening = [status('SyncHdr'), ...Array.from({ length: 8 }, () => status('Alert'))];
    const queue = new OutgoingQueue('wbxml');
    queue.push({ command: { kind: 'Get', cmdId: '', items: [{ target: { uri: `./${'u'.repeat(120)}` } }] } });
    const limit = 450;
    expect(queue.fill(header(1), opening, limit, commandIds()).commands).toEqual([]);
    expect(queue.empty).toBe(false);
    expect(queue.fill(header(2), [status('SyncHdr')], limit, commandIds()).commands).toHaveLength(1);
  });

  it('the children of a Sequence are numbered after it', () => {
    const queue = new OutgoingQueue('wbxml');
    const get: Command = { kind: 'Get', cmdId: '', items: [{ target: { uri: 'a' } }] };
    queue.push({ command: { kind: 'Sequence', cmdId: '', commands: [get, get] } }, { command: get });
    const { commands } = queue.fill(header(1), [], 5000, commandIds());
    expect(JSON.stringify(commands).match(/"cmdId":"\d+"/g)).toEqual([1, 2, 3, 4].map((id) => `"cmdId":"${id}"`));
  });

  it.each(ENCODINGS)('what can never fit goes alone and no further command with it in %s', (encoding) => {
    const queue = new OutgoingQueue(encoding);
    const large: Command = { kind: 'Get', cmdId: '', items: [{ target: { uri: 'u'.repeat(900) } }] };
    const small: Command = { kind: 'Get', cmdId: '', items: [{ target: { uri: 'a' } }] };
    queue.push({ command: small }, { command: large }, { command: small });
    expect(drain(queue, encoding, 900).map(({ commands }) => commands.length)).toEqual([1, 1, 1]);
  });
});

describe('Results of many items', () => {
  const results = (count: number, length: number): ResultsCommand => ({
    kind: 'Results',
    cmdId: '',
    msgRef: 2,
    cmdRef: '7',
    items: Array.from({ length: count }, (_, index) => ({
      source: { uri: `./SCM/${index}` },
      meta: { format: 'chr' },
      data: `${index}`.padEnd(length, 'é'),
    })),
  });

  it.each(ENCODINGS)('are spread over several Results that keep the limit in %s', (encoding) => {
    for (const limit of [700, 1000, 1001, 1500, 4000].map((octets) => octets + LEAST[encoding] - 230)) {
      const queue = new OutgoingQueue(encoding);
      const all = results(80, 20);
      queue.push({ command: all });
      const sent = drain(queue, encoding, limit);
      for (const { size } of sent) expect(size).toBeLessThanOrEqual(limit);
      const items = sent.flatMap(({ commands }) =>
        commands.flatMap((command) => {
          expect(command).toMatchObject({ kind: 'Results', msgRef: 2, cmdRef: '7' });
          return 'items' in command ? command.items : [];
        }),
      );
      expect(items).toEqual(all.items);
      // Messages are well filled.
      for (const { size } of sent.slice(0, -1)) expect(size).toBeGreaterThan(limit - 300);
    }
  });

  it('cuts an item that is too large by itself, between others that are not', () => {
    const queue = new OutgoingQueue('wbxml');
    const all = results(3, 20);
    const large = { source: { uri: './large' }, meta: { format: 'chr' }, data: 'L'.repeat(2000) };
    const items = [...all.items, large, ...all.items];
    queue.push({ command: { ...all, items } }, { command: add('./behind', 'last') });
    const sent = drain(queue, 'wbxml', 700);
    expect(itemOf(sent.at(-1)?.commands.at(-1))?.target?.uri).toBe('./behind');
    for (const { size } of sent) expect(size).toBeLessThanOrEqual(700);
    const assembler = new LargeObjectAssembler({ maxObjSize: 10_000 });
    const found: Item[] = [];
    for (const { commands } of sent) {
      for (const command of commands) {
        for (const item of command.kind === 'Results' ? command.items : []) {
          const outcome = assembler.take('Results', item, undefined);
          if (outcome.kind === 'whole') found.push(outcome.item);
        }
      }
    }
    expect(found.map((item) => item.data)).toEqual(items.map((item) => item.data));
  });
});

describe('text cut for a chunk', () => {
  it('never splits a character, makes headway, and stays within the length', () => {
    const bytes = utf8('aé€😀'.repeat(20));
    for (let length = 8; length < 40; length += 1) {
      let offset = 0;
      const parts: string[] = [];
      while (offset < bytes.length) {
        const piece = cutText(bytes, offset, length);
        expect(piece.length).toBeGreaterThan(0);
        expect(piece.length).toBeLessThanOrEqual(length);
        expect(utf8(piece.data).length).toBe(piece.length);
        parts.push(piece.data);
        offset += piece.length;
      }
      expect(parts.join('')).toBe('aé€😀'.repeat(20));
      expect(concatBytes(parts.map(utf8))).toEqual(bytes);
    }
  });

  it('cuts at multiples of four octets where the text allows it, and takes all that is left', () => {
    expect(cutText(utf8('abcdefghij'), 0, 7)).toEqual({ data: 'abcd', length: 4 });
    expect(cutText(utf8('abcdefghij'), 4, 9)).toEqual({ data: 'efghij', length: 6 });
    expect(cutText(utf8('abcdefghij'), 4, 5)).toEqual({ data: 'efgh', length: 4 });
    expect(cutText(utf8('abcdefghij'), 1, 2)).toEqual({ data: 'bc', length: 2 });
    expect(cutText(utf8('ab'), 0, 2)).toEqual({ data: 'ab', length: 2 });
  });
});
