import { describe, expect, it } from 'vitest';
import { ManagementTree } from '../../../src-main/dm/tree/management-tree.ts';
import type { NodeSpec } from '../../../src-main/dm/tree/node.ts';
import { decodeMessage } from '../../../src-main/syncml/codec.ts';
import {
  byHand,
  clientOf,
  converse,
  genericAlert,
  gist,
  readEnvelope,
  serverOf,
  statusesOf,
  statusXml,
  TestDevice,
  verifierOf,
} from '../../support/dm-pair.ts';
import { alert, answersTo, change, copy, exec, get, group, header, metaXml, short, TAKEN, talk } from './talk.ts';

const ALL = ['Add', 'Delete', 'Exec', 'Get', 'Replace'] as const;
const leaf = (value: string): NodeSpec => ({ format: 'chr', value, access: ALL });
const open = (): NodeSpec => ({
  format: 'node',
  access: ALL,
  allowed: (name) => (name.startsWith('n') ? open() : leaf('')),
});

/** A device with folders that take folders (their names begin with n) and leaves, and with rights. */
class FolderDevice extends TestDevice {
  override readonly tree: ManagementTree;

  constructor() {
    super();
    this.tree = new ManagementTree({
      format: 'node',
      acl: 'Add=*&Get=*&Replace=*&Delete=*&Exec=*',
      children: {
        a: leaf('one'),
        fixed: { ...leaf('f'), permanent: true },
        folder: { ...open(), children: { x: leaf('ex'), y: leaf('why') } },
        guarded: { ...leaf('g'), acl: 'Get=*&Replace=other' },
        secret: { ...leaf('s'), acl: 'Replace=*' },
        run: { format: 'null', access: ['Exec'], exec: ({ argument }) => (argument?.length === 3 ? 200 : 500) },
        locked: { format: 'null', access: ['Exec'], acl: 'Exec=other', exec: () => 200 },
      },
    });
  }
}

const folders = () => talk({ authority: 'dms' }, new FolderDevice());
const format = (name: string) => metaXml({ Format: name });
const bare = (kind: string, id: number, uri: string, meta = '') =>
  `<${kind}><CmdID>${id}</CmdID><Item><Target><LocURI>${uri}</LocURI></Target>${meta}</Item></${kind}>`;
const tnds = (kind: string, id: number, uri: string, nodes: string) =>
  change(
    kind,
    id,
    uri,
    `<![CDATA[<MgmtTree xmlns='syncml:dmddf1.2'><VerDTD>1.2</VerDTD>${nodes}</MgmtTree>]]>`,
    '',
    metaXml({ Type: 'application/vnd.syncml.dmtnds+xml', Format: 'xml' }),
  );
const node = (name: string, inner: string) =>
  `<Node><NodeName>${name}</NodeName><RTProperties><Format><${inner.startsWith('<Value>') ? 'chr' : 'node'}/></Format></RTProperties>${inner}</Node>`;

