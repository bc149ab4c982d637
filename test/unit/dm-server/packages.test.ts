/** Packages, messages and Final (DM Protocol 1.2, 2.1 to 2.3), by hand on one side and ours on the other. */
import { describe, expect, it } from 'vitest';
import type { Envelope } from '../../../src-main/syncml/envelope.ts';
import {
  byHand,
  clientOf,
  converse,
  DEVICE,
  genericAlert,
  gist,
  readEnvelope,
  serverOf,
  statusesOf,
  statusXml,
  TestDevice,
} from '../../support/dm-pair.ts';
import {
  add,
  alertXml,
  DEV_INFO_XML,
  eventXml,
  get,
  itemXml,
  limitsXml,
  PACKAGE_1,
  RIGHT_CRED,
  resultsXml,
  rigOf,
} from './server-rig.ts';

/** What a client of ours says to a message by hand, after its package 1. */
function clientHears(body: string, options: Parameters<typeof byHand>[1] = {}) {
  const device = new TestDevice();
  const client = clientOf(device);
  client.start();
  const step = client.receive(byHand(`${statusXml(1, 1, 0, 'SyncHdr', 200)}${ownStatuses(1)}${body}`, options));
  return { device, client, step };
}

const ownStatuses = (msgRef: number) => statusXml(2, msgRef, 1, 'Alert', 200) + statusXml(3, msgRef, 2, 'Replace', 200);
const getXml = (id: number, uri: string) =>
  `<Get><CmdID>${id}</CmdID><Item><Target><LocURI>${uri}</LocURI></Target></Item></Get>`;

describe('packages', () => {
  it('[DMP-1-02] package 1 of a client: header, alert, DevInfo, Final', () => {
    const first = clientOf(new TestDevice()).start();
    expect(gist(first)).toEqual(['Alert 1201', `Replace ./DevInfo/DevId=${DEVICE}`, 'Final']);
    expect(readEnvelope(first).header).toMatchObject({
      msgId: 1,
      source: { uri: DEVICE },
      meta: { maxMsgSize: 65_000 },
    });
  });

  it('[DMP-1-03][DMP-1-04] package 1 may bring credentials, sizes and alerts, and each command has its Status', () => {
    const rig = rigOf([[get('./a')]]);
    const step = rig.say(PACKAGE_1 + eventXml(3, 1224) + eventXml(4, 1226), { header: RIGHT_CRED + limitsXml(9000) });
    expect(gist(step.send)).toEqual([
      'Status 1/0 SyncHdr 212',
      'Status 1/1 Alert 200',
      'Status 1/2 Replace 200',
      'Status 1/3 Alert 200',
      'Status 1/4 Alert 200',
      'Get ./a=no long',
      'Final',
    ]);
    expect(rig.alerts.map(({ code }) => code)).toEqual([1224, 1226]);
  });

  it('[DMP-1-05] package 3: a Status for the header and each command, and Results of what was found', () => {
    const { step } = clientHears(getXml(4, './a') + getXml(5, './none'));
    expect(gist(step.send)).toEqual([
      'Status 1/0 SyncHdr 200',
      'Status 1/4 Get 200',
      'Results 1/4 ./a=one',
      'Status 1/5 Get 404',
      'Final',
    ]);
  });

  it('[DMP-1-06][DMP-1-07] alerts of package 3 have a Status each, and commands go on to package 3 again', () => {
    const rig = rigOf([[get('./a')], [get('./b')]]);
    rig.say(PACKAGE_1);
    const step = rig.say(rig.answers() + eventXml(7, 1224) + eventXml(8, 1226));
    expect(gist(step.send)).toEqual([
      'Status 2/0 SyncHdr 212',
      'Status 2/7 Alert 200',
      'Status 2/8 Alert 200',
      'Get ./b=no long',
      'Final',
    ]);
    expect(gist(rig.say(rig.answers()).send)).toEqual(['Status 3/0 SyncHdr 212', 'Final']);
  });

  it('[DMP-1-08][DMP-2-14] a server package without command and challenge ends the session in silence', () => {
    for (const code of [200, 212]) {
      const client = clientOf(new TestDevice());
      client.start();
      const step = client.receive(byHand(statusXml(1, 1, 0, 'SyncHdr', code) + ownStatuses(1)));
      expect(step).toEqual({ outcome: { ok: true }, progress: [] });
    }
    // Results, and any other Status than that of the header, are worth a message.
    expect(clientHears(getXml(4, './a')).step.send).toBeDefined();
    expect(clientHears('', { verProto: 'DM/2.0' }).step.send).toBeDefined();
  });

  it('[DMP-1-09] a server answers each package, the last one too', () => {
    const rig = rigOf([[get('./a')]]);
    const steps = [rig.say(PACKAGE_1), rig.say(rig.answers()), rig.say(rig.answers() + eventXml(2, 1226))];
    for (const { send } of steps) expect(statusesOf(send)[0]?.cmd).toBe('SyncHdr');
  });

  it('[DMP-1-10] a message may come when it likes: the machines know no clock', () => {
    const now = Date.now;
    const rig = rigOf([[get('./a')]]);
    try {
      rig.say(PACKAGE_1);
      Date.now = () => now() + 1e12;
      expect(rig.say(rig.answers()).outcome).toEqual({ ok: true });
    } finally {
      Date.now = now;
    }
  });

  it('[DMP-1-11][DMP-11-06] commands of a client are refused, and those of a server that only clients send', () => {
    const rig = rigOf([[get('./a')]]);
    rig.say(PACKAGE_1);
    expect(gist(rig.say(rig.answers() + getXml(7, './x')).send)).toContain('Status 2/7 Get 405');
    expect(gist(clientHears(resultsXml(1, 1, itemXml('./a', 'x'), 7)).step.send)).toContain('Status 1/7 Results 405');
  });
});

