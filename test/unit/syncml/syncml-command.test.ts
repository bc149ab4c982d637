import { PassThrough, Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import type { CommandContext, CommandOutcome } from '../../../src-main/cli/command.ts';
import { decodeCommand, encodeCommand, runSyncml } from '../../../src-main/cli/peers/syncml.ts';
import { readWbxml } from '../../../src-main/wbxml/reader.ts';
import { writeWbxml } from '../../../src-main/wbxml/writer.ts';
import { asTexts } from '../../support/wbxml-peer.ts';
import { ALL, PACKAGE_1, PACKAGE_1_XML, TINY_FINAL, TNDS } from '../../vectors/wbxml-vectors.ts';

const octets = (text: string) => new TextEncoder().encode(text);

interface Ran {
  readonly outcome: CommandOutcome;
  readonly output: Buffer;
  readonly notes: readonly string[];
}

async function ran(verb: 'decode' | 'encode', input: Uint8Array, json = false, file = '-'): Promise<Ran> {
  const notes: string[] = [];
  const context: CommandContext = {
    emit: () => undefined,
    note: (text) => void notes.push(text),
    print: () => undefined,
    signal: new AbortController().signal,
    json,
    unmask: false,
    resolvePath: (path) => path,
  };
  const output = new PassThrough();
  const written = buffer(output);
  const outcome = await runSyncml(verb, file, context, { input: Readable.from([Buffer.from(input)]), output });
  output.end();
  return { outcome, output: await written, notes };
}

describe('syncml decode and encode', () => {
  it.each(Object.entries(ALL))('%s goes to XML and back without loss', (_name, document) => {
    const back = readWbxml(encodeCommand(octets(decodeCommand(document))));
    expect(asTexts(back.root)).toEqual(asTexts(readWbxml(document).root));
  });

  it('XML is indented whatever it looked like', () => {
    const xml = decodeCommand(octets(PACKAGE_1_XML.trim()));
    expect(xml).toBe(decodeCommand(PACKAGE_1));
    expect(xml).toContain('\n      <Data>Zz6EivR3yeaaENcRN6lpAQ==</Data>\n');
    expect(decodeCommand(octets(` \n${PACKAGE_1_XML}`))).toBe(xml);
  });

  it('DevInf and TNDS documents keep their kind', () => {
    const devInf = encodeCommand(octets('<DevInf xmlns="syncml:devinf"><VerDTD>1.2</VerDTD><Man>Acme</Man></DevInf>'));
    expect([...devInf.subarray(0, 6)]).toEqual([0x02, 0xa4, 0x03, 0x6a, 0x00, 0x4a]);
    expect(decodeCommand(devInf)).toContain('<Man>Acme</Man>');
    expect(encodeCommand(octets(decodeCommand(TNDS)))).toEqual(TNDS);
  });

  it('binary values, nameless tags and whole pages without names survive', () => {
    const body = [
      0x6d, 0x4f, 0xc3, 3, 0, 0xff, 0x80, 1, 0x70, 0x0f, 1, 0x00, 9, 0x45, 0x05, 0x00, 0x01, 0x47, 3, 0x61, 0, 1, 1, 1,
    ];
    const document = Uint8Array.from([2, 0xa4, 1, 0x6a, 0, ...body]);
    expect(writeWbxml(readWbxml(document).root)).toEqual(document);
    expect(encodeCommand(octets(decodeCommand(document)))).toEqual(document);
  });

  it('writes the document itself to standard output', async () => {
    const decoded = await ran('decode', PACKAGE_1);
    expect(decoded.outcome).toEqual({ exitCode: 0, ok: true, bytes: 370 });
    expect(decoded.output.toString()).toBe(decodeCommand(PACKAGE_1));
    const encoded = await ran('encode', octets('<SyncML><SyncBody><Final/></SyncBody></SyncML>'));
    expect(new Uint8Array(encoded.output)).toEqual(TINY_FINAL);
  });

  it('puts the document into the result with --json', async () => {
    const decoded = await ran('decode', TINY_FINAL, true);
    expect(decoded.outcome).toMatchObject({ ok: true, xml: decodeCommand(TINY_FINAL), unknown: [] });
    expect(decoded.output).toHaveLength(0);
    const encoded = await ran('encode', octets('<SyncML><SyncBody><Final/></SyncBody></SyncML>'), true);
    expect(encoded.outcome).toMatchObject({ ok: true, wbxml: Buffer.from(TINY_FINAL).toString('base64') });
  });

  it('notes tags without a name', async () => {
    const { notes } = await ran('decode', Uint8Array.from([2, 0xa4, 1, 0x6a, 0, 0x6d, 0x30, 1]));
    expect(notes).toEqual(['no name for tag 0x30 of code page 0, first at offset 6']);
  });

  it.each([
    ['nothing', [], 'syncml/unknown-format'],
    ['something else', [0x89, 0x50, 0x4e, 0x47], 'syncml/unknown-format'],
    ['another version', [0x04, 0x01], 'wbxml/bad-version'],
    ['half a document', [0x02, 0xa4, 0x01, 0x6a, 0x00, 0x6d], 'wbxml/truncated'],
    ['half an element', [0x3c, 0x61], 'xml/truncated'],
  ])('%s fails with a code and exit 1', async (_name, input, code) => {
    const { outcome, output } = await ran('decode', Uint8Array.from(input));
    expect(outcome).toMatchObject({ exitCode: 1, ok: false, code });
    expect(outcome.offset).toBeTypeOf('number');
    expect(output).toHaveLength(0);
  });

  it('input without end is cut off at the cap', async () => {
    const context: CommandContext = {
      emit: () => undefined,
      note: () => undefined,
      print: () => undefined,
      signal: new AbortController().signal,
      json: true,
      unmask: false,
      resolvePath: (path) => path,
    };
    const endless = Readable.from(
      (function* () {
        for (;;) yield Buffer.alloc(1024 * 1024);
      })(),
    );
    const outcome = await runSyncml('decode', '-', context, { input: endless, output: new PassThrough() });
    expect(outcome).toMatchObject({ ok: false, code: 'syncml/too-large' });
    const file = await runSyncml('decode', '/dev/zero', context);
    expect(file).toMatchObject({ ok: false, code: 'syncml/too-large' });
  });

  it('a file that is not there fails with a code', async () => {
    const { outcome } = await ran('decode', new Uint8Array(), false, '/nonexistent/x.wbxml');
    expect(outcome).toMatchObject({ exitCode: 1, ok: false, code: 'cli/file-unreadable' });
  });

  it('an abort passes through', async () => {
    const controller = new AbortController();
    const context: CommandContext = {
      emit: () => undefined,
      note: () => undefined,
      print: () => undefined,
      signal: controller.signal,
      json: true,
      unmask: false,
      resolvePath: (path) => path,
    };
    const running = runSyncml('decode', '-', context, { input: new PassThrough(), output: new PassThrough() });
    controller.abort();
    await expect(running).rejects.toMatchObject({ name: 'AbortError' });
  });
});