describe('commands of the server on the tree', () => {
  it('[REP-6-02] Add makes a node at its full URI, and says 418 of one that is there', () => {
    const all = folders();
    expect(
      answersTo(
        change('Add', 4, './folder/z', 'zed', '', format('chr')) +
          change('Add', 5, './folder/x', 'v', '', format('chr')),
        all,
      ),
    ).toEqual(['4 Add 200', '5 Add 418']);
    expect(all.device.tree.text('./folder/z')).toBe('zed');
    expect(all.device.tree.text('./folder/x')).toBe('ex');
  });

  it('[REP-6-36] Add makes a node of the Format that it says, else of chr', () => {
    const all = folders();
    const both = change('Add', 4, './folder/z', '12') + change('Add', 5, './folder/i', '12', '', format('int'));
    expect(answersTo(both, all)).toEqual(['4 Add 200', '5 Add 200']);
    const kept = ['./folder/z', './folder/i'].map((uri) => all.device.tree.find(uri));
    expect(kept).toMatchObject([{ format: 'chr' }, { format: 'int' }]);
  });

  it('[REP-6-03] Add makes missing parents where they may be, and names the one that may not', () => {
    const all = folders();
    const step = all.say(
      TAKEN +
        change('Add', 4, './folder/n1/n2/v', 'deep', '', format('chr')) +
        change('Add', 5, './other/v', 'x', '', format('chr')),
    );
    expect(short(step)[0]).toBe('4 Add 200');
    expect(all.device.tree.text('./folder/n1/n2/v')).toBe('deep');
    const failed = statusesOf(step.send).find(({ cmdRef }) => cmdRef === '5');
    expect(failed?.code).toBeGreaterThanOrEqual(400);
    expect(failed?.items).toEqual([{ target: { uri: './other' } }]);
    expect(all.device.tree.find('./other')).toBe(404);
  });

  it('[REP-6-04] Add of a serialized tree makes all of it or nothing, with one Status', () => {
    const good = folders();
    const two = node('n1', node('p', '<Value>1</Value>') + node('q', '<Value>2</Value>'));
    expect(answersTo(tnds('Add', 4, './folder/n1', two), good)).toEqual(['4 Add 200']);
    expect(good.device.tree.text('./folder/n1/q')).toBe('2');
    const bad = folders();
    const half = node('n1', node('p', '<Value>1</Value>') + node('q', node('r', '<Value>2</Value>')));
    const answers = answersTo(tnds('Add', 4, './folder/n1', half), bad);
    expect(answers).toHaveLength(1);
    expect(answers[0]).toMatch(/^4 Add [45]/);
    expect(bad.device.tree.find('./folder/n1')).toBe(404);
  });

  it('[REP-6-05] Replace overwrites values and properties that are there, and makes nothing', () => {
    const all = folders();
    expect(
      answersTo(
        change('Replace', 4, './a', 'new') +
          change('Replace', 5, './nothing', 'x') +
          change('Replace', 6, './a?prop=Title', 'Anna') +
          get(7, './a?prop=Title') +
          change('Replace', 8, './nothing?prop=Title', 'x') +
          change('Add', 9, './a?prop=Title', 'x') +
          change('Replace', 10, './a?list=Struct', 'x') +
          change('Delete', 11, './a?prop=Title', ''),
        all,
      ),
    ).toEqual([
      '4 Replace 200',
      '5 Replace 404',
      '6 Replace 200',
      '7 Get 200',
      '7: ./a?prop=Title=Anna',
      '8 Replace 404',
      '9 Add 405',
      '10 Replace 405',
      '11 Delete 405',
    ]);
    expect(all.device.tree.find('./nothing')).toBe(404);
  });

  it('[REP-6-06] a name that a sibling has gives 418, another one renames', () => {
    const all = folders();
    expect(
      answersTo(
        change('Replace', 4, './folder/x?prop=Name', 'y') + change('Replace', 5, './folder/x?prop=Name', 'z'),
        all,
      ),
    ).toEqual(['4 Replace 418', '5 Replace 200']);
    expect(all.device.tree.text('./folder/z')).toBe('ex');
  });

  it('[REP-6-07] Replace with a serialized tree takes the place of the subtree', () => {
    const all = folders();
    answersTo(change('Add', 3, './folder/n1/old', 'o', '', format('chr')), all);
    const step = all.say(header(2) + tnds('Replace', 4, './folder/n1', node('n1', node('fresh', '<Value>1</Value>'))));
    expect(short(step)).toEqual(['4 Replace 200']);
    expect(all.device.tree.find('./folder/n1/old')).toBe(404);
    expect(all.device.tree.text('./folder/n1/fresh')).toBe('1');
  });

  it('[REP-6-09] Delete takes a subtree away, but neither a permanent node nor the root', () => {
    const all = folders();
    expect(
      answersTo(['./folder', './fixed', '.'].map((uri, index) => bare('Delete', 4 + index, uri)).join(''), all),
    ).toEqual(['4 Delete 200', '5 Delete 405', '6 Delete 405']);
    expect(all.device.tree.find('./folder/x')).toBe(404);
    expect(all.device.tree.text('./fixed')).toBe('f');
  });

  it('[REP-6-10] Copy makes a leaf of a leaf that lives on its own', () => {
    const all = folders();
    expect(answersTo(copy(4, './a', './folder/x') + change('Replace', 5, './a', 'later'), all)).toEqual([
      '4 Copy 200',
      '5 Replace 200',
    ]);
    expect(all.device.tree.text('./folder/x')).toBe('one');
  });

  it('[REP-6-11] Copy of what cannot be copied gives 403, without source or target 412, with its places in the Status', () => {
    const all = folders();
    const step = all.say(
      TAKEN + copy(4, './folder', './a') + bare('Copy', 5, './a') + copy(6, './a?prop=Name', './folder/x'),
    );
    expect(short(step)).toEqual(['4 Copy 403', '5 Copy 412', '6 Copy 405']);
    expect(statusesOf(step.send)[1]).toMatchObject({ targetRefs: ['./a'], sourceRefs: ['./folder'] });
  });

  it('[REP-6-12] Get gives values, names, properties and lists', () => {
    const all = folders();
    const step = all.say(
      TAKEN +
        get(4, './a') +
        get(5, './folder') +
        get(6, './a?prop=Format') +
        get(7, './folder?list=Struct') +
        get(8, './folder?list=TNDS'),
    );
    const lines = short(step);
    expect(lines.slice(0, 8)).toEqual([
      '4 Get 200',
      '4: ./a=one',
      '5 Get 200',
      '5: ./folder=x/y',
      '6 Get 200',
      '6: ./a?prop=Format=chr',
      '7 Get 200',
      '7: ./folder=no long, ./folder/x=no long, ./folder/y=no long',
    ]);
    const whole = readEnvelope(step.send).commands.find((each) => each.kind === 'Results' && each.cmdRef === '8');
    expect(JSON.stringify(whole)).toContain('MgmtTree');
    expect(whole).toMatchObject({ items: [{ source: { uri: './folder' } }] });
  });

  it('Get of a long list spreads it over several Results', () => {
    const all = folders();
    answersTo(
      Array.from({ length: 70 }, (_, index) =>
        change('Add', 4 + index, `./folder/z${index}`, 'v', '', format('chr')),
      ).join(''),
      all,
    );
    const { commands } = readEnvelope(all.say(header(2) + get(4, './folder?list=StructData')).send);
    const sizes = commands.flatMap((each) => (each.kind === 'Results' ? [each.items.length] : []));
    expect(sizes).toEqual([32, 32, 9]);
  });

  it('[REP-6-13] Exec runs with its argument, in the body and in a Sequence, and once for each Item', () => {
    const data = '<Data>abc</Data>';
    expect(answersTo(exec(4, './run', '', data) + group('Sequence', 5, exec(6, './run', '', data)), folders())).toEqual(
      ['4 Exec 200', '5 Sequence 200', '6 Exec 200'],
    );
    const item = (uri: string) => `<Item><Target><LocURI>${uri}</LocURI></Target>${data}</Item>`;
    expect(answersTo(`<Exec><CmdID>4</CmdID>${item('./run')}${item('./a')}</Exec>`, folders())).toEqual([
      '4 Exec 200',
      '4 Exec 405',
    ]);
  });

  it('Exec takes an argument in chunks', () => {
    const all = folders();
    const chunk = (data: string, more: string, meta = '') =>
      `<Exec><CmdID>4</CmdID><Item><Target><LocURI>./run</LocURI></Target>${meta}<Data>${data}</Data>${more}</Item></Exec>`;
    expect(short(all.say(TAKEN + chunk('ab', '<MoreData/>', metaXml({ Size: 3 })), { final: false }))).toEqual([
      'Alert 1222',
      '4 Exec 213',
    ]);
    expect(short(all.say(header(2) + statusXml(2, 2, 2, 'Alert', 200) + chunk('c', '')))).toEqual(['4 Exec 200']);
  });

  it('[REP-6-14] Exec that takes long is 202 now and a generic alert with its Correlator later', () => {
    const device = new TestDevice();
    device.settle = () => {
      device.alerts = [{ ...genericAlert('done'), correlator: 'c-17' }];
    };
    const step = talk({}, device).say(TAKEN + exec(4, './later', 'c-17'));
    expect(short(step)).toEqual(['4 Exec 202', 'Alert 1226']);
    // Also in the middle of a package it is done, or kept to be done, before the 202 goes out.
    const open = talk();
    expect(short(open.say(TAKEN + exec(4, './later', 'c-1'), { final: false }))).toContain('4 Exec 202');
    expect(open.device.settled).toBe(1);
    expect(readEnvelope(step.send).commands.at(-1)).toMatchObject({ correlator: 'c-17' });
  });

  it('[REP-6-15] Results come behind the Status of their Get and name the node as Source', () => {
    const step = folders().say(TAKEN + get(4, './a') + get(5, './folder/x'));
    const { commands } = readEnvelope(step.send);
    expect(commands.map(({ kind }) => kind)).toEqual(['Status', 'Status', 'Results', 'Status', 'Results']);
    expect(commands[2]).toMatchObject({ msgRef: 1, cmdRef: '4', items: [{ source: { uri: './a' }, data: 'one' }] });
  });

  it('answers 425 where the ACL gives the server no right, and does nothing', () => {
    const all = folders();
    expect(
      answersTo(
        change('Replace', 4, './guarded', 'x') +
          get(5, './guarded') +
          get(6, './secret') +
          exec(7, './locked') +
          bare('Delete', 8, './guarded'),
        all,
      ),
    ).toEqual(['4 Replace 425', '5 Get 200', '5: ./guarded=g', '6 Get 425', '7 Exec 425', '8 Delete 425']);
    const other = talk({ authority: 'other' }, new FolderDevice());
    expect(answersTo(change('Replace', 4, './guarded', 'x') + exec(5, './locked'), other)).toEqual([
      '4 Replace 200',
      '5 Exec 200',
    ]);
  });

  it('tells an empty Data from none', () => {
    const all = folders();
    answersTo(change('Replace', 4, './a', ''), all);
    expect(all.device.tree.text('./a')).toBe('');
    const step = all.say(header(2) + get(4, './a'));
    expect(readEnvelope(step.send).commands.at(-1)).toMatchObject({ items: [{ data: '' }] });
  });
});

