import { describe, expect, it } from 'vitest';
import { byHand, genericAlert, gist, readEnvelope, statusesOf, statusXml, TestDevice } from '../../support/dm-pair.ts';
import { alert, change, exec, get, group, header, metaXml, short, TAKEN, talk } from './talk.ts';

const WIDE = { maxMsgSize: 8_000_000 } as const;

describe('a server that means no good', () => {
  it('and sends 10,000 commands in a message has each of them answered, in order, over many messages', () => {
    const all = talk(WIDE);
    const count = 10_000;
    const commands = Array.from({ length: count }, (_, index) => change('Replace', index + 4, './a', `v${index}`));
    let step = all.say(TAKEN + commands.join(''), { header: metaXml({ MaxMsgSize: 65_000 }) });
    let expected = 4;
    for (let message = 1; ; message += 1) {
      expect(step.send?.body.length).toBeLessThanOrEqual(65_000);
      for (const status of statusesOf(step.send)) {
        if (status.cmd !== 'Replace') continue;
        if (status.cmdRef !== String(expected) || status.code !== 200)
          expect(status).toMatchObject({ cmdRef: expected });
        expected += 1;
      }
      if (gist(step.send).includes('Final')) break;
      step = all.say(header(message + 1) + alert(2, 1222), { final: false });
    }
    expect(expected).toBe(count + 4);
    expect(all.device.tree.text('./a')).toBe(`v${count - 1}`);
  });

  it('and asks 1,000 times for one large value gets it as often as can be held, then 413', () => {
    const device = new TestDevice(300_000_000);
    device.tree.set('./a', new Uint8Array(16 * 1024 * 1024).fill(0x61));
    const all = talk(WIDE, device);
    const item = '<Item><Target><LocURI>./a</LocURI></Target></Item>';
    const step = all.say(`${TAKEN}<Get><CmdID>4</CmdID>${item.repeat(1000)}</Get>`, {
      header: metaXml({ MaxMsgSize: 1_000_000 }),
    });
    const codes = statusesOf(step.send).flatMap(({ cmd, code }) => (cmd === 'Get' ? [code] : []));
    expect(codes).toEqual([...Array.from({ length: 4 }, () => 200), ...Array.from({ length: 996 }, () => 413)]);
    expect(all.client.state).toEqual({ kind: 'waiting', awaits: 'our-object' });
  });

  it('and asks for more and more, where there is nothing, is left with an error', () => {
    const all = talk();
    all.say(TAKEN + get(4, './a'));
    let rounds = 0;
    let step = all.say(header(2) + alert(2, 1222));
    for (; step.outcome === undefined && rounds < 100; rounds += 1) {
      step = all.say(header(rounds + 3) + alert(2, 1222));
    }
    expect(step.outcome).toMatchObject({ ok: false, code: 'dm/endless' });
    expect(gist(step.send)).toContain('Alert 1223');
    expect(rounds).toBeLessThan(20);
    expect(all.client.phase).toBe('ended');
  });

  it('and never sends Final, whatever it sends, is left with an error', () => {
    const all = talk();
    let step = all.say(TAKEN + get(4, './a'), { final: false });
    let rounds = 1;
    for (; step.outcome === undefined && rounds < 3000; rounds += 1) {
      step = all.say(header(rounds + 1) + statusXml(2, rounds + 1, 2, 'Alert', 200) + get(3, './a'), { final: false });
    }
    expect(step.outcome).toMatchObject({ ok: false, code: 'dm/endless' });
    expect(rounds).toBeGreaterThan(500);
    expect(rounds).toBeLessThan(2000);
  });

  it('but one that takes our answers in ever so many small messages is not left', () => {
    const all = talk(WIDE);
    const commands = Array.from({ length: 6000 }, (_, index) => change('Replace', index + 4, './a', 'v'));
    let step = all.say(TAKEN + commands.join(''), { header: metaXml({ MaxMsgSize: 1100 }) });
    let message = 1;
    for (; step.outcome === undefined && !gist(step.send).includes('Final'); message += 1) {
      step = all.say(header(message + 1) + alert(2, 1222), { final: false });
    }
    expect(step.outcome).toBeUndefined();
    expect(message).toBeGreaterThan(1001);
  });

  it('but one that sends a large object in ever so many messages is not left', () => {
    const all = talk();
    const chunk = (more: string, meta = '') => change('Replace', 4, './a', 'AB', more, meta);
    let step = all.say(TAKEN + chunk('<MoreData/>', metaXml({ Size: 3000 })), { final: false });
    for (let round = 2; round < 1500; round += 1) {
      step = all.say(header(round) + statusXml(2, round, 2, 'Alert', 200) + chunk('<MoreData/>'), { final: false });
      if (step.outcome !== undefined) break;
    }
    expect(step.outcome).toBeUndefined();
    step = all.say(header(1500) + statusXml(2, 1500, 2, 'Alert', 200) + chunk(''));
    expect(short(step)).toEqual(['4 Replace 200']);
    expect(all.device.tree.text('./a')).toHaveLength(3000);
  });

  it.each([
    ['more than the client takes', 1_000_000_000, 413],
    ['more than a number can say', '99999999999999999999', 411],
    ['a size that is none', 'many', 411],
  ])('and announces %s is refused at once, and so is the rest of it', (_what, size, code) => {
    const all = talk();
    const chunk = (more: string, meta = '') => change('Add', 4, './bag/big', 'x'.repeat(1000), more, meta);
    const step = all.say(TAKEN + chunk('<MoreData/>', metaXml({ Format: 'chr', Size: size })), { final: false });
    expect(short(step)).toContain(`4 Add ${code}`);
    expect(all.client.state).toEqual({ kind: 'waiting', awaits: 'rest' });
    const rest = all.say(header(2) + statusXml(2, 2, 2, 'Alert', 200) + chunk(''));
    expect(short(rest)).toEqual([`4 Add ${code}`]);
    expect(all.device.tree.find('./bag/big')).toBe(404);
  });

  it('and nests groups as deep as a message may be is answered for each of them', () => {
    const nest = (kind: 'Sequence' | 'Atomic', depth: number): string =>
      Array.from({ length: depth }).reduce<string>(
        (inner, _, index) => group(kind, 100 + index, inner),
        exec(4, './now'),
      );
    const sequences = talk();
    expect(statusesOf(sequences.say(TAKEN + nest('Sequence', 40)).send)).toHaveLength(42);
    expect(sequences.device.executed).toEqual(['now']);
    const atomics = talk();
    expect(short(atomics.say(TAKEN + nest('Atomic', 40)))).toHaveLength(41);
    expect(atomics.device.executed).toEqual([]);
  });

  it('and sends 10,000 alerts 1222 in a message is answered within its own limit', () => {
    const all = talk(WIDE);
    const flood = Array.from({ length: 10_000 }, (_, index) => alert(index + 4, 1222)).join('');
    const step = all.say(TAKEN + flood, { header: metaXml({ MaxMsgSize: 5000 }) });
    expect(step.send?.body.length).toBeLessThanOrEqual(5000);
    expect(gist(step.send)[1]).toBe('Status 1/4 Alert 200');
  });

  it('and asks 2,000 questions in a message asks them one at a time, until it is broken off', () => {
    const all = talk({ ...WIDE, asksUser: true });
    let step = all.say(TAKEN + Array.from({ length: 2000 }, (_, index) => alert(index + 4, 1101, '', 'Now?')).join(''));
    for (let count = 0; count < 10; count += 1) {
      expect(step.ask).toBeDefined();
      step = all.client.answer('reject');
    }
    step = all.client.answer('cancel');
    expect(step.ask).toBeUndefined();
    expect(step.send).toBeDefined();
  });

  it('leaves the handset fit for the next session', () => {
    const device = new TestDevice();
    device.alerts = [genericAlert('x')];
    const bad = talk({}, device);
    expect(() => bad.say('<Nonsense', {})).toThrow();
    expect(bad.client.state).toEqual({ kind: 'ended' });
    const good = talk({}, device);
    expect(good.say(TAKEN + statusXml(4, 1, 3, 'Alert', 200)).outcome).toEqual({ ok: true });
    expect(device.alerts).toEqual([]);
    expect(readEnvelope(byHand('')).commands).toEqual([]);
  });
});
