/** Large objects both ways (DM Protocol 1.2, 2.2). */
import { describe, expect, it } from 'vitest';
import { toBase64 } from '../../../src-main/base/base64.ts';
import type { ByteSource } from '../../../src-main/base/byte-source.ts';
import { nodeDigest, nodeRandom } from '../../../src-main/base/node/digest.ts';
import type { ObjectStore } from '../../../src-main/dm/large-object/object-store.ts';
import type { Item, ItemsCommand } from '../../../src-main/syncml/model.ts';
import { HandsetDevice } from '../../../src-main/virtual/handset/handset-device.ts';
import {
  byHand,
  clientOf,
  converse,
  gist,
  readEnvelope,
  serverOf,
  statusXml,
  TestDevice,
} from '../../support/dm-pair.ts';
import {
  add,
  alertXml,
  get,
  itemXml,
  limitsXml,
  PACKAGE_1,
  RIGHT_CRED,
  type Rig,
  resultsXml,
  rigOf,
  sizeXml,
} from './server-rig.ts';

/** A server that has sent the first chunk of 3000 octets for `./a`. */
function sending(then = [[get('./next')]]): Rig {
  const rig = rigOf([[add('./a', 'x'.repeat(3000))], ...then]);
  rig.say(PACKAGE_1, { header: RIGHT_CRED + limitsXml(1500) });
  return rig;
}

const chunkIn = (rig: Rig): ItemsCommand | undefined =>
  rig.last().commands.find((command): command is ItemsCommand => command.kind === 'Add');
const go = (rig: Rig, code = 213) => rig.say(rig.answers({ command: code }) + alertXml(7, 1222), { final: false });

/** A server that waits for the answer to Gets of `./a` and `./b`, commands 4 and 5 of message 1. */
function asking(): Rig {
  const rig = rigOf([[get('./a'), get('./b')], [get('./next')]]);
  rig.say(PACKAGE_1);
  return rig;
}
const chunk = (data: string, size?: number, uri = './a', cmdRef = 4) =>
  resultsXml(1, cmdRef, itemXml(uri, data, '<MoreData/>', size === undefined ? '' : sizeXml(size)));

