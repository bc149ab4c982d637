import { readFileSync } from 'node:fs';
import type { NodeStat, RunOptions, RunOutcome, System } from '../../../src-main/doctor/system.ts';

/** The rules as they come with the program. */
export const RULES = readFileSync('native/udev/70-pc-agent.rules', 'utf8');
export const RULES_PATH = '/etc/udev/rules.d/70-pc-agent.rules';
const OWN_RULES = '/program/native/udev';

export interface FakeFile extends Partial<NodeStat> {
  readonly text?: string;
  /** Where it points to; makes it a link. */
  readonly link?: string;
  /** What access(2) says. Default: allowed. */
  readonly access?: 'allowed' | 'denied';
}

export interface FakeRun {
  readonly program: string;
  readonly args: readonly string[];
  readonly input: string | undefined;
}

/** A computer made of a table of files; a folder is there when something lies in it. */
export class FakeSystem implements System {
  platform: NodeJS.Platform = 'linux';
  administrator = false;
  readonly pid = 4711;
  user = { uid: 1000, name: 'kim', groups: [1000] };
  nativeFolder: string | undefined = '/program/native';
  readonly files = new Map<string, FakeFile>();
  readonly runs: FakeRun[] = [];
  /** What a program does. Default: it is not installed. */
  onRun: (run: FakeRun) => RunOutcome = () => ({ kind: 'absent' });

  constructor(files: Readonly<Record<string, FakeFile | string>> = {}) {
    this.put({
      [`${OWN_RULES}/70-pc-agent.rules`]: RULES,
      [`${OWN_RULES}/70-pc-agent-modem-manager.rules`]: readFileSync(
        'native/udev/70-pc-agent-modem-manager.rules',
        'utf8',
      ),
      '/etc/passwd': 'root:x:0:0::/root:/bin/sh\nkim:x:1000:1000::/home/kim:/bin/sh\n',
      '/etc/group': 'root:x:0:\ndialout:x:20:alex\nkim:x:1000:\n',
      '/run/udev/control': '',
      '/sys/bus/usb/devices/usb1': '',
      ...files,
    });
  }

  put(files: Readonly<Record<string, FakeFile | string | undefined>>): this {
    for (const [path, file] of Object.entries(files)) {
      if (file === undefined) this.files.delete(path);
      else this.files.set(path, typeof file === 'string' ? { text: file } : file);
    }
    return this;
  }

  async readFile(path: string): Promise<Uint8Array | undefined> {
    const text = this.files.get(path)?.text;
    return text === undefined ? undefined : new TextEncoder().encode(text);
  }

  async list(path: string): Promise<readonly string[]> {
    const inside = [...this.files.keys()].filter((each) => each.startsWith(`${path}/`));
    return [...new Set(inside.map((each) => each.slice(path.length + 1).split('/')[0] ?? ''))].sort();
  }

  async stat(path: string): Promise<NodeStat | undefined> {
    const file = this.files.get(path);
    if (file === undefined) {
      return (await this.list(path)).length === 0 ? undefined : { kind: 'folder', uid: 0, gid: 0, mode: 0o755 };
    }
    const { kind = file.link === undefined ? 'file' : 'link', uid = 0, gid = 0, mode = 0o644 } = file;
    return { kind, uid, gid, mode };
  }

  async linkTarget(path: string): Promise<string | undefined> {
    return this.files.get(path)?.link;
  }

  async access(path: string): Promise<'allowed' | 'denied' | 'absent'> {
    const file = this.files.get(path);
    return file === undefined ? 'absent' : (file.access ?? 'allowed');
  }

  async run(program: string, args: readonly string[], { signal, input }: RunOptions): Promise<RunOutcome> {
    signal.throwIfAborted();
    const run = { program, args, input: input === undefined ? undefined : new TextDecoder().decode(input) };
    this.runs.push(run);
    return this.onRun(run);
  }
}

/** A phone at 1-2 with a modem's port and an OBEX interface, as sysfs and /dev have it. */
export function phoneFiles(): Record<string, FakeFile | string> {
  const device = '/sys/bus/usb/devices/1-2';
  const one = (name: string, kind: string, driver?: string): Record<string, FakeFile | string> => ({
    [`${device}/${name}/bInterfaceClass`]: `${kind.slice(0, 2)}\n`,
    [`${device}/${name}/bInterfaceSubClass`]: `${kind.slice(2, 4)}\n`,
    [`${device}/${name}/bInterfaceProtocol`]: `${kind.slice(4)}\n`,
    ...(driver === undefined ? {} : { [`${device}/${name}/driver`]: { link: `../../../bus/usb/drivers/${driver}` } }),
  });
  return {
    [`${device}/busnum`]: '1\n',
    [`${device}/devnum`]: '4\n',
    [`${device}/idVendor`]: '0421\n',
    [`${device}/idProduct`]: '0123\n',
    ...one('1-2:1.0', '020201', 'cdc_acm'),
    ...one('1-2:1.1', '0a0000', 'cdc_acm'),
    ...one('1-2:1.2', '020b00'),
    ...one('1-2:1.3', '0a0000'),
    '/sys/module/cdc_acm/refcnt': '1',
    '/sys/class/tty/ttyACM0/dev': '166:0\n',
    '/dev/bus/usb/001/004': { kind: 'device', gid: 20, mode: 0o660 },
    '/dev/ttyACM0': { kind: 'device', gid: 20, mode: 0o660 },
  };
}
