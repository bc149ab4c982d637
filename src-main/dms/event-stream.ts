/**
 * Server-sent events as octets (WHATWG HTML, 9.2.6 "Interpreting an event stream"): lines end in CR, LF or both, a
 * blank line ends an event, a line that begins with a colon is a comment. What is in hand is bounded, whoever writes.
 */
import { PcAgentError } from '../base/errors.ts';

export interface StreamEvent {
  /** The last id that was given, also by an event before this one; empty: none. */
  readonly id: string;
  readonly data: string;
}

export interface EventStreamReader {
  /** @returns the events that are complete now. @throws PcAgentError `dms/answer-unexpected` for a line or event that is too long */
  push(bytes: Uint8Array): readonly StreamEvent[];
  /** Milliseconds that the server wants between two connections, if it said so. */
  retry(): number | undefined;
}

/** Characters of one line, and of the data of one event. Ours have below 200. */
const MAX_LINE = 65_536;
/** It goes back as a header (`Last-Event-ID`): one that could not be a header's value is none. */
const USABLE_ID = /^[\x20-\x7e]{0,200}$/;

export function createEventStreamReader(): EventStreamReader {
  const decoder = new TextDecoder('utf-8');
  let line = '';
  let afterCr = false;
  let data: string | undefined;
  let id = '';
  let retry: number | undefined;

  function field(name: string, value: string): void {
    switch (name) {
      case 'data':
        data = data === undefined ? value : `${data}\n${value}`;
        if (data.length > MAX_LINE) throw tooLong();
        return;
      case 'id':
        if (USABLE_ID.test(value)) id = value;
        return;
      case 'retry':
        if (/^[0-9]{1,9}$/.test(value)) retry = Number(value);
    }
  }

  /** @returns the event that a blank line completes */
  function take(): StreamEvent | undefined {
    const whole = line;
    line = '';
    if (whole === '') {
      const event = data === undefined ? undefined : { id, data };
      data = undefined;
      return event;
    }
    const colon = whole.indexOf(':');
    const name = colon === -1 ? whole : whole.slice(0, colon);
    const value = colon === -1 ? '' : whole.slice(colon + 1);
    // A comment has an empty name, which is no field's.
    field(name, value.startsWith(' ') ? value.slice(1) : value);
    return undefined;
  }

  return {
    push(bytes) {
      const text = decoder.decode(bytes, { stream: true });
      const events: StreamEvent[] = [];
      let from = 0;
      for (const { index, 0: end } of text.matchAll(/[\r\n]/g)) {
        const closes = end === '\n' && afterCr && index === from;
        afterCr = end === '\r';
        if (!closes) {
          line += text.slice(from, index);
          if (line.length > MAX_LINE) throw tooLong();
          const event = take();
          if (event !== undefined) events.push(event);
        }
        from = index + 1;
      }
      if (from < text.length) {
        afterCr = false;
        line += text.slice(from);
        if (line.length > MAX_LINE) throw tooLong();
      }
      return events;
    },
    retry: () => retry,
  };
}

function tooLong(): PcAgentError {
  return new PcAgentError('dms/answer-unexpected', `the DM server sent an event of more than ${MAX_LINE} characters`, {
    retry: 'after-operator',
    details: { limit: MAX_LINE },
  });
}