describe('an object that the server sends', () => {
  it('[DMP-3-06][DMP-3-07][DMP-3-15] says its Size once, ends each message with MoreData, and keeps Target and Meta', () => {
    const rig = sending();
    const items: (Item | undefined)[] = [];
    for (let count = 1; chunkIn(rig) !== undefined; count += 1) {
      const message = rig.last();
      items.push(chunkIn(rig)?.items[0]);
      expect(message.header.msgId).toBe(count);
      expect(message.commands.at(-1)?.kind).toBe('Add');
      expect(message.final).toBe(items.at(-1)?.moreData !== true);
      if (message.final) rig.say(rig.answers());
      else go(rig);
    }
    expect(items.length).toBeGreaterThan(2);
    expect(items.map((item) => item?.meta?.size)).toEqual([3000, ...items.slice(1).map(() => undefined)]);
    for (const item of items) expect(item).toMatchObject({ target: { uri: './a' }, meta: { format: 'chr' } });
    expect(items.map((item) => item?.data).join('')).toBe('x'.repeat(3000));
    expect(rig.reports[0]?.reports[0]?.code).toBe(200);
  });

  it('[DMP-3-08][DMP-3-10] is answered by 213 and 1222 each, and by the result at its end', () => {
    const client = clientOf(new TestDevice());
    client.start();
    const add1 = `<Add><CmdID>4</CmdID><Item><Target><LocURI>./bag/n</LocURI></Target>${sizeXml(6)}<Data>abc</Data><MoreData/></Item></Add>`;
    const first =
      statusXml(1, 1, 0, 'SyncHdr', 200) + statusXml(2, 1, 1, 'Alert', 200) + statusXml(3, 1, 2, 'Replace', 200);
    expect(gist(client.receive(byHand(first + add1, { final: false })).send)).toEqual([
      'Status 1/0 SyncHdr 200',
      'Alert 1222',
      'Status 1/4 Add 213',
    ]);
    const rest = `<Add><CmdID>9</CmdID><Item><Target><LocURI>./bag/n</LocURI></Target><Data>def</Data></Item></Add>`;
    const step = client.receive(
      byHand(statusXml(1, 2, 0, 'SyncHdr', 200) + statusXml(2, 2, 2, 'Alert', 200) + rest, { msgId: 2 }),
    );
    expect(gist(step.send)).toEqual(['Status 2/0 SyncHdr 200', 'Status 2/9 Add 200', 'Final']);
  });

  it.each([411, 413, 420, 424, 500])(
    '[DMP-3-14] that is refused mid-way by %i is sent no further, and is its report',
    (code) => {
      const rig = sending();
      go(rig);
      expect(gist(go(rig, code).send)).toContain('Get ./next=no long');
      expect(rig.reports[0]?.reports[0]).toMatchObject({ code });
    },
  );

  it.each([
    ['1225', alertXml(6, 1225)],
    ['[DMP-3-13] 1223 that names it', alertXml(6, 1223, '<Item><Target><LocURI>./a</LocURI></Target></Item>')],
    [
      '[DMP-3-13] 1223 that names it as Source',
      alertXml(6, 1223, '<Item><Source><LocURI>./a</LocURI></Source></Item>'),
    ],
  ])('is lost by %s, and the session goes on', (_name, alert) => {
    const rig = sending();
    const step = rig.say(rig.answers() + alert + alertXml(7, 1222), { final: false });
    expect(step.outcome).toBeUndefined();
    expect(gist(step.send)).toContain('Get ./next=no long');
    expect(rig.reports[0]?.reports[0]?.code).toBe(424);
  });

  it('is lost with the session by 1223 that names nothing, or something else', () => {
    for (const item of ['', '<Item><Target><LocURI>./other</LocURI></Target></Item>']) {
      expect(sending().say(alertXml(6, 1223, item)).outcome).toMatchObject({ code: 'dm/aborted' });
    }
  });

  it('[DMP-3-01][DMP-3-03] keeps to the MaxMsgSize that the client named last, and knows no limit without one', () => {
    const rig = rigOf([[add('./a', 'x'.repeat(9000))]]);
    const sizes = [rig.say(PACKAGE_1, { header: RIGHT_CRED + limitsXml(1500) })];
    sizes.push(rig.say(rig.answers() + alertXml(7, 1222), { final: false }));
    sizes.push(rig.say(rig.answers() + alertXml(7, 1222), { final: false, header: RIGHT_CRED + limitsXml(2500) }));
    expect(sizes[0]?.send?.body.length).toBeLessThanOrEqual(1500);
    expect(sizes[1]?.send?.body.length).toBeLessThanOrEqual(1500);
    expect(sizes[2]?.send?.body.length).toBeGreaterThan(1500);
    expect(sizes[2]?.send?.body.length).toBeLessThanOrEqual(2500);
    const free = rigOf([[add('./a', 'x'.repeat(90_000))]]);
    expect(gist(free.say(PACKAGE_1).send)).toContain('Add ./a=90000 long');
  });

  it('[DMP-3-02][DMP-3-03] is not sent when it is larger than the client takes: the report says 413 at once', () => {
    const big: ByteSource = { length: 1_000_000, subarray: (from, to) => new Uint8Array(to - from) };
    const rig = rigOf([
      [add('./a', 'x'.repeat(101)), add('./b', 'x'.repeat(100))],
      [{ kind: 'Replace', items: [{ target: { uri: './c' } }], large: big }],
      [{ kind: 'Atomic', commands: [{ ...add('./d', 'é'.repeat(51)), cmdId: '' } as never] }],
      [get('./next')],
    ]);
    const first = rig.say(PACKAGE_1, { header: RIGHT_CRED + limitsXml(9000, 100) });
    expect(gist(first.send).slice(3)).toEqual(['Add ./b=100 long', 'Final']);
    // The limit holds until another is named.
    expect(gist(rig.say(rig.answers()).send).slice(1)).toEqual(['Get ./next=no long', 'Final']);
    expect(rig.reports.map(({ reports }) => reports.map(({ code }) => code))).toEqual([[413, 200], [413], [413]]);
  });
});