describe('what is odd in a message', () => {
  it('[REP-6-16] Results that the server takes get no Status', () => {
    const { session } = serverOf([
      [{ kind: 'Get', items: [{ target: { uri: './a' } }] }],
      [{ kind: 'Get', items: [{ target: { uri: './b' } }] }],
    ]);
    const { messages, client } = converse(clientOf(new TestDevice()), session);
    expect(client).toEqual({ ok: true });
    const said = messages.flatMap((message) => gist(message));
    expect(said.filter((line) => line.startsWith('Results'))).toHaveLength(2);
    expect(said.filter((line) => /^Status .* Results/.test(line))).toEqual([]);
  });

  it('commands of data sync are not supported, unknown ones are no requests, and results are not the server’s', () => {
    const odd = ['Map', 'Move', 'Put', 'Search', 'Sync', 'Frob'].map(
      (name, index) => `<${name}><CmdID>${index + 4}</CmdID></${name}>`,
    );
    const results = '<Results><CmdID>11</CmdID><CmdRef>1</CmdRef></Results>';
    const inSequence = group('Sequence', 12, '<Put><CmdID>13</CmdID></Put>', exec(14, './now'));
    expect(answersTo(odd.join('') + results + inSequence)).toEqual([
      '4 Map 406',
      '5 Move 406',
      '6 Put 406',
      '7 Search 406',
      '8 Sync 406',
      '9 Frob 400',
      '11 Results 405',
      '12 Sequence 200',
      '13 Put 406',
      '14 Exec 200',
    ]);
  });

  it('a CmdID that another command has, or none, is 400, with all that is in the group', () => {
    const all = talk();
    expect(
      answersTo(exec(4, './now') + exec(4, './later') + group('Atomic', 4, change('Replace', 5, './a', 'x')), all),
    ).toEqual(['4 Exec 200', '4 Exec 400', '4 Atomic 400', '5 Replace 215']);
    expect(all.device.executed).toEqual(['now']);
    expect(answersTo(exec(4, './now') + exec(Number('04'), './now')).at(-1)).toBe('4 Exec 400');
    expect(answersTo(`${exec(4, './now')}<Exec><CmdID> 04 </CmdID></Exec>`).at(-1)).toBe('04 Exec 400');
  });

  it('NoResp and Cred in commands, and NoResp in the header, change nothing', () => {
    const command =
      '<Get><CmdID>4</CmdID><NoResp/><Cred><Data>eDp5</Data></Cred><Item><Target><LocURI>./a</LocURI></Target></Item></Get>';
    const step = talk().say(TAKEN + command, { header: '<NoResp/>' });
    expect(gist(step.send)).toEqual(['Status 1/0 SyncHdr 200', 'Status 1/4 Get 200', 'Results 1/4 ./a=one', 'Final']);
  });

  it('[REP-6-29, REP-6-30] Statuses go header first, then as the commands came, groups before their children', () => {
    const body = `${exec(9, './now', '1')}${group('Sequence', 4, exec(8, './later', '2'), get(5, './nothing'))}${exec(7, './now', '3')}`;
    const all = talk();
    const lines = gist(all.say(TAKEN + body).send);
    expect(lines).toEqual([
      'Status 1/0 SyncHdr 200',
      'Status 1/9 Exec 200',
      'Status 1/4 Sequence 200',
      'Status 1/8 Exec 202',
      'Status 1/5 Get 404',
      'Status 1/7 Exec 200',
      'Final',
    ]);
    expect(all.device.executed).toEqual(['now#1', 'later#2', 'now#3']);
  });

  it('[REP-6-29, REP-6-32] Statuses that one message cannot hold keep their order over several', () => {
    const all = talk();
    const many = Array.from({ length: 60 }, (_, index) => change('Replace', index + 4, './a', `v${index}`)).join('');
    let step = all.say(TAKEN + many, { header: metaXml({ MaxMsgSize: 2000 }) });
    const refs: string[] = [];
    for (let message = 1; ; message += 1) {
      expect(step.send?.body.length).toBeLessThanOrEqual(2000);
      refs.push(
        ...statusesOf(step.send)
          .filter(({ cmd }) => cmd === 'Replace')
          .map(({ cmdRef }) => cmdRef),
      );
      if (gist(step.send).includes('Final')) break;
      step = all.say(header(message + 1) + alert(3, 1222), { final: false });
    }
    expect(refs).toEqual(Array.from({ length: 60 }, (_, index) => String(index + 4)));
  });

  it('[REP-6-08, REP-6-31, REP-6-34] in a whole session the client says nothing but Replace of DevInfo, Results, alerts and Statuses', () => {
    const device = new TestDevice();
    device.alerts = [genericAlert('x')];
    const { session } = serverOf([
      [
        { kind: 'Get', items: [{ target: { uri: './long' } }] },
        { kind: 'Alert', code: 1100, items: [{}, { data: 'Hello' }] },
        { kind: 'Exec', items: [{ target: { uri: './later' } }] },
      ],
    ]);
    const { messages, client } = converse(clientOf(device), session);
    expect(client).toEqual({ ok: true });
    const own = messages
      .filter((_, index) => index % 2 === 0)
      .map((message) => decodeMessage(message.body, 'xml').message);
    const kinds = own.map(({ commands }) => commands.map(({ kind }) => kind));
    expect(kinds[0]).toEqual(['Alert', 'Replace', 'Alert']);
    for (const later of kinds.slice(1))
      expect(new Set([...later, 'Status', 'Results', 'Alert'])).toEqual(new Set(['Status', 'Results', 'Alert']));
    const replaced = own[0]?.commands[1];
    expect(replaced).toMatchObject({ items: [{ source: { uri: './DevInfo/DevId' } }] });
    const answered = messages.flatMap((message) => gist(message)).filter((line) => /^Status .* Alert/.test(line));
    // 1201 and 1226 by the server, 1100 by the client, which has no user.
    expect(answered).toEqual(['Status 1/1 Alert 200', 'Status 1/3 Alert 200', 'Status 1/6 Alert 406']);
  });

  it('[REP-6-33] behind a chunk of its own the client says nothing before the last chunk', () => {
    const all = talk();
    let step = all.say(TAKEN + get(4, './long') + get(5, './a'), { header: metaXml({ MaxMsgSize: 1200 }) });
    let chunks = 0;
    for (let message = 1; !gist(step.send).includes('Final'); message += 1) {
      const { commands } = readEnvelope(step.send);
      const more = commands.findIndex((each) => each.kind === 'Results' && each.items[0]?.moreData === true);
      if (more >= 0) {
        expect(more).toBe(commands.length - 1);
        // Between two chunks of it there is nothing but Statuses.
        if (chunks > 0) expect(commands.filter(({ kind }) => kind !== 'Status')).toHaveLength(1);
        chunks += 1;
      }
      step = all.say(header(message + 1) + alert(3, 1222), { final: false });
    }
    expect(chunks).toBeGreaterThan(1);
  });

  it('[REP-6-35] a message of a server that did not prove itself is answered by Statuses of one code, groups and all', () => {
    const all = talk({ verifier: verifierOf('md5', 'dms', 'server') });
    const body = TAKEN + group('Atomic', 4, change('Replace', 5, './a', 'x')) + get(6, './a') + alert(7, 1222);
    expect(gist(all.say(body).send)).toEqual([
      'Status 1/0 SyncHdr 407 Chal',
      'Status 1/4 Atomic 407',
      'Status 1/5 Replace 407',
      'Status 1/6 Get 407',
      'Status 1/7 Alert 407',
      'Final',
    ]);
    expect(all.device.tree.text('./a')).toBe('one');
  });

  it('a session that breaks off in the middle brings its alerts in the next one', () => {
    const device = new TestDevice();
    device.alerts = [genericAlert('x')];
    const first = talk({}, device);
    first.say(statusXml(1, 1, 0, 'SyncHdr', 212), { final: false });
    first.client.close();
    expect(() => first.client.receive(byHand(TAKEN, { msgId: 2 }))).not.toThrow();
    expect(gist(talk({}, device).first)).toContain('Alert 1226');
  });
});

