import type { Command, Item, Message, Meta } from '../../src-main/syncml/model.ts';

export interface RandomMessageOptions {
  /** `plain`: text without blanks at its ends, never octets; `any`: also odd text. Default `any`. */
  readonly text?: 'plain' | 'any';
  /** Octets as Item data. Default false. */
  readonly octets?: boolean;
}

type Random = () => number;

const WORDS = ['a', 'Acme', '1.2', './DevInfo/DevId', 'x'.repeat(70), 'größer', '日本語', '\u{1f4f1}', '<&>"\'', 'a b'];
const ODD = ['', ' ', '\t\r\n', ' padded ', ']]>', '&amp;', 'line\nline', '\r', 'é'.repeat(300)];
const KINDS = [
  'Add',
  'Replace',
  'Delete',
  'Copy',
  'Get',
  'Exec',
  'Alert',
  'Status',
  'Results',
  'Sequence',
  'Atomic',
] as const;

/** A message as our machines could write it, from a seeded source. */
export function randomMessage(random: Random, options: RandomMessageOptions = {}): Message {
  const pick = <T>(choices: readonly T[]): T => choices[Math.floor(random() * choices.length)] as T;
  const maybe = <T extends object>(value: () => T): T | Record<string, never> => (random() < 0.5 ? value() : {});
  const word = () => pick(WORDS);
  const data = () => (options.text === 'plain' || random() < 0.5 ? word() : pick(ODD));
  const number = () => Math.floor(random() * 10 ** Math.ceil(random() * 9));
  let cmdId = 0;

  const meta = (): Meta => ({
    ...maybe(() => ({ format: pick(['chr', 'b64', 'bin', 'int', 'node']) })),
    ...maybe(() => ({ type: 'text/plain' })),
    ...maybe(() => ({ size: number() })),
    ...maybe(() => ({ nextNonce: 'bm9uY2U=' })),
    ...maybe(() => ({ emi: ['x-a', 'x-b'] })),
  });
  const octets = () => Uint8Array.from({ length: Math.floor(random() * 300) + 1 }, () => Math.floor(random() * 256));
  const item = (): Item => ({
    ...maybe(() => ({ target: { uri: word(), ...maybe(() => ({ name: word() })) } })),
    ...maybe(() => ({ source: { uri: word() } })),
    ...maybe(() => ({ meta: meta() })),
    ...maybe(() => ({ data: options.octets === true && random() < 0.5 ? octets() : data() })),
    ...maybe(() => ({ moreData: true })),
  });
  const items = () => Array.from({ length: Math.floor(random() * 4) }, item);
  const command = (depth: number): Command => {
    cmdId += 1;
    const base = { cmdId: String(cmdId), ...maybe(() => ({ noResp: true })) };
    const kind = pick(KINDS.slice(0, depth > 3 ? 9 : KINDS.length));
    switch (kind) {
      case 'Exec':
        return { kind, ...base, ...maybe(() => ({ correlator: word() })), items: items() };
      case 'Alert':
        return { kind, ...base, code: number(), ...maybe(() => ({ correlator: word() })), items: items() };
      case 'Status':
        return {
          kind,
          cmdId: base.cmdId,
          msgRef: number(),
          cmdRef: String(number()),
          cmd: word(),
          targetRefs: random() < 0.5 ? [word(), word()] : [],
          sourceRefs: random() < 0.5 ? [word()] : [],
          ...maybe(() => ({ chal: meta() })),
          code: number(),
          items: items(),
        };
      case 'Results':
        return { kind, cmdId: base.cmdId, msgRef: number(), cmdRef: String(number()), meta: meta(), items: items() };
      case 'Sequence':
      case 'Atomic':
        return { kind, ...base, commands: Array.from({ length: 3 }, () => command(depth + 1)) };
      default:
        return { kind, ...base, ...maybe(() => ({ meta: meta() })), items: items() };
    }
  };
  return {
    header: {
      verDtd: '1.2',
      verProto: 'DM/1.2',
      sessionId: word(),
      msgId: number(),
      target: { uri: word() },
      source: { uri: word(), ...maybe(() => ({ name: word() })) },
      ...maybe(() => ({ respUri: word() })),
      ...maybe(() => ({ cred: { meta: meta(), data: 'Zz6EivR3yeaaENcRN6lpAQ==' } })),
      ...maybe(() => ({ meta: { maxMsgSize: number(), maxObjSize: number() } })),
    },
    commands: Array.from({ length: 1 + Math.floor(random() * 8) }, () => command(0)),
    final: random() < 0.5,
  };
}
