import { describe, expect, it } from 'vitest';
import type { Element } from '../../../src-main/base/element.ts';
import { isPcAgentError } from '../../../src-main/base/errors.ts';
import { notificationSessionText } from '../../../src-main/dm/notification/notification.ts';
import { decodeMessage } from '../../../src-main/syncml/codec.ts';
import type { Envelope } from '../../../src-main/syncml/envelope.ts';
import type { AlertCommand, Command, Item, Message } from '../../../src-main/syncml/model.ts';
import {
  byHand,
  clientOf,
  converse,
  DEVICE,
  gist,
  proverOf,
  readEnvelope,
  SERVER,
  serverOf,
  statusXml,
  TestDevice,
  verifierOf,
} from '../../support/dm-pair.ts';
import { grandTour } from '../../support/grand-tour.ts';

const TOUR = grandTour('xml');
const all = (message: Message): readonly Command[] => message.commands.flatMap(withChildren);

function withChildren(command: Command): readonly Command[] {
  return command.kind === 'Atomic' || command.kind === 'Sequence'
    ? [command, ...command.commands.flatMap(withChildren)]
    : [command];
}

function elementsIn(element: Element): readonly Element[] {
  return [element, ...element.children.flatMap(elementsIn)];
}

const fromClient = TOUR.messages.filter((_message, index) => index % 2 === 0);
const fromServer = TOUR.messages.filter((_message, index) => index % 2 === 1);
const SETUP_TAKEN = `${statusXml(1, 1, 0, 'SyncHdr', 212)}${statusXml(2, 1, 1, 'Alert', 200)}${statusXml(3, 1, 2, 'Replace', 200)}`;

/** What a client of ours answers to these commands; CmdIDs from 4. */
function answered(commands: string, device = new TestDevice()) {
  const client = clientOf(device);
  client.start();
  return client.receive(byHand(SETUP_TAKEN + commands));
}

const item = (uri: string, more = '') => `<Item><Target><LocURI>${uri}</LocURI></Target>${more}</Item>`;

/** Why a server of ours does not take a first message. */
function refusalOf(envelope: Envelope): string | undefined {
  try {
    const { outcome } = serverOf([]).session.receive(envelope);
    return outcome?.ok === false ? outcome.code : undefined;
  } catch (error) {
    return isPcAgentError(error) ? error.code : String(error);
  }
}

/** A server of ours that has asked for these nodes in its message 1, commands 3 and up. */
function asking(...uris: readonly (readonly string[])[]) {
  const test = serverOf([
    uris.map((targets) => ({ kind: 'Get', items: targets.map((uri) => ({ target: { uri } })) })),
    [],
  ]);
  const setup = '<Alert><CmdID>1</CmdID><Data>1201</Data></Alert>';
  const { send } = test.session.receive(byHand(setup, { source: DEVICE, target: SERVER }));
  const gets = readEnvelope(send).commands.filter(({ kind }) => kind === 'Get');
  return {
    ...test,
    ids: gets.map(({ cmdId }) => cmdId),
    hear: (body: string) =>
      test.session.receive(
        byHand(statusXml(1, 1, 0, 'SyncHdr', 212) + body, { msgId: 2, source: DEVICE, target: SERVER }),
      ),
  };
}

