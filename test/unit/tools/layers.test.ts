import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { checkLayers, faultsOfFile } from '../../tools/layers.ts';

const roots: string[] = [];

function treeWith(files: Readonly<Record<string, string>>): string {
  const root = mkdtempSync(join(tmpdir(), 'pc-agent-layers-'));
  roots.push(root);
  for (const [path, source] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), source);
  }
  return root;
}

afterEach(() => {
  for (const root of roots.splice(0)) rmSync(root, { recursive: true, force: true });
});

describe('layers', () => {
  it('finds the one wrong import in a tree and says where it stands', () => {
    const root = treeWith({
      'src-main/syncml/model.ts': "import { read } from '../wbxml/reader.ts';\n",
      'src-main/wbxml/reader.ts':
        "import { utf8 } from '../base/bytes.ts';\n\nimport { x } from '../syncml/model.ts';\n",
    });
    expect(checkLayers(root)).toEqual([
      { file: 'src-main/wbxml/reader.ts', line: 3, message: 'src-main/wbxml may not import src-main/syncml/model.ts' },
    ]);
  });

  it.each([
    ['src-main/dm/a.ts', "import { readFileSync } from 'node:fs';"],
    ['src-main/dm/a.ts', "import { now } from '../base/node/clock.ts';"],
    ['src-main/base/a.ts', "export { a } from '../xml/reader.ts';"],
    ['src-main/obex/packet.ts', "import { Buffer } from 'node:buffer';"],
    ['src-main/obex/client.ts', "const { a } = await import('../link/message-link.ts');"],
    ['src-main/relay/a.ts', "import type { A } from '../virtual/handset/faults.ts';"],
    ['src-main/virtual/handset/a.ts', "import { a } from '../dms/server.ts';"],
    ['src-main/virtual/handset/a.ts', "import { a } from '../../relay/relay.ts';"],
    ['src-main/virtual/dms/a.ts', "import { a } from '../../cache/index.ts';"],
    ['src-main/virtual/dms/a.ts', "import {\n  a,\n  b,\n} from '../../offline/index.ts';"],
    ['src-main/cli/event-writer.ts', "import { a } from './peers/relay.ts';"],
    ['src-main/host/a.ts', "import { app } from 'electron';"],
    ['src-main/bearer/serial/a.ts', "const { SerialPort } = await import('serialport');"],
    ['src-main/bearer/child/discovery/a.ts', "import type { usb } from 'usb';"],
    ['src-main/host/a.ts', "import { autoDetect } from '@serialport/bindings-cpp';"],
    ['src-main/host/a.ts', "import 'usb';"],
    ['src-main/host/a.ts', "export * from 'usb/dist/index.js';"],
    ['src-main/host/a.ts', "import usb = require('usb');"],
    ['src-main/host/a.ts', "const port: typeof import('serialport') = undefined;"],
    ['src-main/host/a.ts', 'const usb = await import(/* at first use */ `usb`);'],
    ['src-main/host/a.ts', "const where = import.meta.resolve('@node-usb/usb-linux-x64-gnu');"],
    ['src-main/bearer/serial/a.ts', "import { BluetoothSerialPort } from 'node-bluetooth-serial-port';"],
    ['src-main/doctor/a.ts', "const usb = await import('us' + 'b');"],
    ['src-main/doctor/a.ts', 'const usb = await import(name);'],
    ['src-main/doctor/a.ts', "import { createRequire as make } from 'node:module';"],
    ['src-main/bearer/usb/a.ts', "process.dlopen(it, 'x.node');"],
    ['src-main/unheard-of/a.ts', "import { a } from '../base/bytes.ts';"],
    ['src-renderer/a.tsx', "import { a } from '../src-main/host/live-feed.ts';"],
  ])('refuses in %s: %s', (file, source) => {
    expect(faultsOfFile(file, source)).toHaveLength(1);
  });

  it.each([
    ['src-main/link/a.ts', "import { readFileSync } from 'node:fs';"],
    ['src-main/link/a.ts', "import { now } from '../base/node/clock.ts';"],
    ['src-main/obex/client.ts', "import { a } from './packet.ts';"],
    ['src-main/electron/a.ts', "import { app } from 'electron';"],
    ['src-main/bearer/child/native/a.ts', "const { SerialPort } = await import('serialport');"],
    ['src-main/bearer/child/native/a.ts', "import type { usb } from 'usb';"],
    ['src-main/bearer/usb/a.ts', "const kind = 'usb';"],
    ['src-main/cli/a.ts', 'const here = import.meta.url;'],
    ['src-main/cli/peers/a.ts', "import { a } from '../../virtual/dms/server.ts';"],
    ['src-main/cli/run-command.ts', "const { run } = await import('./peers/relay.ts');"],
    ['src-main/contract/a.ts', "import { z } from 'zod';"],
    ['src-renderer/a.tsx', "import { a } from '../src-main/contract/events.ts';"],
    ['src-main/dm/a.ts', "// import { a } from '../relay/relay.ts';"],
    ['src-main/dm/a.ts', "/* export { a } from 'node:fs'; */"],
  ])('accepts in %s: %s', (file, source) => {
    expect(faultsOfFile(file, source)).toEqual([]);
  });
});
