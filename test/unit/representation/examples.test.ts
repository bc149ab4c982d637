import { describe, expect, it } from 'vitest';
import {
  byHand,
  clientOf,
  DEVICE,
  gist,
  readEnvelope,
  SERVER,
  serverOf,
  statusXml,
  TestDevice,
} from '../../support/dm-pair.ts';

/** Package 2 as the sheet has it, its children out of the DTD's order nowhere; the third Status is that of DevInfo. */
const PACKAGE_2 = `
  <Status><CmdID>1</CmdID><MsgRef>1</MsgRef><CmdRef>0</CmdRef><Cmd>SyncHdr</Cmd><Data>212</Data></Status>
  <Status><CmdID>2</CmdID><MsgRef>1</MsgRef><CmdRef>1</CmdRef><Cmd>Alert</Cmd><Data>200</Data></Status>
  <Status><CmdID>3</CmdID><MsgRef>1</MsgRef><CmdRef>2</CmdRef><Cmd>Replace</Cmd><Data>200</Data></Status>
  <Sequence><CmdID>4</CmdID>
    <Alert><CmdID>5</CmdID><Data>1101</Data><Item/><Item><Data>Install now?</Data></Item></Alert>
    <Exec><CmdID>6</CmdID><Correlator>c-17</Correlator>
      <Item><Target><LocURI>./later</LocURI></Target></Item></Exec>
  </Sequence>`;

describe('a package that asks before it executes', () => {
  const begun = (device: TestDevice) => {
    const client = clientOf(device, { asksUser: true });
    client.start();
    return { client, step: client.receive(byHand(PACKAGE_2)) };
  };

  it('[REP-9-01] is understood: the user is asked, and yes lets the Exec run', () => {
    const device = new TestDevice();
    const { client, step } = begun(device);
    expect(step.send).toBeUndefined();
    expect(step.ask).toMatchObject({ text: 'Install now?' });
    expect(device.executed).toEqual([]);
    const lines = gist(client.answer('accept').send);
    for (const line of ['1/4 Sequence 200', '1/5 Alert 200', '1/6 Exec 202']) expect(lines).toContain(`Status ${line}`);
    expect(device.executed).toEqual(['later#c-17']);
  });

  it('[REP-9-02] is answered with Sequence 200, Alert 304 and Exec 215 when the user says no', () => {
    const device = new TestDevice();
    const { client } = begun(device);
    const { send } = client.answer('reject');
    const statuses = readEnvelope(send).commands.flatMap((found) =>
      found.kind === 'Status' ? [`${found.cmd} ${found.code}`] : [],
    );
    expect(statuses).toEqual(['SyncHdr 200', 'Sequence 200', 'Alert 304', 'Exec 215']);
    expect(device.executed).toEqual([]);
  });
});

describe('the answer of another client', () => {
  it.each([
    ['Sequence 200 first', [4, 5, 6], 200],
    ['Sequence 215', [4, 5, 6], 215],
    ['Sequence 304, after its children', [5, 6, 4], 304],
  ])('[REP-9-02] is taken by our server with %s', (_name, order, sequence) => {
    const { session, reports } = serverOf([
      [
        {
          kind: 'Sequence',
          commands: [
            { kind: 'Alert', cmdId: '', code: 1101, items: [{}, { data: 'Install now?' }] },
            { kind: 'Exec', cmdId: '', correlator: 'c-17', items: [{ target: { uri: './later' } }] },
          ],
        },
      ],
    ]);
    const ends = { source: DEVICE, target: SERVER };
    const first = session.receive(byHand('<Alert><CmdID>1</CmdID><Data>1201</Data></Alert>', ends));
    const [group] = readEnvelope(first.send).commands.filter(({ kind }) => kind === 'Sequence');
    const id = Number(group?.cmdId);
    const said: Readonly<Record<number, string>> = {
      4: statusXml(2, 1, id, 'Sequence', sequence),
      5: statusXml(3, 1, id + 1, 'Alert', 304),
      6: statusXml(4, 1, id + 2, 'Exec', 215),
    };
    const body = statusXml(1, 1, 0, 'SyncHdr', 212) + order.map((at) => said[at]).join('');
    const { outcome } = session.receive(byHand(body, { ...ends, msgId: 2 }));
    expect(outcome).toEqual({ ok: true });
    expect(reports[0]?.reports[0]?.statuses.map(({ code }) => code).sort()).toEqual([sequence, 215, 304].sort());
  });
});