describe('the header', () => {
  it('[REP-3-01] carries one SessionID all through a session, whatever text it is', () => {
    expect(new Set(TOUR.messages.map(({ header }) => header.sessionId))).toEqual(new Set(['1A2B']));
    const talk = converse(clientOf(new TestDevice(), { sessionId: 'x_Z' }), serverOf([], { sessionId: 'x_Z' }).session);
    expect(talk.messages.map((envelope) => readEnvelope(envelope).header.sessionId)).toEqual(
      ['x_Z', 'x_Z', 'x_Z'].slice(0, talk.messages.length),
    );
    expect(refusalOf(byHand('', { session: '2' }))).toBe('dm/session-wrong');
  });

  it.each([
    [1, '1'],
    [0x00af, 'AF'],
    [0x1a2b, '1A2B'],
    [0xffff, 'FFFF'],
  ])('[REP-3-02] the session %d of a notification is %s', (id, text) => {
    expect(notificationSessionText(id)).toBe(text);
  });

  it('[REP-3-04] counts the messages of each side from 1', () => {
    expect(fromClient.map(({ header }) => header.msgId)).toEqual(fromClient.map((_message, index) => index + 1));
    expect(fromServer.map(({ header }) => header.msgId)).toEqual(fromServer.map((_message, index) => index + 1));
    for (const msgId of [0, -1, 1.5])
      expect(refusalOf(byHand('', { msgId })), String(msgId)).toMatch(/msgid-wrong|bad-number/);
  });

  it('[REP-3-10, REP-3-11] names receiver and sender, and the user of the sender beside its address', () => {
    expect(fromClient[0]?.header).toMatchObject({ target: { uri: SERVER }, source: { uri: DEVICE, name: 'handset' } });
    expect(fromServer[0]?.header).toMatchObject({ target: { uri: DEVICE }, source: { uri: SERVER, name: 'dms' } });
    const mac = grandTour('wbxml', 'mac');
    expect(mac.server).toEqual({ ok: true });
    for (const [index, { hmac }] of mac.envelopes.entries()) {
      expect(hmac).toContain(`username="${mac.messages[index]?.header.source.name}"`);
    }
  });

  it('[REP-3-13] RespURI is where the next message goes, on both sides', () => {
    expect(fromServer.every(({ header }) => header.respUri === 'http://dms.example/dm?s=1')).toBe(true);
    expect(fromClient.map(({ header }) => header.target.uri).slice(1)).toEqual(
      fromClient.slice(1).map(() => 'http://dms.example/dm?s=1'),
    );
    const { session } = serverOf([[{ kind: 'Get', items: [{ target: { uri: './a' } }] }]]);
    session.receive(
      byHand('<Alert><CmdID>1</CmdID><Data>1201</Data></Alert>', { header: '<RespURI>IMEI:2</RespURI>' }),
    );
    expect(session.wire.target).toBe('IMEI:2');
  });

  it('[REP-3-14] holds the credential, in base64 for MD5; in a command one means nothing', () => {
    expect(fromClient[0]?.header.cred?.meta).toMatchObject({ format: 'b64', type: 'syncml:auth-md5' });
    const owners = TOUR.roots
      .flatMap(elementsIn)
      .filter(({ children }) => children.some(({ name }) => name === 'Cred'));
    expect(new Set(owners.map(({ name }) => name))).toEqual(new Set(['SyncHdr']));
    const cred = '<Cred><Meta><Type>syncml:auth-basic</Type></Meta><Data>YTpi</Data></Cred>';
    const { send } = answered(`<Get><CmdID>4</CmdID>${cred}${item('./a')}</Get>`);
    expect(gist(send)).toEqual(expect.arrayContaining(['Status 1/4 Get 200', 'Results 1/4 ./a=one']));
  });
});

