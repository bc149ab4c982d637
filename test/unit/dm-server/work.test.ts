/** What the work of a session gets to know. */
import { describe, expect, it } from 'vitest';
import type { CommandReport, WantedCommand } from '../../../src-main/dm/server/work.ts';
import type { Command } from '../../../src-main/syncml/model.ts';
import { clientOf, converse, gist, serverOf, statusXml, TestDevice } from '../../support/dm-pair.ts';
import {
  add,
  alertXml,
  eventXml,
  get,
  itemXml,
  limitsXml,
  PACKAGE_1,
  RIGHT_CRED,
  resultsXml,
  rigOf,
} from './server-rig.ts';

const child = (wanted: WantedCommand): Command => ({ ...wanted, cmdId: '' }) as Command;
const group = (kind: 'Atomic' | 'Sequence', ...commands: readonly WantedCommand[]): WantedCommand => ({
  kind,
  commands: commands.map(child),
});
const ask = (code: number, ...choices: readonly string[]): WantedCommand => ({
  kind: 'Alert',
  code,
  items: [{}, { data: 'Which?' }, ...choices.map((data) => ({ data }))],
});
const codes = ({ code, children }: CommandReport): unknown =>
  children.length === 0 ? code : [code, ...children.map(codes)];

describe('a report', () => {
  it('has the code of each child of Atomic and Sequence, in whatever order the Statuses come', () => {
    const rig = rigOf([
      [group('Atomic', add('./a', 'x'), add('./b', 'y')), group('Sequence', get('./c'), group('Sequence', get('./d')))],
    ]);
    rig.say(PACKAGE_1);
    rig.say(
      statusXml(1, 1, 6, 'Add', 418) +
        statusXml(1, 1, 5, 'Add', 216) +
        statusXml(1, 1, 4, 'Atomic', 507) +
        resultsXml(1, 10, itemXml('./d', 'D')) +
        statusXml(1, 1, 10, 'Get', 200) +
        statusXml(1, 1, 9, 'Sequence', 200) +
        statusXml(1, 1, 8, 'Get', 404) +
        statusXml(1, 1, 7, 'Sequence', 200) +
        statusXml(1, 1, 0, 'SyncHdr', 212),
    );
    const reports = rig.reports[0]?.reports ?? [];
    expect(reports.map(codes)).toEqual([
      [507, 216, 418],
      [200, 404, [200, 200]],
    ]);
    expect(reports[0]?.statuses.map(({ cmd, code }) => [cmd, code])).toEqual([
      ['Add', 418],
      ['Add', 216],
      ['Atomic', 507],
    ]);
    expect(reports[1]?.results.map(({ data }) => data)).toEqual(['D']);
    expect(reports[1]?.children[1]?.children[0]?.results.map(({ data }) => data)).toEqual(['D']);
    expect(reports[1]?.children[0]?.results).toEqual([]);
  });

  it('agrees with what a client of ours does', () => {
    const server = serverOf([
      [group('Sequence', get('./a'), { kind: 'Delete', items: [{ target: { uri: './none' } }] }, get('./b'))],
      [group('Atomic', add('./bag/one', '1'), add('./bag/one', '2'))],
    ]);
    const device = new TestDevice();
    expect(converse(clientOf(device), server.session).server).toEqual({ ok: true });
    expect(server.reports.map(({ reports }) => reports.map(codes))).toEqual([
      [[200, 200, 404, 200]],
      [[507, 216, 418]],
    ]);
    expect(device.tree.text('./bag/one')).toBeUndefined();
  });

  it('has what a person chose or typed, as the Items of the Status', () => {
    const rig = rigOf([[ask(1104, 'red', 'blue', 'green'), ask(1101)]]);
    rig.say(PACKAGE_1);
    const chosen = (data: number) => `<Item><Data>${data}</Data></Item>`;
    const status = statusXml(2, 1, 4, 'Alert', 200).replace('</Status>', `${chosen(3)}${chosen(1)}</Status>`);
    rig.say(statusXml(1, 1, 0, 'SyncHdr', 212) + status + statusXml(3, 1, 5, 'Alert', 304));
    const [choice, consent] = rig.reports[0]?.reports ?? [];
    expect(choice?.statuses[0]?.items.map(({ data }) => data)).toEqual(['3', '1']);
    expect(consent?.code).toBe(304);
  });

  it('of an Exec that was accepted is followed by the alert with its correlator, in this package or a later one', () => {
    const exec: WantedCommand = { kind: 'Exec', correlator: 'c-1', items: [{ target: { uri: './now' } }] };
    const rig = rigOf([[exec], [get('./a')], [get('./b')]], { alertCode: 202 });
    rig.say(PACKAGE_1);
    rig.say(rig.answers({ command: 202 }));
    expect(rig.reports[0]).toMatchObject({ reports: [{ code: 202 }], alerts: [] });
    const done = eventXml(7, 1226).replace('<Data>1226</Data>', '<Data>1226</Data><Correlator>c-1</Correlator>');
    expect(gist(rig.say(rig.answers() + done).send)).toContain('Status 3/7 Alert 202');
    expect(rig.reports[1]?.alerts).toMatchObject([{ code: 1226, correlator: 'c-1' }]);
    rig.say(rig.answers());
    expect(rig.reports[2]?.alerts).toEqual([]);
  });

  it.each([200, 202, 406, 415])('of alerts: the code that the host gives, %i, is that of their Status', (alertCode) => {
    const rig = rigOf([[get('./a')]], { alertCode });
    rig.say(PACKAGE_1);
    const step = rig.say(rig.answers() + eventXml(7, 1226) + eventXml(8, 1224));
    expect(gist(step.send).slice(1, 3)).toEqual([`Status 2/7 Alert ${alertCode}`, `Status 2/8 Alert ${alertCode}`]);
  });

  it('is asked for again, and counts from there, when our proof was refused', () => {
    const rig = rigOf([[group('Sequence', get('./a')), get('./b')]]);
    rig.say(PACKAGE_1);
    const chal = `<Chal><Meta><Format xmlns='syncml:metinf'>b64</Format><Type xmlns='syncml:metinf'>syncml:auth-md5</Type><NextNonce xmlns='syncml:metinf'>bmV3</NextNonce></Meta></Chal>`;
    // A client may leave the Statuses of what it refused out.
    const step = rig.say(statusXml(1, 1, 0, 'SyncHdr', 401, chal));
    expect(gist(step.send)).toEqual(['Status 2/0 SyncHdr 212', 'Sequence', 'Get ./b=no long', 'Final']);
    rig.say(rig.answers());
    expect(rig.reports[0]?.reports.map(codes)).toEqual([[200, 200], 200]);
    expect(rig.reports[0]?.reports[0]?.statuses).toHaveLength(2);
  });
});

