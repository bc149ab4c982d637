import type { Element } from '../../base/element.ts';
import { childOf, childText, decimal, statusCmdRef } from '../../syncml/read-elements.ts';

/** As much of a Status as the course of a session depends on. */
export interface StatusGist {
  readonly msgRef: number;
  /** '0' for SyncHdr; empty for a command that had no CmdID. */
  readonly cmdRef: string;
  readonly cmd: string;
  /** 0 without Data, NaN when it is no number. */
  readonly code: number;
  readonly hasChal: boolean;
}

/** As much of a command that wants a Status. */
export interface AskingGist {
  readonly cmdId: string;
  /** Code of an Alert; `undefined` for other commands. */
  readonly alert: number | undefined;
}

/** What a message does in its session, without what it carries. */
export interface Outline {
  readonly final: boolean;
  readonly statuses: readonly StatusGist[];
  readonly asking: readonly AskingGist[];
}

/** Reads what stands below SyncBody the way `readCommand` does, and only these fields of it. */
export function outlineOf(body: Element): Outline {
  const statuses: StatusGist[] = [];
  const asking: AskingGist[] = [];
  let final = false;
  for (const child of body.children) {
    switch (child.name) {
      case 'Final':
        final = true;
        break;
      case 'Status':
        statuses.push(statusGist(child));
        break;
      case 'Results':
        break;
      default:
        asking.push({
          cmdId: childText(child, 'CmdID') ?? '',
          alert: child.name === 'Alert' ? codeOf(child) : undefined,
        });
    }
  }
  return { final, statuses, asking };
}

function statusGist(element: Element): StatusGist {
  const msgRef = childText(element, 'MsgRef');
  return {
    msgRef: msgRef === undefined ? 0 : decimal(msgRef),
    cmdRef: statusCmdRef(element),
    cmd: childText(element, 'Cmd') ?? '',
    code: codeOf(element),
    hasChal: childOf(element, 'Chal') !== undefined,
  };
}

function codeOf(element: Element): number {
  const text = childText(element, 'Data');
  return text === undefined ? 0 : decimal(text);
}