describe('references', () => {
  it('[REP-3-05] CmdIDs are unique in a message and never 0, the children of groups included', () => {
    for (const message of TOUR.messages) {
      const ids = all(message).map(({ cmdId }) => cmdId);
      expect(new Set(ids).size).toBe(ids.length);
      expect(ids.every((id) => Number(id) > 0)).toBe(true);
    }
    expect(fromServer.some((message) => all(message).length > message.commands.length)).toBe(true);
  });

  it.each(['', '<CmdID/>', '<CmdID>0</CmdID>'])('[REP-3-06] a command with the id "%s" is answered by 400', (id) => {
    const { send } = answered(`<Get>${id}${item('./a')}</Get><Get><CmdID>5</CmdID>${item('./b')}</Get>`);
    const status = readEnvelope(send).commands.find((found) => found.kind === 'Status' && found.code === 400);
    const cmdRef = id.includes('0') ? '0' : '';
    expect(status).toMatchObject({ cmd: 'Get', cmdRef });
    expect(gist(send)).toContain('Results 1/5 ./b=two');
    if (cmdRef === '') expect(new TextDecoder().decode(send?.body)).toContain('<CmdRef/><Cmd>Get</Cmd>');
  });

  it('[REP-3-07] MsgRef names the message that is answered, in Results too; there it is 1 when it is missing', () => {
    for (const [index, message] of TOUR.messages.entries()) {
      const peer = TOUR.messages[index - 1]?.header.msgId ?? 0;
      for (const command of message.commands) {
        if (command.kind === 'Status' && command.cmd === 'SyncHdr') expect(command.msgRef).toBe(peer);
        if (command.kind === 'Results') expect(command.msgRef).toBeGreaterThan(0);
      }
      const results = elementsIn(TOUR.roots[index] as Element).filter(({ name }) => name === 'Results');
      for (const { children } of results) expect(children[1]?.name).toBe('MsgRef');
    }
    const server = asking(['./a']);
    server.hear(
      `${statusXml(2, 1, Number(server.ids[0]), 'Get', 200)}<Results><CmdID>3</CmdID><CmdRef>${server.ids[0]}</CmdRef>` +
        '<Item><Source><LocURI>./a</LocURI></Source><Data>v</Data></Item></Results>',
    );
    expect(server.reports[0]?.reports[0]).toMatchObject({
      code: 200,
      results: [{ source: { uri: './a' }, data: 'v' }],
    });
  });

  it('[REP-3-08] CmdRef 0 with Cmd SyncHdr answers the header; there it may be missing, elsewhere that answers nothing', () => {
    for (const message of TOUR.messages.slice(1)) {
      const [first] = message.commands;
      expect(first).toMatchObject({ kind: 'Status', cmd: 'SyncHdr', cmdRef: '0' });
    }
    const withoutRef = SETUP_TAKEN.replace('<CmdRef>0</CmdRef>', '');
    const client = clientOf(new TestDevice());
    client.start();
    expect(client.receive(byHand(withoutRef)).outcome).toMatchObject({ ok: true });
    const other = clientOf(new TestDevice());
    other.start();
    const stray = '<Status><CmdID>9</CmdID><MsgRef>1</MsgRef><CmdRef/><Cmd>Get</Cmd><Data>400</Data></Status>';
    expect(other.receive(byHand(SETUP_TAKEN + stray)).outcome).toMatchObject({
      ok: false,
      code: 'dm/status-unexpected',
    });
  });

  it('[REP-3-09] Cmd is the name of the command that is answered', () => {
    for (const [index, message] of TOUR.messages.entries()) {
      const asked = TOUR.messages
        .slice(0, index)
        .flatMap((earlier) => all(earlier).map((command) => ({ earlier, command })));
      for (const status of message.commands) {
        if (status.kind !== 'Status' || status.cmd === 'SyncHdr') continue;
        const found = asked.filter(
          ({ earlier, command }) => earlier.header.msgId === status.msgRef && command.cmdId === status.cmdRef,
        );
        expect(found.map(({ command }) => command.kind)).toContain(status.cmd);
      }
    }
  });

  it('[REP-3-12] items that came to the same have one Status, others one each with its URI', () => {
    const same = readEnvelope(answered(`<Get><CmdID>4</CmdID>${item('./a')}${item('./b')}</Get>`).send);
    expect(same.commands.filter((found) => found.kind === 'Status' && found.cmdRef === '4')).toEqual([
      expect.objectContaining({ code: 200, targetRefs: [], sourceRefs: [] }),
    ]);
    const different = readEnvelope(answered(`<Get><CmdID>4</CmdID>${item('./a')}${item('./none')}</Get>`).send);
    expect(different.commands.filter((found) => found.kind === 'Status' && found.cmdRef === '4')).toEqual([
      expect.objectContaining({ code: 200, targetRefs: ['./a'] }),
      expect.objectContaining({ code: 404, targetRefs: ['./none'] }),
    ]);
    expect(same.commands[0]).toMatchObject({ cmd: 'SyncHdr', targetRefs: [DEVICE], sourceRefs: [SERVER] });
  });
});