describe('an object that the client sends', () => {
  it('[DMP-3-08][DMP-3-17] is asked on for chunk by chunk, counted, and taken whole', () => {
    const rig = asking();
    const first = rig.say(rig.answers() + chunk('abc', 6), { final: false });
    expect(gist(first.send)).toEqual(['Status 2/0 SyncHdr 212', 'Status 2/90 Results 213', 'Alert 1222']);
    expect(first.progress).toEqual([{ uri: './a', done: 3, total: 6 }]);
    expect(rig.session.receiving).toBe(true);
    rig.say(rig.answers() + resultsXml(1, 4, itemXml('./a', 'def')) + resultsXml(1, 5, itemXml('./b', 'B')));
    expect(rig.reports[0]?.reports.map(({ code, results }) => [code, results[0]?.data])).toEqual([
      [200, 'abcdef'],
      [200, 'B'],
    ]);
  });

  it.each([
    ['[DMP-3-09] no Size', chunk('abc'), 411],
    ['[DMP-3-02] more than the server takes', chunk('abc', 1_000_001), 413],
    ['[DMP-3-11] more than was said', chunk('abc', 2), 424],
  ])('with %s is refused, and its report says so', (_name, results, code) => {
    const rig = asking();
    expect(gist(rig.say(rig.answers() + results, { final: false }).send)).toContain(`Status 2/90 Results ${code}`);
    // What is on its way is refused as well, to its end.
    expect(gist(rig.say(rig.answers() + resultsXml(1, 4, itemXml('./a', 'def'))).send)).toContain(
      `Status 3/90 Results ${code}`,
    );
    expect(rig.reports[0]?.reports[0]).toMatchObject({ code, results: [] });
  });

  it('[DMP-3-11] may be sent anew after 424', () => {
    const rig = asking();
    rig.say(rig.answers() + chunk('abc', 4), { final: false });
    rig.say(rig.answers() + resultsXml(1, 4, itemXml('./a', 'defg')), { final: false });
    rig.say(rig.answers() + chunk('abc', 4), { final: false });
    expect(rig.say(rig.answers() + resultsXml(1, 4, itemXml('./a', 'd'))).outcome).toBeUndefined();
    expect(rig.reports[0]?.reports[0]?.results.map(({ data }) => data)).toEqual(['abcd']);
  });

  it('[DMP-3-12] does not go on with the Results of another Get of the same node', () => {
    const rig = asking();
    rig.say(rig.answers() + chunk('abc', 6), { final: false });
    const step = rig.say(rig.answers() + resultsXml(1, 5, itemXml('./a', 'def')));
    expect(gist(step.send)).toContain('Alert 1225');
    expect(rig.reports[0]?.reports.map(({ code }) => code)).toEqual([424, 200]);
  });

  it('[DMP-3-16][DMP-12-13] is base64 of the size of its text, cut anywhere, and decoded when it is whole', () => {
    const rig = asking();
    const text = toBase64(Uint8Array.of(0, 1, 2, 3, 250, 251));
    const meta = `<Meta><Format xmlns='syncml:metinf'>b64</Format><Size xmlns='syncml:metinf'>${text.length}</Size></Meta>`;
    rig.say(rig.answers() + resultsXml(1, 4, itemXml('./a', text.slice(0, 3), '<MoreData/>', meta)), { final: false });
    rig.say(rig.answers() + resultsXml(1, 4, itemXml('./a', text.slice(3))));
    expect(rig.reports[0]?.reports[0]?.results[0]).toMatchObject({ data: text, meta: { format: 'b64', size: 8 } });
  });

  it('[DMP-3-04] is not sent when the server takes less: 413 without Results', () => {
    const server = serverOf([[get('./long'), get('./a')]], { maxObjSize: 2999 });
    const { messages } = converse(clientOf(new TestDevice()), server.session);
    expect(gist(messages[2]).slice(1)).toEqual([
      'Status 1/4 Get 413',
      'Status 1/5 Get 200',
      'Results 1/5 ./a=one',
      'Final',
    ]);
  });

  it('goes to the store as it comes, and the item says where it is', () => {
    const kept: number[] = [];
    const store: ObjectStore = {
      begin: () => ({
        write: (octets) => kept.push(octets.length) > 0,
        done: () => ({ length: kept.reduce((sum, length) => sum + length, 0), subarray: () => new Uint8Array() }),
        discard: () => kept.splice(0),
      }),
    };
    const rig = rigOf([[get('./a')]], { maxObjSize: 10_000_000, store });
    rig.say(PACKAGE_1);
    let left = 1_200_000;
    rig.say(rig.answers() + chunk('x'.repeat(60_000), left), { final: false });
    for (left -= 60_000; left > 60_000; left -= 60_000)
      rig.say(rig.answers() + chunk('x'.repeat(60_000)), { final: false });
    rig.say(rig.answers() + resultsXml(1, 4, itemXml('./a', 'x'.repeat(left))));
    const [item] = rig.reports[0]?.reports[0]?.results ?? [];
    expect(item?.stored?.length).toBe(1_200_000);
    expect(item?.data).toBeUndefined();
  });
});

it('[DMP-3-05] a handset says in LrgObj that it takes large objects', () => {
  const device = new HandsetDevice({ imei: '004999010640000', model: 'V1', digest: nodeDigest });
  expect(device.tree.text('./DevDetail/LrgObj')).toBe('true');
});

it('[DMP-3-16] base64 of a large object is cut at multiples of four in XML, and comes out the same', () => {
  const bytes = nodeRandom.bytes(5000);
  const device = new TestDevice();
  const server = serverOf([[{ kind: 'Add', items: [{ target: { uri: './bag/n' } }], large: bytes }]]);
  const { messages, ...ends } = converse(clientOf(device, { maxMsgSize: 1500 }), server.session);
  expect(ends).toEqual({ client: { ok: true }, server: { ok: true } });
  const cut = messages
    .filter((_, index) => index % 2 === 1)
    .flatMap((message) => readEnvelope(message).commands)
    .flatMap((command) => (command.kind === 'Add' ? command.items : []));
  expect(cut.length).toBeGreaterThan(4);
  for (const { data } of cut.slice(0, -1)) expect((data?.length ?? 1) % 4).toBe(0);
  expect(cut.map(({ data }) => String(data)).join('')).toBe(toBase64(bytes));
  expect(server.reports[0]?.reports[0]?.code).toBe(200);
});