describe('a client that never ends', () => {
  it.each([
    ['items', { items: 50 }, resultsXml(1, 4, itemXml('./a', 'x')), 'dm/results-too-large'],
    ['octets', { octets: 5000 }, resultsXml(1, 4, itemXml('./a', 'x'.repeat(200))), 'dm/results-too-large'],
    [
      'empty chunks',
      { items: 50 },
      resultsXml(1, 4, itemXml('./a', '', '<MoreData/>', "<Meta><Size xmlns='syncml:metinf'>9</Size></Meta>")),
      'dm/results-too-large',
    ],
    ['alerts', { alerts: 50 }, eventXml(7, 1226), 'dm/too-many-alerts'],
    ['alerts of much', { octets: 200 }, eventXml(7, 1226), 'dm/results-too-large'],
  ])('with its Results or alerts is thrown out: %s', (_name, limits, more, code) => {
    const rig = rigOf([[get('./a')], [get('./next')]], { limits });
    rig.say(PACKAGE_1);
    let step = rig.say(rig.answers() + more, { final: false });
    let rounds = 1;
    for (; step.outcome === undefined; rounds += 1) {
      expect(rounds).toBeLessThan(60);
      step = rig.say(rig.answers() + more, { final: false });
    }
    expect(step.outcome).toMatchObject({ ok: false, code });
    expect(rounds).toBeGreaterThan(20);
    expect(gist(step.send).slice(-2)).toEqual(['Alert 1223', 'Final']);
    expect(rig.alerts.length).toBeLessThanOrEqual(50);
    expect(rig.reports).toEqual([]);
  });

  it('in package 1 is thrown out as well', () => {
    const rig = rigOf([[get('./a')]], { limits: { items: 50 } });
    const more = (index: number) =>
      `<Replace><CmdID>2</CmdID><Item><Source><LocURI>./DevInfo/x${index}</LocURI></Source><Data>x</Data></Item></Replace>`;
    let step = rig.say(alertXml(1, 1201) + more(0), { final: false });
    for (let index = 1; step.outcome === undefined && index < 100; index += 1) {
      step = rig.say(rig.answers() + more(index), { final: false });
    }
    expect(step.outcome).toMatchObject({ code: 'dm/results-too-large' });
  });

  it('has limits without being told any', () => {
    const rig = rigOf([[get('./a')]]);
    rig.say(PACKAGE_1);
    let step = rig.say(rig.answers(), { final: false });
    const alerts = Array.from({ length: 200 }, (_, index) => eventXml(100 + index, 1226)).join('');
    for (let round = 0; step.outcome === undefined && round < 10; round += 1) {
      step = rig.say(rig.answers() + alerts, { final: false });
    }
    expect(step.outcome).toMatchObject({ code: 'dm/too-many-alerts' });
    expect(rig.alerts).toHaveLength(1000);
  });

  it('asks for more and brings nothing is left at its second word', () => {
    const rig = rigOf([[get('./a')]]);
    rig.say(PACKAGE_1);
    rig.say(rig.answers() + alertXml(7, 1222), { final: false });
    const step = rig.say(rig.answers() + alertXml(7, 1222), { final: false });
    expect(step.outcome).toMatchObject({ code: 'dm/final-missing' });
  });

  it('cannot live by saying the same Status, or commands that nobody takes, again and again', () => {
    const rig = rigOf([[get('./a')]]);
    rig.say(PACKAGE_1);
    let step = rig.say(rig.answers(), { final: false });
    let rounds = 0;
    for (; step.outcome === undefined; rounds += 1)
      step = rig.say(rig.answers() + statusXml(9, 1, 4, 'Get', 200), { final: false });
    expect(rounds).toBeLessThan(4);
    expect(step.outcome?.code).toBe('dm/too-many-statuses');
    const frob = rigOf([[get('./a')]]);
    frob.say(PACKAGE_1);
    frob.say(frob.answers(), { final: false });
    expect(frob.say(`${frob.answers()}<Frob><CmdID>5</CmdID></Frob>`, { final: false }).outcome?.code).toBe(
      'dm/final-missing',
    );
  });

  it('may not send ten thousand Statuses in a message either, and is told quickly', () => {
    const rig = rigOf([[get('./a')]], { maxMsgSize: 4_000_000 });
    rig.say(PACKAGE_1);
    const flood = (cmdRef: number) =>
      Array.from({ length: 10_000 }, () => statusXml(9, 1, cmdRef, 'Get', 200)).join('');
    const started = performance.now();
    expect(rig.say(rig.answers() + flood(4)).outcome).toMatchObject({ code: 'dm/too-many-statuses' });
    expect(performance.now() - started).toBeLessThan(3000);
  });

  it('with 1222 alone gets our large object, which ends, and is then asked for its Statuses', () => {
    const rig = rigOf([[add('./a', 'x'.repeat(4000))]]);
    let step = rig.say(PACKAGE_1, { header: RIGHT_CRED + limitsXml(1500) });
    let rounds = 0;
    for (; step.outcome === undefined && rounds < 20; rounds += 1) {
      const header = statusXml(1, rig.last().header.msgId, 0, 'SyncHdr', 212);
      step = rig.say(header + alertXml(7, 1222), { final: false });
    }
    expect(step.outcome).toMatchObject({ code: 'dm/final-missing' });
    expect(rounds).toBeLessThan(12);
  });
});