describe('elements of commands', () => {
  it('[REP-3-15] Chal stands in Status alone, with Format and a nonce in base64', () => {
    const challenges = TOUR.roots
      .flatMap(elementsIn)
      .filter(({ children }) => children.some(({ name }) => name === 'Chal'));
    expect(new Set(challenges.map(({ name }) => name))).toEqual(new Set(['Status']));
    const chals = TOUR.messages.flatMap(({ commands }) =>
      commands.flatMap((found) => (found.kind === 'Status' ? (found.chal ?? []) : [])),
    );
    expect(chals.length).toBeGreaterThan(2);
    for (const chal of chals) {
      expect(chal).toMatchObject({
        format: 'b64',
        type: 'syncml:auth-md5',
        nextNonce: expect.stringMatching(/^[A-Za-z0-9+/]+=*$/),
      });
    }
    const stray = `<Get><CmdID>4</CmdID><Chal><Meta><Type>syncml:auth-MAC</Type></Meta></Chal>${item('./a')}</Get>`;
    expect(gist(answered(stray).send)).toContain('Results 1/4 ./a=one');
  });

  it('[REP-3-16] Final is the last child of SyncBody, in the last message of a package', () => {
    let open = 0;
    for (const [index, root] of TOUR.roots.entries()) {
      const names = root.children[1]?.children.map(({ name }) => name) ?? [];
      const at = names.indexOf('Final');
      expect(at === -1 ? names.length - 1 : at).toBe(names.length - 1);
      if (at === -1 && index % 2 === 1) open += 1;
    }
    expect(open).toBeGreaterThan(2);
    expect(decodeMessage(TOUR.envelopes[0]?.body ?? new Uint8Array(), 'xml').message.final).toBe(true);
  });

  it('[REP-3-17] MoreData is empty, the last child of an Item, and the Item the last of its message', () => {
    const chunks = TOUR.roots.filter((root) => elementsIn(root).some(({ name }) => name === 'MoreData'));
    expect(chunks.length).toBeGreaterThan(3);
    for (const root of chunks) {
      const items = elementsIn(root).filter(({ name }) => name === 'Item');
      const last = items.at(-1)?.children.at(-1);
      expect(last).toMatchObject({ name: 'MoreData', children: [], content: undefined });
      expect(items.filter(({ children }) => children.some(({ name }) => name === 'MoreData'))).toHaveLength(1);
    }
  });

  it('[REP-3-18] a Correlator comes back as it was given; without one none is sent', () => {
    expect(TOUR.device.executed).toEqual(['later#c-17']);
    const alerts = fromClient.flatMap(({ commands }) =>
      commands.filter((found): found is AlertCommand => found.kind === 'Alert' && found.code === 1226),
    );
    expect(alerts.map(({ correlator }) => correlator)).toEqual(expect.arrayContaining([undefined, 'c-9']));
    expect(alerts.some((alert) => alert.correlator === undefined && 'correlator' in alert)).toBe(false);
    const device = new TestDevice();
    answered(`<Exec><CmdID>4</CmdID><Correlator> A &amp; b </Correlator>${item('./later')}</Exec>`, device);
    expect(device.executed).toEqual(['later# A & b ']);
  });

  it('[REP-3-20] the Item of a node carries Data unless its format is null or node', () => {
    const items = TOUR.messages.flatMap((message) =>
      all(message).flatMap((found) =>
        found.kind === 'Results' || found.kind === 'Add' || found.kind === 'Replace' ? found.items : [],
      ),
    );
    expect(items.length).toBeGreaterThan(8);
    for (const { meta, data } of items)
      if (meta?.format !== 'null' && meta?.format !== 'node') expect(data).toBeDefined();
  });
});

