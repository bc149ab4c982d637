import { commandSize, frameSize } from '../../../src-main/syncml/codec.ts';
import type { Command, Header, Message, StatusCommand } from '../../../src-main/syncml/model.ts';

const HEADER: Header = {
  verDtd: '1.2',
  verProto: 'DM/1.2',
  sessionId: '1A2B',
  msgId: 2,
  target: { uri: 'http://dms.example/dm' },
  source: { uri: 'IMEI:493005100592800' },
  meta: { maxMsgSize: 65_535, maxObjSize: 4_194_304 },
};

const LEAVES = [
  ['./DevInfo/DevId', 'IMEI:493005100592800'],
  ['./DevInfo/Man', 'Acme'],
  ['./DevInfo/Mod', 'M1'],
  ['./DevDetail/SwV', 'R4.2.11-build 318'],
  ['./DevDetail/FwV', '11.2.4'],
  ['./DevDetail/HwV', 'rev C'],
  ['./SCM/Inventory/Deployed/mail/ID', 'com.example.mail'],
  ['./SCM/Inventory/Deployed/mail/Name', 'Example Mail'],
  ['./SCM/Inventory/Deployed/mail/Version', '4.0.1'],
  ['./SCM/Inventory/Deployed/mail/State', '20'],
  ['./SCM/Inventory/Deployed/maps/ID', 'com.example.maps'],
  ['./SCM/Inventory/Deployed/maps/Name', 'Example Maps'],
  ['./SCM/Inventory/Deployed/maps/Version', '12.11.0'],
  ['./SCM/Inventory/Deployed/maps/State', '30'],
  ['./SCM/Inventory/Deployed/maps/Description', 'Street maps'],
  ['./DevDetail/URI/MaxDepth', '12'],
] as const;

/** A client's answer to sixteen Gets, a Status and Results for each: 2 KB, text only. */
export function smallMessage(): Message {
  const commands: Command[] = [status('1', '0', 'SyncHdr', 212)];
  for (const [index, [uri, value]] of LEAVES.entries()) {
    const cmdRef = String(index + 1);
    commands.push(status(String(2 * index + 2), cmdRef, 'Get', 200));
    commands.push({
      kind: 'Results',
      cmdId: String(2 * index + 3),
      msgRef: 1,
      cmdRef,
      items: [{ source: { uri }, meta: { format: 'chr', type: 'text/plain' }, data: value }],
    });
  }
  return { header: HEADER, commands, final: true };
}

/** What a server asks for in three Gets, and what the client finds. */
const SUBTREES: readonly (readonly (readonly [string, string])[])[] = [
  [
    ['./DevInfo/DevId', 'IMEI:493005100592800'],
    ['./DevInfo/Man', 'Acme Telecommunications'],
    ['./DevInfo/Mod', 'Explorer M1 Dual'],
    ['./DevInfo/DmV', '1.2'],
    ['./DevInfo/Lang', 'en-GB'],
  ],
  [
    ['./DevDetail/DevTyp', 'smartphone'],
    ['./DevDetail/OEM', 'Example Manufacturing Ltd'],
    ['./DevDetail/FwV', 'M1-11.2.4-release-20260812'],
    ['./DevDetail/SwV', 'R4.2.11-build-318-signed'],
    ['./DevDetail/HwV', 'rev C, board 7'],
    ['./DevDetail/LrgObj', 'true'],
  ],
  [
    ['./SCM/Inventory/Deployed/mail/ID', 'com.example.handset.mail'],
    ['./SCM/Inventory/Deployed/mail/Name', 'Example Mail for Handsets'],
    ['./SCM/Inventory/Deployed/mail/Version', '4.0.1'],
    ['./SCM/Inventory/Deployed/mail/Description', 'Reads, writes and files mail, also without a network'],
    ['./SCM/Inventory/Deployed/maps/ID', 'com.example.handset.maps'],
    ['./SCM/Inventory/Deployed/maps/Name', 'Example Maps for Handsets'],
    ['./SCM/Inventory/Deployed/maps/Version', '12.11.0'],
  ],
];

/** A client's answer to three Gets of whole subtrees: 2 KB with fewer elements and longer text. */
export function wordyMessage(): Message {
  const commands: Command[] = [
    {
      ...status('1', '0', 'SyncHdr', 212),
      targetRefs: ['IMEI:493005100592800'],
      sourceRefs: ['http://dms.example/dm'],
    },
  ];
  for (const [index, leaves] of SUBTREES.entries()) {
    const cmdRef = String(index + 1);
    commands.push(status(String(2 * index + 2), cmdRef, 'Get', 200));
    commands.push({
      kind: 'Results',
      cmdId: String(2 * index + 3),
      msgRef: 1,
      cmdRef,
      items: leaves.map(([uri, data]) => ({ source: { uri }, meta: { format: 'chr', type: 'text/plain' }, data })),
    });
  }
  commands.push({
    kind: 'Alert',
    cmdId: '8',
    code: 1226,
    correlator: 'campaign-2026-11/handset-0042',
    items: [
      {
        source: { uri: './SCM/Inventory/Deployed/maps/Operations/Remove' },
        meta: { format: 'chr', type: 'urn:oma:at:scomo:1.0:OperationComplete', mark: 'informational' },
        data: 'ResultCode=1200',
      },
    ],
  });
  return { header: HEADER, commands, final: true };
}

/** A server's message in the middle of a large object: 65,535 octets, nearly all of them one opaque value. */
export function largeMessage(): Message {
  const chunk = (data: Uint8Array): Command => ({
    kind: 'Replace',
    cmdId: '3',
    items: [{ target: { uri: './SCM/Inventory/Delivered/p1/Data' }, data, moreData: true }],
  });
  const before = [status('1', '0', 'SyncHdr', 212), status('2', '1', 'Alert', 200)];
  const message = (data: Uint8Array): Message => ({ header: HEADER, commands: [...before, chunk(data)], final: false });
  let frame = frameSize(HEADER, 'wbxml');
  for (const command of [...before, chunk(new Uint8Array(64_000))]) frame += commandSize(command, 'wbxml');
  const data = new Uint8Array(65_535 - frame + 64_000);
  for (let index = 0; index < data.length; index += 1) data[index] = (index * 167 + (index >> 8)) & 0xff;
  return message(data);
}

function status(cmdId: string, cmdRef: string, cmd: string, code: number): StatusCommand {
  return { kind: 'Status', cmdId, msgRef: 1, cmdRef, cmd, targetRefs: [], sourceRefs: [], code, items: [] };
}
