import { describe, expect, it } from 'vitest';
import { textOf } from '../../../src-main/base/bytes.ts';
import { bareAlertType } from '../../../src-main/dm/generic-alert.ts';
import { readOperationComplete } from '../../../src-main/scomo/operation-complete.ts';
import { byHand, genericAlert, gist, readEnvelope, serverOf, statusXml, TestDevice } from '../../support/dm-pair.ts';
import { alert, answersTo, exec, get, header, metaXml, short, TAKEN, talk } from './talk.ts';

const TYPE = 'urn:oma:at:scomo:1.0:OperationComplete';
const RESULT = '&lt;ResultCode&gt;1200&lt;/ResultCode&gt;&lt;Identifier&gt;p1&lt;/Identifier&gt;';
const item = (type: string, more = '', source = '<Source><LocURI>./SCM/x</LocURI></Source>') =>
  `<Item>${source}${metaXml({ Type: type, Format: 'xml' })}${more}<Data>${RESULT}</Data></Item>`;
const PACKAGE_1 =
  '<Alert><CmdID>1</CmdID><Data>1201</Data></Alert><Replace><CmdID>2</CmdID><Item><Source><LocURI>./DevInfo/DevId</LocURI></Source><Data>IMEI:004999010640000</Data></Item></Replace>';

/** What a server hears of a client's generic alert. */
function heard(body: string) {
  const server = serverOf([]);
  const step = server.session.receive(byHand(PACKAGE_1 + body));
  const [first] = server.alerts;
  return {
    code: gist(step.send).find((line) => line.startsWith('Status 1/3')),
    correlator: first?.correlator,
    completions: first === undefined ? [] : readOperationComplete(first),
  };
}

describe('a generic alert of ours', () => {
  const said = (more: Partial<ReturnType<typeof genericAlert>> = {}) => {
    const device = new TestDevice();
    device.alerts = [{ ...genericAlert('x'), ...more }];
    return talk({}, device).first;
  };

  it('[DMP-8-01, DMP-8-05, DMP-8-07, DMP-8-08, DMP-8-09] has its code, source, type, format, mark and data', () => {
    expect(readEnvelope(said({ data: '' })).commands[2]).toMatchObject({
      kind: 'Alert',
      code: 1226,
      items: [
        {
          source: { uri: './now' },
          meta: { type: 'urn:example:done', format: 'chr', mark: 'informational' },
          data: '',
        },
      ],
    });
  });

  it('[DMP-8-02, DMP-8-03] has the Correlator of its Exec, behind Data, and none when that had none', () => {
    expect(textOf(said({ correlator: 'c-17' }).body)).toMatch(/<Data>1226<\/Data><Correlator>c-17<\/Correlator><Item>/);
    expect(textOf(said().body)).not.toContain('Correlator');
  });

  it('is for the server whose Exec it answers, and no other takes it', () => {
    expect(gist(said({ server: 'dms' }))).toContain('Alert 1226');
    expect(gist(said({ server: 'other' }))).not.toContain('Alert 1226');
  });

  it('[DMP-8-11] goes behind Alert 1201 in package 1, or into a later package', () => {
    expect(gist(said())).toEqual(['Alert 1201', expect.stringContaining('Replace'), 'Alert 1226', 'Final']);
    const device = new TestDevice();
    const all = talk({}, device);
    all.say(TAKEN + get(4, './a'));
    device.alerts = [genericAlert('later')];
    const step = all.say(header(2) + exec(2, './later'));
    expect(short(step)).toEqual(['2 Exec 202', 'Alert 1226']);
    expect(answersTo(alert(4, 1226))).toEqual(['4 Alert 405']);
  });

  it('[DMP-8-12] goes whole into one message, however little room there is', () => {
    const device = new TestDevice();
    device.alerts = ['x', 'y', 'z'].map((id) => ({ ...genericAlert(id), data: id.repeat(200) }));
    const all = talk({ packetRoom: 1300 }, device);
    let step: Parameters<typeof short>[0] = { send: all.first, progress: [] };
    const sizes: number[] = [];
    for (let message = 1; ; message += 1) {
      expect(step.send?.body.length).toBeLessThanOrEqual(1300);
      for (const command of readEnvelope(step.send).commands) {
        if (command.kind !== 'Alert' || command.code !== 1226) continue;
        expect(command.items[0]?.moreData).toBeUndefined();
        sizes.push(command.items[0]?.data?.length ?? 0);
      }
      if (gist(step.send).includes('Final')) break;
      step = all.say(statusXml(1, message, 0, 'SyncHdr', 200) + alert(9, 1222), { final: false });
    }
    expect(sizes).toEqual([200, 200, 200]);
  });

  it.each([
    [200, 0],
    [202, 0],
    [401, 1],
    [407, 1],
    [412, 1],
    [415, 1],
    [500, 1],
  ])('[DMP-8-10] is done with when the server says 200 or 202: %i leaves %i', (code, left) => {
    const device = new TestDevice();
    device.alerts = [genericAlert('x')];
    talk({}, device).say(TAKEN + statusXml(4, 1, 3, 'Alert', code));
    expect(device.alerts).toHaveLength(left);
  });
});

describe('a generic alert of another client', () => {
  it('[DMP-8-02] may have its Correlator before its Data or behind it', () => {
    const data = '<Data>1226</Data>';
    const correlator = '<Correlator>c-17</Correlator>';
    for (const order of [data + correlator, correlator + data]) {
      const { code, correlator: echoed } = heard(`<Alert><CmdID>3</CmdID>${order}${item(TYPE)}</Alert>`);
      expect([code, echoed]).toEqual(['Status 1/3 Alert 200', 'c-17']);
    }
  });

  it('[DMP-8-04, DMP-8-05, DMP-8-08] may have several Items, and Items without Source and Mark', () => {
    const marked = `<Item>${metaXml({ Type: TYPE, Format: 'xml', Mark: 'critical' })}<Data>${RESULT}</Data></Item>`;
    const { completions } = heard(
      `<Alert><CmdID>3</CmdID><Data>1226</Data>${item(TYPE)}${marked}${item(TYPE, '', '')}</Alert>`,
    );
    expect(completions.map(({ operation, resultCode }) => [operation, resultCode])).toEqual([
      ['./SCM/x', 1200],
      ['', 1200],
      ['', 1200],
    ]);
    expect(heard('<Alert><CmdID>3</CmdID><Data>1226</Data></Alert>').code).toBe('Status 1/3 Alert 412');
  });

  it.each([TYPE, ` ${TYPE} `, `Reversed-Domain-Name: ${TYPE}`, `content-type:${TYPE}`])(
    '[DMP-8-06] has its type bare or behind a prefix: %j',
    (type) => {
      expect(bareAlertType(type)).toBe(TYPE);
      expect(heard(`<Alert><CmdID>3</CmdID><Data>1226</Data>${item(type)}</Alert>`).completions).toHaveLength(1);
    },
  );

  it('[DMP-8-09] may have an empty Data', () => {
    const empty = `<Item>${metaXml({ Type: TYPE, Format: 'chr' })}<Data/></Item>`;
    expect(heard(`<Alert><CmdID>3</CmdID><Data>1226</Data>${empty}</Alert>`).code).toBe('Status 1/3 Alert 200');
  });
});