describe('a Sequence', () => {
  it('[REP-6-17, REP-6-18] runs its children in order, whatever comes of them, and is 200', () => {
    const all = talk();
    const commands = group(
      'Sequence',
      4,
      exec(5, './later', '1'),
      exec(6, './nothing'),
      exec(7, './now', '2'),
      group('Sequence', 8, get(9, './x'), exec(10, './now', '3')),
    );
    expect(answersTo(commands, all)).toEqual([
      '4 Sequence 200',
      '5 Exec 202',
      '6 Exec 404',
      '7 Exec 200',
      '8 Sequence 200',
      '9 Get 404',
      '10 Exec 200',
    ]);
    expect(all.device.executed).toEqual(['later#1', 'now#2', 'now#3']);
  });

  it.each(['reject', 'cancel'] as const)(
    '[REP-6-19, REP-8.1-07] leaves out with 215 what stands behind a %s',
    (answer) => {
      const all = talk({ asksUser: true });
      all.say(
        TAKEN +
          group(
            'Sequence',
            4,
            exec(5, './now'),
            alert(6, 1101, '', 'Go on?'),
            exec(7, './now'),
            group('Atomic', 8, change('Replace', 9, './a', 'x')),
          ),
      );
      expect(short(all.client.answer(answer))).toEqual([
        '4 Sequence 200',
        '5 Exec 200',
        `6 Alert ${answer === 'reject' ? 304 : 214}`,
        '7 Exec 215',
        '8 Atomic 215',
        '9 Replace 215',
      ]);
      expect(all.device.executed).toEqual(['now']);
    },
  );
});
