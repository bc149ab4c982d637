import { describe, expect, it } from 'vitest';
import { EventWriter, type EventWriterOptions } from '../../../src-main/cli/event-writer.ts';

const IMEI = '490154203237518';
const NOW = '2026-11-21T10:00:00.000Z';

function writerWith(options: Partial<EventWriterOptions> = {}) {
  const written = { out: '', err: '' };
  const sink = (side: 'out' | 'err') => ({
    write(text: string, done?: () => void) {
      written[side] += text;
      done?.();
      return true;
    },
  });
  const writer = new EventWriter({
    json: true,
    unmask: false,
    virtual: false,
    document: false,
    secrets: ['hush-hush'],
    output: sink('out'),
    errorOutput: sink('err'),
    now: () => new Date(NOW),
    ...options,
  });
  return { writer, written };
}

const handset = { type: 'handset', device: `IMEI:${IMEI}`, address: 'tcp:127.0.0.1:650', state: 'ready' } as const;

describe('event writer', () => {
  it('writes one JSON object a line, with type and time first and the result last', () => {
    const { writer, written } = writerWith();
    writer.emit({ type: 'listening', address: 'tcp:127.0.0.1:650', pid: 7 });
    writer.result({ exitCode: 0, ok: true, sessions: 1 });
    expect(written.out).toBe(
      `{"type":"listening","time":"${NOW}","address":"tcp:127.0.0.1:650","pid":7}\n` +
        `{"type":"result","time":"${NOW}","ok":true,"sessions":1}\n`,
    );
    expect(written.err).toBe('');
  });

  it('writes nothing after the result, and one result only', () => {
    const { writer, written } = writerWith();
    writer.result({ exitCode: 0, ok: true });
    writer.emit(handset);
    writer.result({ exitCode: 1, ok: false });
    expect(written.out.split('\n')).toHaveLength(2);
  });

  it('keeps each event on its line, whatever a peer puts into a text', () => {
    const { writer, written } = writerWith();
    writer.emit({ ...handset, reason: 'a\nb\u2028c\u0085' });
    expect(written.out.split(/[\n\u2028]/)).toHaveLength(2);
    expect(JSON.parse(written.out)).toMatchObject({ reason: 'a\nb\u2028c\u0085' });
  });

  it('masks the serial number of real handsets, also inside texts and lists', () => {
    const { writer, written } = writerWith();
    writer.emit({ ...handset, reason: `${IMEI} left` });
    writer.result({ exitCode: 0, ok: true, handsets: [{ device: IMEI }] });
    expect(written.out).not.toContain(IMEI);
    expect(written.out.match(/49015420\*{7}/g)).toHaveLength(3);
  });

  it('leaves numbers that no real phone has whole, also where nothing says whose they are', () => {
    const { writer, written } = writerWith();
    writer.emit({ type: 'error', code: 'handset/unknown', message: 'no handset 004999010640000 is known' });
    expect(written.out).toContain('004999010640000');
  });

  it.each([
    ['with --unmask', { unmask: true }, handset],
    ['of a command with virtual handsets only', { virtual: true }, handset],
    ['of an event that says that its handset is virtual', {}, { ...handset, virtual: true }],
  ])('shows the whole IMEI %s', (_, options, event) => {
    const { writer, written } = writerWith(options);
    writer.emit(event);
    expect(written.out).toContain(IMEI);
  });

  it('leaves digests alone', () => {
    const sha256 = `ab${'1'.repeat(15)}cd${'0'.repeat(45)}`;
    const { writer, written } = writerWith();
    writer.emit({
      ...{ type: 'message', session: '1', direction: 'to-dms', package: 1, msgId: 1, bytes: 9, sha256 },
      contentType: 'application/vnd.syncml.dm+xml',
    } as const);
    expect(written.out).toContain(sha256);
  });

  it('hides a password that comes back in an error or a note', () => {
    const { writer, written } = writerWith();
    writer.emit({ type: 'error', code: 'dms/refused', message: 'user hush-hush unknown' });
    writer.note('tried hush-hush');
    writer.result({ exitCode: 1, ok: false, code: 'dms/refused', message: 'user hush-hush unknown' });
    expect(written.out + written.err).not.toContain('hush-hush');
  });

  it('writes a sentence an event for people, errors on standard error, and says a failure once', () => {
    const { writer, written } = writerWith({ json: false });
    writer.emit({ type: 'session', id: '7', handset: 'IMEI:1', dms: 'http://x/dm', state: 'running' });
    writer.emit({ type: 'error', code: 'bearer/lost', message: 'the cable was pulled\u001b[2J' });
    writer.result({ exitCode: 1, ok: false, code: 'bearer/lost', message: 'the cable was pulled\u001b[2J' });
    expect(written.out).toBe('Session 7 is running – IMEI:1 with http://x/dm\n');
    expect(written.err).toBe('The link to the handset broke. (bearer/lost) – the cable was pulled\uFFFD[2J\n');
  });

  it.each([
    ['air/no-service', 'the Bluetooth service of this computer is not running', 'Install BlueZ if it is missing'],
    ['air/blocked', 'the Bluetooth radio is switched off', 'Switch it on by its key'],
    ['air/not-powered', 'the Bluetooth adapter is switched off', 'Switch Bluetooth on in the settings'],
    ['air/permission-denied', 'no right to use the Bluetooth of this computer', 'Log in at the computer itself'],
    ['listening/network-off', 'the way in for handsets with a network link is not open', 'Put that way in on first'],
    ['listening/everywhere', 'this way in is for one interface, not for all', 'Name one interface'],
    [
      'listening/no-server',
      'a handset calls, and there is no DM server profile to carry it to',
      'Add a DM server (pc-agent dms add)',
    ],
    ['air/no-service', undefined, 'Install BlueZ if it is missing'],
    ['air/no-service', 'the bus says EPERM', 'the bus says EPERM'],
  ])('says of %s what to do next where the message “%s” says no more than the words', (code, message, behind) => {
    const { writer, written } = writerWith({ json: false });
    writer.result({ exitCode: 1, ok: false, code, ...(message === undefined ? {} : { message }) });
    expect(written.err).toContain(`(${code}) – ${behind}`);
  });

  it('keeps standard output for the document of a command that writes one', () => {
    const { writer, written } = writerWith({ json: false, document: true });
    writer.result({ exitCode: 0, ok: true });
    expect(written).toEqual({ out: '', err: '' });
  });

  it('flushes when both outputs have taken everything', async () => {
    const { writer } = writerWith();
    await expect(writer.flush()).resolves.toBeUndefined();
  });
});
