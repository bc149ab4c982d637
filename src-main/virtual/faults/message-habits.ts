import { strictTextOf, utf8 } from '../../base/bytes.ts';
import type { Element } from '../../base/element.ts';
import type { MessageWriter } from '../../dm/session-wire.ts';
import { encodeMessage } from '../../syncml/codec.ts';
import type { Command, Data, Item, Message } from '../../syncml/model.ts';
import { writeMessage } from '../../syncml/write-message.ts';
import { writeWbxml } from '../../wbxml/writer.ts';
import { writeXml } from '../../xml/writer.ts';

/** How a side writes what it says: as no text demands, and as no reader may mind. Each is for one session. */
export interface MessageHabits {
  readonly mangle?: (message: Message) => Message;
  readonly writer?: MessageWriter;
}

const isChunk = (command: Command | undefined): boolean =>
  command !== undefined && 'items' in command && command.items.at(-1)?.moreData === true;

/**
 * Alerts first, then commands from the last to the first, then Statuses likewise; that of SyncHdr comes last of all. Only
 * a large object keeps its place: a chunk ends its message, and the next one goes on with it (DM Protocol 1.2, 2.2).
 */
export function oddOrder(): MessageHabits {
  let objectOpen = false;
  return {
    mangle: (message) => {
      const statuses = message.commands.filter(({ kind }) => kind === 'Status').reverse();
      const alerts = message.commands.filter(({ kind }) => kind === 'Alert').reverse();
      const others = message.commands.filter(({ kind }) => kind !== 'Status' && kind !== 'Alert');
      const rest = objectOpen ? others.splice(0, 1) : [];
      const chunk = isChunk(others.at(-1)) ? others.splice(-1) : [];
      const goesOn = isChunk(rest[0]);
      objectOpen = goesOn || chunk.length > 0;
      const [first, last] = goesOn ? [[], rest] : [rest, chunk];
      return { ...message, commands: [...alerts, ...first, ...others.reverse(), ...statuses, ...last] };
    },
  };
}

/** Elements whose children name themselves, so that their order says nothing. */
const ANY_ORDER: ReadonlySet<string> = new Set(
  'SyncHdr Target Source Cred Chal Meta Item Status Results Alert Add Replace Delete Copy Get Exec'.split(' '),
);

/** Data before TargetRef and SourceRef, Meta behind Data, CmdID at the end; several of a name stay in their order. */
export function oddChildren(): MessageHabits {
  return {
    writer: {
      // The change of the code page for Meta may fall elsewhere.
      spare: 32,
      write: (message, encoding) => {
        const root = backwards(writeMessage(message));
        return encoding === 'wbxml' ? writeWbxml(root, 'syncml') : utf8(writeXml(root));
      },
    },
  };
}

function backwards(element: Element): Element {
  const children = element.children.map(backwards);
  if (!ANY_ORDER.has(element.name)) return { ...element, children };
  const groups: Element[][] = [];
  for (const child of children) {
    const last = groups.at(-1);
    if (last?.[0]?.name === child.name) last.push(child);
    else groups.push([child]);
  }
  return { ...element, children: groups.reverse().flat() };
}

const CDATA = ['<![CDATA[', ']]>'] as const;

/**
 * A large object changes its dress on the way: its first chunk is in CDATA and the others are escaped, as some handsets
 * write it in XML; in WBXML the first is opaque and the others are inline text, as far as they are text.
 */
export function oddFirstChunk(): MessageHabits {
  let objectOpen = false;
  return {
    writer: {
      spare: CDATA.join('').length,
      write: (message, encoding) => {
        let cdata: string | undefined;
        const dressed = (item: Item): Item => {
          const { data, moreData = false } = item;
          const isFirst = moreData && !objectOpen;
          const isLater = objectOpen;
          objectOpen = moreData;
          const text = data === undefined || !(isFirst || isLater) ? undefined : inlineText(data);
          if (text === undefined || data === undefined) return item;
          if (isLater) return { ...item, data: text };
          if (encoding === 'wbxml') return { ...item, data: utf8(text) };
          // CDATA has no escapes for its own end and for a carriage return.
          if (/\]\]>|\r/.test(text)) return item;
          cdata = text;
          return { ...item, data: placeholderFor(message) };
        };
        const commands = message.commands.map((command) =>
          command.kind !== 'Status' && command.kind !== 'Alert' && 'items' in command
            ? { ...command, items: command.items.map(dressed) }
            : command,
        );
        const octets = encodeMessage({ ...message, commands }, encoding);
        if (cdata === undefined) return octets;
        const section = CDATA.join(cdata);
        return utf8((strictTextOf(octets) ?? '').replace(placeholderFor(message), () => section));
      },
    },
  };
}

/** Text that may stand in WBXML as such: NUL would end it. */
function inlineText(data: Data): string | undefined {
  const text = typeof data === 'string' ? data : strictTextOf(data);
  return text?.includes('\0') === true ? undefined : text;
}

/** Stands for the chunk until the message is text; nothing else in the message looks so. */
function placeholderFor({ header }: Message): string {
  return `\uE000${header.msgId}\uE001`;
}