describe('messages', () => {
  it('[DMP-2-01] have the SessionID as text: neither case nor leading zeros are made equal', () => {
    for (const session of ['1a2b', '01A2B', '6699']) {
      expect(() => rigOf([[get('./a')]]).say(PACKAGE_1, { session })).toThrow(
        expect.objectContaining({ code: 'dm/session-wrong' }),
      );
    }
    expect(rigOf([[get('./a')]]).say(PACKAGE_1, { session: ' 1A2B ' }).outcome).toBeUndefined();
  });

  it('[DMP-2-02][DMP-2-03] count from 1 on each side, and Final closes each package once', () => {
    const device = new TestDevice();
    const server = serverOf([[add('./bag/n', 'x'.repeat(3000)), get('./long')], [get('./a')]], { maxMsgSize: 1300 });
    const { messages, ...ends } = converse(clientOf(device, { maxMsgSize: 1300 }), server.session);
    expect(ends).toEqual({ client: { ok: true }, server: { ok: true } });
    const read = messages.map((message) => readEnvelope(message));
    expect(read.map(({ header }) => header.msgId)).toEqual(read.map((_, index) => (index >> 1) + 1));
    const closed = (side: number) => read.filter(({ final }, index) => final && index % 2 === side).length;
    // Packages 1, 3 and 3 again; 2, 4 and 4 again.
    expect([closed(0), closed(1)]).toEqual([3, 3]);
    for (const [index, { commands, header }] of read.entries()) {
      for (const command of commands) {
        if (command.kind !== 'Status') continue;
        expect(command.msgRef).toBeLessThanOrEqual(read[index - 1]?.header.msgId ?? 0);
        expect(header.sessionId).toBe('1A2B');
      }
    }
  });

  it('[DMP-2-04] a package that the client closes while ours is open ends the session', () => {
    const rig = rigOf([[add('./a', 'x'.repeat(3000))]]);
    rig.say(PACKAGE_1, { header: RIGHT_CRED + limitsXml(1500) });
    const step = rig.say(rig.answers());
    expect(step.outcome).toMatchObject({ ok: false, code: 'dm/out-of-turn' });
    expect(gist(step.send).slice(-2)).toEqual(['Alert 1223', 'Final']);
    // One that has refused the rest has nothing to wait for.
    const refusing = rigOf([[add('./a', 'x'.repeat(3000))], [get('./b')]]);
    refusing.say(PACKAGE_1, { header: RIGHT_CRED + limitsXml(1500) });
    expect(gist(refusing.say(refusing.answers({ command: 420 })).send)).toContain('Get ./b=no long');
    expect(refusing.reports[0]?.reports[0]?.code).toBe(420);
  });

  it('[DMP-2-05] new commands wait for the Statuses of the earlier ones, but for a client that asks', () => {
    const wanted = Array.from({ length: 40 }, (_, index) => get(`./n${index}`));
    const begin = () => {
      const rig = rigOf([wanted]);
      rig.say(PACKAGE_1, { header: RIGHT_CRED + limitsXml(1500) });
      return rig;
    };
    const owing = begin();
    const header = statusXml(1, 1, 0, 'SyncHdr', 212);
    expect(gist(owing.say(header + resultsXml(1, 4, itemXml('./n0', 'x')), { final: false }).send)).toEqual([
      'Status 2/0 SyncHdr 212',
      'Alert 1222',
    ]);
    const asking = begin();
    expect(gist(asking.say(header + alertXml(2, 1222), { final: false }).send).join()).toContain('Get ./n');
    // Where the client's own package is open nothing new goes out either.
    const own = rigOf([[get('./a'), get('./b')], [get('./c')]]);
    own.say(PACKAGE_1);
    expect(gist(own.say(own.answers(), { final: false }).send)).toEqual(['Status 2/0 SyncHdr 212', 'Alert 1222']);
  });

  it('[DMP-2-06][DMP-2-15] a message without Final is asked on for, and 1222 has a Status in the next message', () => {
    const rig = rigOf([[get('./a')], [get('./b')]]);
    const first = rig.say(alertXml(1, 1201), { final: false });
    expect(gist(first.send)).toEqual(['Status 1/0 SyncHdr 212', 'Status 1/1 Alert 200', 'Alert 1222']);
    rig.say(rig.answers() + DEV_INFO_XML);
    const asked = rig.say(rig.answers() + alertXml(9, 1222), { final: false });
    expect(gist(asked.send)).toEqual(['Status 3/0 SyncHdr 212', 'Status 3/9 Alert 200', 'Alert 1222']);
    const { step } = clientHears(getXml(4, './a'), { final: false });
    expect(gist(step.send)).toContain('Alert 1222');
    expect(readEnvelope(step.send).final).toBe(false);
  });

  it('[DMP-2-07] 1222 may stand before the Status of the header, and be left out beside Results', () => {
    const wanted = Array.from({ length: 40 }, (_, index) => get(`./n${index}`));
    for (const ask of [alertXml(2, 1222), '']) {
      const rig = rigOf([wanted]);
      rig.say(PACKAGE_1, { header: RIGHT_CRED + limitsXml(1500) });
      const step = rig.say(ask + resultsXml(1, 4, itemXml('./n0', 'x')) + rig.answers(), { final: false });
      expect(gist(step.send).join()).toContain('Get ./n');
    }
  });

  it('[DMP-2-08] 1223 of a client is answered by Statuses alone, wherever it comes, and nothing is executed', () => {
    for (const before of [0, 1]) {
      const rig = rigOf([[get('./a')], [get('./b')]]);
      if (before === 1) rig.say(PACKAGE_1);
      const step = rig.say((before === 1 ? rig.answers() : '') + alertXml(5, 1223));
      const own = before + 1;
      expect(gist(step.send)).toEqual([`Status ${own}/0 SyncHdr 212`, `Status ${own}/5 Alert 200`, 'Final']);
      expect(step.outcome).toMatchObject({ code: 'dm/aborted' });
      expect(rig.reports).toEqual([]);
    }
  });

  it('[DMP-2-08] our own 1223 carries Final and the Status of what came last', () => {
    const rig = rigOf([[add('./a', 'x'.repeat(3000))]]);
    rig.say(PACKAGE_1, { header: RIGHT_CRED + limitsXml(1500) });
    expect(gist(rig.session.abort())).toEqual(['Status 1/0 SyncHdr 200', 'Alert 1223', 'Final']);
    expect(rig.say(rig.answers(), { final: false }).outcome).toMatchObject({ code: 'dm/out-of-turn' });
  });

  it('[DMP-2-09] 1223 of a server is not answered', () => {
    const { step } = clientHears(alertXml(4, 1223));
    expect(step.send).toBeUndefined();
    expect(step.outcome).toMatchObject({ code: 'dm/aborted' });
  });

  it('[DMP-2-10][DMP-11-08] a session that is lost leaves nothing: the next begins anew and brings the alerts', () => {
    const device = new TestDevice();
    device.alerts = [genericAlert('x')];
    const lost = clientOf(device);
    const cut = serverOf([[add('./bag/n', 'x'.repeat(3000))], [get('./a')]]);
    // The server takes the alert, and its answer never arrives.
    cut.session.receive(lost.start());
    const server = serverOf([[get('./a')]]);
    const { messages, ...ends } = converse(clientOf(device), server.session);
    expect(ends).toEqual({ client: { ok: true }, server: { ok: true } });
    expect(gist(messages[0])).toContain('Alert 1226');
    expect(server.begun).toHaveLength(1);
    expect(server.reports[0]?.reports[0]?.results[0]?.data).toBe('one');
    expect(device.alerts).toEqual([]);
  });

  it('[DMP-2-11][DMP-2-12] the very same octets again are answered by the very same, and executed once', () => {
    const rig = rigOf([[get('./a')], [get('./b')]]);
    rig.say(PACKAGE_1);
    const second = rig.say(rig.answers());
    expect(rig.repeat()).toEqual({ send: second.send, progress: [] });
    expect(rig.reports).toHaveLength(1);
    const device = new TestDevice();
    const client = clientOf(device);
    client.start();
    const exec = '<Exec><CmdID>4</CmdID><Item><Target><LocURI>./now</LocURI></Target></Item></Exec>';
    const message = byHand(statusXml(1, 1, 0, 'SyncHdr', 200) + ownStatuses(1) + exec);
    const copy: Envelope = { ...message, body: message.body.slice() };
    expect(client.receive(message).send).toEqual(client.receive(copy).send);
    expect(device.executed).toEqual(['now']);
  });

  it.each([1, 2])('[DMP-2-13] MsgID %i once more with other octets executes nothing and ends the session', (msgId) => {
    const rig = rigOf([[get('./a')], [get('./b')], [get('./c')]]);
    rig.say(PACKAGE_1);
    rig.say(rig.answers());
    expect(() => rig.say(rig.answers(), { msgId })).toThrow(expect.objectContaining({ code: 'dm/msgid-wrong' }));
    expect(rig.reports).toHaveLength(1);
    expect(rig.session.phase).toEqual({ kind: 'ended' });
  });
});