describe('Results', () => {
  const result = (cmdRef: string | undefined, items: string, more = '') =>
    `<Results><CmdID>8</CmdID><MsgRef>1</MsgRef><CmdRef>${cmdRef}</CmdRef>${more}${items}</Results>`;
  const source = (uri: string, data: string) =>
    `<Item><Source><LocURI>${uri}</LocURI></Source><Data>${data}</Data></Item>`;

  it('[REP-3-21] name the node, its format and its value', () => {
    const { send } = answered(`<Get><CmdID>4</CmdID>${item('./a')}</Get>`);
    const found = readEnvelope(send).commands.find(({ kind }) => kind === 'Results');
    expect(found).toMatchObject({
      msgRef: 1,
      cmdRef: '4',
      items: [{ source: { uri: './a' }, meta: { format: 'chr' }, data: 'one' }],
    });
  });

  it.each([
    [
      'without Source',
      (ref: string) => `<Results><CmdID>8</CmdID><CmdRef>${ref}</CmdRef><Item><Data>v</Data></Item></Results>`,
    ],
    ['with the Cmd of Windows', (ref: string) => result(ref, source('./a', 'v'), '<Cmd>Get</Cmd>')],
    ['with Target for Source', (ref: string) => result(ref, item('./a', '<Data>v</Data>'))],
  ])('[REP-3-21] are taken %s', (_name, results) => {
    const server = asking(['./a']);
    const ref = server.ids[0] ?? '';
    const { send } = server.hear(statusXml(2, 1, Number(ref), 'Get', 200) + results(ref));
    expect(gist(send)).toContain('Status 2/0 SyncHdr 200');
    expect(gist(send).filter((line) => line.includes('Results'))).toEqual([]);
    const [report] = server.reports[0]?.reports ?? [];
    expect(report?.code).toBe(200);
    expect(report?.results.map((found: Item) => found.data)).toEqual(['v']);
  });

  it('[REP-3-22] of a Get of several nodes come in one or in one each', () => {
    for (const many of [true, false]) {
      const server = asking(['./a', './b']);
      const ref = server.ids[0];
      const results = many
        ? result(ref, source('./a', '1') + source('./b', '2'))
        : result(ref, source('./a', '1')) + result(ref, source('./b', '2')).replace('<CmdID>8', '<CmdID>9');
      server.hear(statusXml(2, 1, Number(ref), 'Get', 200) + results);
      expect(server.reports[0]?.reports[0]?.results.map(({ source: from, data }) => `${from?.uri}=${data}`)).toEqual([
        './a=1',
        './b=2',
      ]);
    }
  });
});

describe('addresses of Items', () => {
  it('[REP-3-23] are Target for the server, Source for the client', () => {
    for (const message of fromServer) {
      for (const found of all(message)) {
        if (!('items' in found) || found.kind === 'Status' || found.kind === 'Alert') continue;
        for (const { target, source } of found.items) {
          expect(target).toBeDefined();
          expect(source === undefined).toBe(found.kind !== 'Copy');
        }
      }
    }
    const kinds = new Set<string>();
    for (const found of fromClient.flatMap(all)) {
      if (!('items' in found) || found.kind === 'Status' || (found.kind === 'Alert' && found.code !== 1226)) continue;
      kinds.add(found.kind);
      for (const { target, source } of found.items) expect([target, source !== undefined]).toEqual([undefined, true]);
    }
    expect(kinds).toEqual(new Set(['Replace', 'Alert', 'Results']));
  });

  it('[REP-3-24] do not begin with a slash: such a node is not found', () => {
    expect(gist(answered(`<Get><CmdID>4</CmdID>${item('/a')}</Get>`).send)).toContain('Status 1/4 Get 404');
  });

  it('[REP-3-25] NoResp is answered all the same', () => {
    const { send } = answered(`<Get><CmdID>4</CmdID><NoResp/>${item('./a')}</Get>`);
    expect(gist(send)).toEqual(expect.arrayContaining(['Status 1/4 Get 200', 'Results 1/4 ./a=one']));
    const client = clientOf(new TestDevice());
    client.start();
    const quiet = byHand(`${SETUP_TAKEN}<Get><CmdID>4</CmdID>${item('./a')}</Get>`, { header: '<NoResp/>' });
    expect(gist(client.receive(quiet).send)).toContain('Status 1/0 SyncHdr 200');
    for (const message of TOUR.envelopes) expect(Buffer.from(message.body).includes('NoResp')).toBe(false);
  });
});

describe('a server that did not prove itself', () => {
  it('[REP-3-15] is challenged in the Status of its header', () => {
    const client = clientOf(new TestDevice(), {
      prover: proverOf('none', 'handset', 'secret'),
      verifier: verifierOf('md5', 'dms', 'server'),
    });
    client.start();
    const [status] = readEnvelope(
      client.receive(byHand(`${SETUP_TAKEN}<Get><CmdID>4</CmdID>${item('./a')}</Get>`)).send,
    ).commands;
    expect(status).toMatchObject({ cmd: 'SyncHdr', code: 407, chal: { format: 'b64', type: 'syncml:auth-md5' } });
  });
});
