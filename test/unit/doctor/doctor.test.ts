import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { ByteStream } from '../../../src-main/base/byte-stream.ts';
import { milliseconds } from '../../../src-main/base/durations.ts';
import { PcAgentError } from '../../../src-main/base/errors.ts';
import { nodeClock } from '../../../src-main/base/node/clock.ts';
import type { Bearers } from '../../../src-main/bearer/bearers.ts';
import type { AttachedThing } from '../../../src-main/bearer/discovery.ts';
import { KeyedLock } from '../../../src-main/cache/keyed-lock.ts';
import { printFinding } from '../../../src-main/cli/doctor-lines.ts';
import { Finding } from '../../../src-main/contract/doctor.ts';
import type { ListenerView } from '../../../src-main/contract/listening.ts';
import { createDoctor } from '../../../src-main/doctor/doctor.ts';
import type { RunOutcome } from '../../../src-main/doctor/system.ts';
import { patientClock } from '../../support/patient-clock.ts';
import { type FakeFile, FakeSystem, phoneFiles, RULES, RULES_PATH } from './fake-system.ts';

const SIGNAL = new AbortController().signal;
const DONE: RunOutcome = { kind: 'ended', code: 0, out: '', err: '' };
const USB = 'usb:0421:0123:77';
const ACM = 'serial:/dev/ttyACM0';

const PHONE: AttachedThing = {
  id: 'usb:1-2',
  place: '1-2',
  vendorId: 0x0421,
  productId: 0x0123,
  manufacturer: 'Maker',
  product: 'Phone\u001b[31m',
  functions: [
    { kind: 'usb', address: USB, service: 'SYNCML-DM' },
    { kind: 'serial', address: ACM },
  ],
};

function phone(serial: Partial<AttachedThing['functions'][number]>, thing: Partial<AttachedThing> = {}): AttachedThing {
  return {
    ...PHONE,
    functions: [
      { kind: 'usb', address: USB },
      { kind: 'serial', address: ACM, ...serial },
    ],
    ...thing,
  };
}

interface Bench {
  readonly things?: readonly AttachedThing[];
  readonly look?: () => Promise<readonly AttachedThing[]>;
  /** What opening an address comes to. */
  readonly dial?: (address: string) => void;
}

/** A doctor at a computer, and the addresses that it opened. */
function doctorAt(system: FakeSystem, { things = [PHONE], look, dial }: Bench = {}) {
  const opened: string[] = [];
  const bearers: Pick<Bearers, 'for' | 'discovery'> = {
    for: (kind) => ({
      kind,
      parse: (text) => ({ bearer: kind, text }),
      dial: async ({ text }) => {
        opened.push(text);
        dial?.(text);
        return { close: async () => undefined } as unknown as ByteStream;
      },
      listen: () => Promise.reject(new TypeError('nobody listens')),
    }),
    discovery: { look: look ?? (async () => things), watch: async () => undefined },
  };
  return { doctor: createDoctor({ system, bearers, clock: nodeClock }), bearers, opened };
}

/** What is not good, in a line each. */
async function ills(system: FakeSystem, bench?: Bench): Promise<readonly string[]> {
  const findings = await doctorAt(system, bench).doctor.look(SIGNAL);
  for (const finding of findings) expect(Finding.parse(finding)).toEqual(finding);
  return findings
    .filter(({ state }) => state !== 'good')
    .map(({ id, state, code, remedy }) => [state, id, code ?? '', remedy?.id ?? ''].join(' ').trim());
}

function installed(more: Readonly<Record<string, FakeFile | string>> = {}): FakeSystem {
  return new FakeSystem({ ...phoneFiles(), [RULES_PATH]: RULES, ...more });
}

const CLOSED: Record<string, FakeFile> = {
  '/dev/bus/usb/001/004': { kind: 'device', mode: 0o600, access: 'denied' },
};

describe('the doctor finds', () => {
  it('the ways in for handsets that are wanted and not open, and why', async () => {
    const since = '2026-01-01T00:00:00.000Z';
    const listeners = () =>
      [
        { kind: 'tcp', state: 'listening', address: 'tcp:0.0.0.0:10650', reason: 'listening/other-port' },
        { kind: 'serial', state: 'off' },
        { kind: 'bluetooth', state: 'listening', address: 'bluetooth:0@3', reason: 'listening/no-record' },
        { kind: 'network', state: 'waiting', wanted: 'usb0', reason: 'listening/interface-absent', message: 'no usb0' },
      ].map((each) => ({ ...each, sessions: 0, since })) as ListenerView[];
    const { bearers } = doctorAt(installed());
    const findings = await createDoctor({ system: installed(), bearers, clock: nodeClock, listeners }).look(SIGNAL);
    const waysIn = findings.filter(({ check }) => check === 'way-in');
    expect(waysIn.map(({ id, state, code }) => [state, id, code])).toEqual([
      ['good', 'way-in:tcp', undefined],
      ['trouble', 'way-in:bluetooth', 'listening/no-record'],
      ['trouble', 'way-in:network', 'listening/interface-absent'],
    ]);
    expect(waysIn[0]?.facts).toEqual([{ name: 'way', value: 'tcp:0.0.0.0:10650' }]);
    expect(waysIn[2]?.facts).toEqual([
      { name: 'way', value: 'network usb0' },
      { name: 'system', value: 'no usb0' },
    ]);
  });

  it('nothing wrong with a phone that can be used, and says what it saw in the words of the system', async () => {
    expect(await ills(installed())).toEqual([]);
    const findings = await doctorAt(installed()).doctor.look(SIGNAL);
    expect(findings.map(({ id }) => id)).toEqual([
      ...['usb-system', 'bearer-process', 'udev-rules'],
      ...['permission', 'holder', 'modem-manager', 'driver', 'service'].map((check) => `${check}:usb:1-2`),
    ]);
    const permission = findings.find(({ check }) => check === 'permission');
    expect(permission).toMatchObject({ name: 'Maker Phone [31m', place: '1-2', address: USB });
    expect(permission?.facts).toEqual(
      [
        ...[
          ['node', '/dev/bus/usb/001/004'],
          ['owner', 'root'],
          ['group', 'dialout'],
          ['mode', '0660'],
          ['access', 'allowed'],
        ],
        ...[
          ['node', '/dev/ttyACM0'],
          ['owner', 'root'],
          ['group', 'dialout'],
          ['mode', '0660'],
          ['access', 'allowed'],
        ],
        ...[
          ['user', 'kim'],
          ['groups', 'kim'],
        ],
      ].map(([name, value]) => ({ name, value })),
    );
    expect(findings.find(({ check }) => check === 'driver')?.facts).toContainEqual({
      name: 'driver',
      value: '1-2:1.2 (02/0b/00): none',
    });
  });

  it.each<[what: string, system: FakeSystem, bench: Bench, ills: readonly string[]]>([
    [
      'rules that are missing',
      new FakeSystem(),
      { things: [] },
      ['trouble udev-rules doctor/rules-missing udev-rules'],
    ],
    [
      'rules with one octet more',
      new FakeSystem({ [RULES_PATH]: `${RULES}\n` }),
      { things: [] },
      ['trouble udev-rules doctor/rules-differ udev-rules'],
    ],
    [
      "a package's rules that an empty file of the administrator takes the place of",
      new FakeSystem({ [RULES_PATH]: '', '/usr/lib/udev/rules.d/70-pc-agent.rules': RULES }),
      { things: [] },
      ['trouble udev-rules doctor/rules-differ udev-rules'],
    ],
    [
      'rules that a package installed, and no others',
      new FakeSystem({ '/usr/lib/udev/rules.d/70-pc-agent.rules': RULES }),
      { things: [] },
      [],
    ],
    [
      'a rule of another name that closes all devices',
      new FakeSystem({ [RULES_PATH]: RULES, '/lib/udev/rules.d/99-hard.rules': 'SUBSYSTEM=="usb", MODE="0600"\n' }),
      { things: [] },
      ['trouble udev-rules doctor/rules-overridden rule-file'],
    ],
    [
      'a rule of another name for the very phone',
      installed({
        ...CLOSED,
        '/etc/udev/rules.d/90-x.rules': '# x\nATTRS{idVendor}=="0421", SUBSYSTEM=="usb", \\\n  MODE="0600"\n',
      }),
      {},
      [
        'trouble udev-rules doctor/rules-overridden rule-file',
        'trouble permission:usb:1-2 bearer/permission-denied rule-file',
      ],
    ],
    [
      'a rule for other phones, an earlier one, and one that nobody can judge',
      installed({
        '/etc/udev/rules.d/90-x.rules': 'ATTRS{idVendor}=="0422", SUBSYSTEM=="usb", MODE="0600"\n',
        '/etc/udev/rules.d/60-y.rules': 'SUBSYSTEM=="usb", MODE="0600"\n',
        '/etc/udev/rules.d/91-z.rules': 'SUBSYSTEM=="usb", PROGRAM=="/bin/x", MODE="0600"\n',
        '/etc/udev/rules.d/92-j.rules': 'SUBSYSTEM!="block", GOTO="end"\nMODE="0600"\nLABEL="end"\n',
      }),
      {},
      [],
    ],
    [
      'a program that lacks its own rules',
      Object.assign(installed(), { nativeFolder: undefined }),
      {},
      ['unknown udev-rules doctor/rules-absent'],
    ],
    ['no udev', installed().put({ '/run/udev/control': undefined }), {}, ['unknown udev-rules']],
    [
      'no USB, and no udev',
      new FakeSystem().put({ '/run/udev/control': undefined, '/sys/bus/usb/devices/usb1': undefined }),
      { things: [] },
      ['trouble usb-system doctor/no-usb', 'unknown udev-rules'],
    ],
    [
      'a process of native modules that does not start',
      new FakeSystem({ [RULES_PATH]: RULES }),
      { look: () => Promise.reject(new PcAgentError('bearer/child-lost', 'it ended with 139')) },
      ['trouble bearer-process bearer/child-lost'],
    ],
    [
      'a native module that throws what is no error of ours',
      new FakeSystem({ [RULES_PATH]: RULES }),
      { look: () => Promise.reject(new TypeError('x')) },
      ['trouble bearer-process bearer/child-lost'],
    ],
    [
      'a node that is closed because the rules are missing',
      new FakeSystem({ ...phoneFiles(), ...CLOSED }),
      {},
      [
        'trouble udev-rules doctor/rules-missing udev-rules',
        'trouble permission:usb:1-2 bearer/permission-denied udev-rules:usb:1-2',
      ],
    ],
    [
      'a node that is not as the rules say',
      installed(CLOSED),
      {},
      ['trouble permission:usb:1-2 bearer/permission-denied udev-again:usb:1-2'],
    ],
    [
      'a node that only an administrator may open, for that administrator',
      Object.assign(installed({ '/dev/bus/usb/001/004': { kind: 'device', mode: 0o600 } }), { administrator: true }),
      {},
      ['unknown permission:usb:1-2 bearer/permission-denied udev-again:usb:1-2'],
    ],
    [
      'a port whose group the user is not in',
      installed({ '/dev/ttyACM0': { kind: 'device', gid: 20, mode: 0o660, access: 'denied' } }),
      {},
      ['trouble permission:usb:1-2 bearer/permission-denied group:usb:1-2'],
    ],
    [
      'a group that counts from the next login on',
      installed({
        '/dev/ttyACM0': { kind: 'device', gid: 20, mode: 0o660, access: 'denied' },
        '/etc/group': 'dialout:x:20:alex,kim\n',
      }),
      {},
      ['trouble permission:usb:1-2 bearer/permission-denied login:usb:1-2'],
    ],
    [
      'a plain port of the computer, which no rule of ours is for',
      installed({ '/dev/ttyS4': { kind: 'device', gid: 20, mode: 0o660, access: 'denied' } }),
      {
        things: [
          { id: 'serial:/dev/ttyS4', place: 'ttyS4', functions: [{ kind: 'serial', address: 'serial:/dev/ttyS4' }] },
        ],
      },
      ['trouble permission:serial:/dev/ttyS4 bearer/permission-denied group:serial:/dev/ttyS4'],
    ],
    [
      'a node that went while it was looked at',
      installed().put({ '/dev/ttyACM0': undefined }),
      {},
      ['unknown permission:usb:1-2 bearer/unavailable'],
    ],
    [
      'a program that holds the port',
      installed({ '/proc/812/cmdline': 'minicom\0-D\0/dev/ttyACM0\0' }),
      { things: [phone({ reason: 'bearer/busy', holder: { name: 'minicom', pid: 812 } })] },
      ['trouble holder:usb:1-2 bearer/busy holder:usb:1-2'],
    ],
    [
      'a program that holds all of it',
      installed({ '/proc/812/cmdline': 'gammu\0--identify\0' }),
      { things: [{ ...phone({}), functions: [], reason: 'bearer/busy', holder: { name: 'gammu', pid: 812 } }] },
      ['trouble holder:usb:1-2 bearer/busy holder:usb:1-2', 'unknown service:usb:1-2 bearer/busy'],
    ],
    [
      'a program that is not known',
      installed(),
      { things: [phone({ reason: 'bearer/busy', os: 'usbfs' })] },
      ['trouble holder:usb:1-2 bearer/busy'],
    ],
    [
      'the modem service at the port',
      installed({ '/proc/77/comm': 'ModemManager\n' }),
      { things: [phone({ reason: 'bearer/modem-manager', holder: { name: 'ModemManager', pid: 77 } })] },
      ['trouble modem-manager:usb:1-2 bearer/modem-manager modem-manager:usb:1-2'],
    ],
    [
      'the modem service, which may come to the port',
      installed({ '/proc/77/comm': 'ModemManager\n' }),
      {},
      ['unknown modem-manager:usb:1-2 bearer/modem-manager modem-manager:usb:1-2'],
    ],
    [
      'the modem service, which leaves the phone alone',
      installed({ '/proc/77/comm': 'ModemManager\n', '/run/udev/data/c189:3': 'I:1\nE:ID_MM_DEVICE_IGNORE=1\n' }),
      {},
      [],
    ],
    [
      'a driver that is missing',
      installed().put({
        '/sys/bus/usb/devices/1-2/1-2:1.0/driver': undefined,
        '/sys/module/cdc_acm/refcnt': undefined,
      }),
      { things: [{ ...PHONE, functions: [], reason: 'bearer/driver-missing', os: '1-2:1.0 (02/02): no driver' }] },
      ['trouble driver:usb:1-2 bearer/driver-missing driver:usb:1-2', 'unknown service:usb:1-2 bearer/driver-missing'],
    ],
    [
      'a phone that offers its memory card only',
      installed(CLOSED),
      { things: [{ ...PHONE, functions: [], reason: 'bearer/no-obex' }] },
      ['trouble service:usb:1-2 bearer/no-obex'],
    ],
  ])('%s', async (_what, system, bench, expected) => {
    expect(await ills(system, bench)).toEqual(expected);
  });

  it('nothing of Linux on other systems, and there what discovery knows', async () => {
    const mac = Object.assign(installed(), { platform: 'darwin' as const });
    expect(await ills(mac)).toEqual(['unknown usb-system']);
    const windows = Object.assign(installed(), { platform: 'win32' as const });
    const driverless = {
      ...PHONE,
      functions: [{ kind: 'usb' as const, address: USB, reason: 'bearer/driver-missing' as const }],
    };
    const { doctor } = doctorAt(windows, { things: [driverless] });
    const driver = (await doctor.look(SIGNAL)).find(({ check }) => check === 'driver');
    expect(driver).toMatchObject({ state: 'trouble', remedy: { kind: 'manual', needsAdministrator: true } });
    expect(driver?.remedy?.commands).toEqual([
      'pnputil /add-driver "\\program\\native\\inf\\pc-agent-obex.inf" /install',
    ]);
    expect(driver?.facts).toContainEqual({ name: 'signing', value: expect.stringContaining('signed catalogue') });
    await expect(doctor.apply('driver:usb:1-2', SIGNAL)).rejects.toMatchObject({ code: 'doctor/remedy-manual' });
    expect(windows.runs).toEqual([]);
  });

  it('names the exact text and commands of a remedy, for the very device', async () => {
    const findings = await doctorAt(new FakeSystem({ ...phoneFiles(), ...CLOSED })).doctor.look(SIGNAL);
    expect(findings.find(({ check }) => check === 'permission')?.remedy).toEqual({
      id: 'udev-rules:usb:1-2',
      kind: 'apply',
      digest: expect.stringMatching(/^[0-9a-f]{64}$/),
      path: RULES_PATH,
      content: RULES,
      commands: [
        'udevadm control --reload-rules',
        'udevadm trigger --action=change --parent-match=/sys/bus/usb/devices/1-2',
        'udevadm settle --timeout=5',
      ],
      needsAdministrator: true,
      applied: false,
    });
    const held = phone({ reason: 'bearer/busy', holder: { name: 'x', pid: 9 } });
    const busy = await doctorAt(installed(), { things: [held] }).doctor.look(SIGNAL);
    expect(busy.find(({ check }) => check === 'holder')?.remedy?.commands).toEqual([
      'ps -p 9 -o pid,user,args',
      'kill 9',
    ]);
  });

  it('is broken off by its signal', async () => {
    const stop = new AbortController();
    const { doctor } = doctorAt(installed(), {
      look: async () => {
        stop.abort();
        throw stop.signal.reason;
      },
    });
    await expect(doctor.look(stop.signal)).rejects.toThrow(/abort/i);
  });
});

describe('the doctor applies', () => {
  const mended = (system: FakeSystem): void => {
    system.put({ [RULES_PATH]: RULES, '/dev/bus/usb/001/004': { kind: 'device', gid: 20, mode: 0o660 } });
  };

  it('rules as an administrator at once, and opens the device for real', async () => {
    const system = Object.assign(new FakeSystem({ ...phoneFiles(), ...CLOSED }), { administrator: true });
    system.onRun = () => {
      mended(system);
      return DONE;
    };
    const { doctor, opened } = doctorAt(system);
    const outcome = await doctor.apply('udev-rules:usb:1-2', SIGNAL);
    expect(outcome).toMatchObject({ remedy: 'udev-rules:usb:1-2', state: 'applied' });
    expect(opened).toEqual([USB, ACM]);
    expect(outcome.findings.filter(({ state }) => state !== 'good')).toEqual([]);
    expect(outcome.findings.find(({ check }) => check === 'permission')?.facts).toContainEqual({
      name: 'opened',
      value: `${USB}: yes`,
    });
    const [run] = system.runs;
    expect([run?.program, run?.args[0], run?.input]).toEqual(['/bin/sh', '-c', RULES]);
    expect(run?.args.slice(2)).toEqual([
      ...['pc-agent-doctor', 'write', '70-pc-agent.rules'],
      ...[expect.stringMatching(/^[0-9a-f]{64}$/), '1-2'],
    ]);
    // What is good already is left alone.
    expect(await doctor.apply('udev-rules', SIGNAL)).toMatchObject({ state: 'applied' });
    expect(system.runs).toHaveLength(1);
  });

  it('and tells when the device is refused all the same, or held', async () => {
    const refusing = async (code: string) => {
      const system = new FakeSystem({ ...phoneFiles(), ...CLOSED });
      system.onRun = () => {
        mended(system);
        return DONE;
      };
      const dial = (address: string) => {
        if (address === USB) throw new PcAgentError(code, 'EACCES');
      };
      const { findings } = await doctorAt(system, { dial }).doctor.apply('udev-rules:usb:1-2', SIGNAL);
      return findings.find(({ check }) => check === 'permission');
    };
    expect(await refusing('bearer/permission-denied')).toMatchObject({
      state: 'trouble',
      code: 'bearer/permission-denied',
    });
    expect(await refusing('bearer/busy')).toMatchObject({ state: 'unknown', code: 'bearer/busy', address: USB });
  });

  it.each<[what: string, outcome: RunOutcome, state: string, said: string]>([
    [
      'a question that was sent away',
      { kind: 'ended', code: 126, out: '', err: 'Request dismissed' },
      'declined',
      'Request dismissed',
    ],
    ['a wrong password', { kind: 'ended', code: 127, out: '', err: 'Not authorized' }, 'declined', 'Not authorized'],
    [
      'nobody who asks',
      {
        kind: 'ended',
        code: 127,
        out: '',
        err: 'Error executing command as another user: No authentication agent found.',
      },
      'no-agent',
      'Error executing command as another user: No authentication agent found.',
    ],
    ['no pkexec', { kind: 'absent' }, 'no-agent', 'pkexec: not found'],
    ['no answer', { kind: 'overdue' }, 'no-agent', 'no answer within 180 s'],
    ['a disk that is full', { kind: 'ended', code: 1, out: '', err: 'No space left' }, 'failed', 'No space left'],
    ['many words', { kind: 'ended', code: 70, out: 'three', err: 'one\n two\n' }, 'failed', 'one; two; three'],
    ['a helper that says nothing', { kind: 'ended', code: 9, out: '', err: '' }, 'failed', 'exit status 9'],
  ])('nothing with %s, and says so', async (_what, outcome, state, said) => {
    const system = new FakeSystem({ ...phoneFiles(), ...CLOSED });
    system.onRun = () => outcome;
    const { doctor, opened } = doctorAt(system);
    const answer = await doctor.apply('udev-rules', SIGNAL);
    expect(answer).toMatchObject({ state, said });
    expect(answer.findings).toContainEqual(expect.objectContaining({ code: 'doctor/rules-missing' }));
    expect(opened).toEqual([]);
    const [run] = system.runs;
    expect([run?.program, run?.args[0]]).toEqual(['pkexec', '/bin/sh']);
  });

  it('nothing that is not found now, is for a person, or was never applied', async () => {
    const system = installed({ '/dev/ttyACM0': { kind: 'device', gid: 20, mode: 0o660, access: 'denied' } });
    const { doctor } = doctorAt(system);
    await expect(doctor.apply('udev-rules:usb:9-9; rm -rf /', SIGNAL)).rejects.toMatchObject({
      code: 'doctor/remedy-unknown',
    });
    await expect(doctor.apply('group:usb:1-2', SIGNAL)).rejects.toMatchObject({ code: 'doctor/remedy-manual' });
    await expect(doctor.undo('udev-rules', SIGNAL)).rejects.toMatchObject({ code: 'doctor/nothing-to-undo' });
    await expect(doctor.undo('nothing', SIGNAL)).rejects.toMatchObject({ code: 'doctor/remedy-unknown' });
    expect(system.runs).toEqual([]);
  });

  it('what was shown, and nothing else under its name', async () => {
    const system = new FakeSystem({ ...phoneFiles(), ...CLOSED });
    const { doctor } = doctorAt(system);
    const shown = (await doctor.look(SIGNAL)).find(({ check }) => check === 'permission')?.remedy?.digest ?? '';
    const other = shown.replace(/^./, (first) => (first === '0' ? '1' : '0'));
    await expect(doctor.apply('udev-rules:usb:1-2', SIGNAL, other)).rejects.toMatchObject({
      code: 'doctor/remedy-changed',
    });
    expect(system.runs).toEqual([]);
    system.onRun = () => DONE;
    expect(await doctor.apply('udev-rules:usb:1-2', SIGNAL, shown)).toMatchObject({ state: 'applied' });
  });

  it('anew what it did for an earlier version, and takes back what no finding leads to', async () => {
    const earlier = '# rules of an earlier version\n';
    const wrote = `${createHash('sha256').update(earlier).digest('hex')}\n`;
    const kept = '/var/lib/pc-agent/doctor/70-pc-agent.rules.wrote';
    const files = { ...phoneFiles(), [RULES_PATH]: earlier, [kept]: wrote };
    const system = Object.assign(new FakeSystem(files), { administrator: true });
    const { doctor } = doctorAt(system);
    const rules = (await doctor.look(SIGNAL)).find(({ id }) => id === 'udev-rules');
    expect(rules).toMatchObject({ state: 'trouble', remedy: { kind: 'apply', applied: true, outdated: true } });
    const lines: string[] = [];
    if (rules !== undefined) printFinding(rules, { print: (text) => void lines.push(text) });
    expect(lines.slice(-3)).toEqual([
      '    remedy: pc-agent doctor --apply udev-rules',
      `    writes ${RULES_PATH}`,
      '    applied: udev-rules; pc-agent doctor --undo udev-rules',
    ]);
    // Ours are there, and somebody else's rule is in the way: that is what is found, and ours can be taken back.
    const now = `${createHash('sha256').update(RULES).digest('hex')}\n`;
    system.put({ [RULES_PATH]: RULES, [kept]: now, '/etc/udev/rules.d/99-x.rules': 'SUBSYSTEM=="usb", MODE="0600"\n' });
    system.put({ '/run/pc-agent-doctor/cdc_acm': '' });
    system.onRun = () => DONE;
    for (const remedy of ['udev-rules', 'udev-rules:usb:1-9', 'driver:usb:1-9']) {
      expect(await doctor.undo(remedy, SIGNAL)).toMatchObject({ state: 'undone' });
    }
    expect(system.runs.map(({ args }) => args.slice(3).join(' ').trim())).toEqual([
      'restore 70-pc-agent.rules',
      'restore 70-pc-agent.rules',
      'unload',
    ]);
    const { doctor: alone } = doctorAt(system, { things: [] });
    expect((await alone.look(SIGNAL)).find(({ id }) => id === 'driver')).toMatchObject({
      state: 'good',
      remedy: { id: 'driver', applied: true },
    });
  });

  it('and does not take a conversation of this program for somebody else’s', async () => {
    const system = new FakeSystem({ ...phoneFiles(), ...CLOSED });
    system.onRun = () => {
      mended(system);
      return DONE;
    };
    const turns = new KeyedLock();
    const waitedAt = new Set<string>();
    const { bearers, opened } = doctorAt(system);
    const doctor = createDoctor({
      ...{ system, bearers, clock: patientClock() },
      turns: {
        keysOf: ({ functions }) => functions.map(({ address }) => address),
        occupied: (key) => waitedAt.has(key),
        take: (key, signal) => turns.take(key, signal),
      },
    });
    const end = await turns.take(USB);
    const { findings } = await doctor.apply('udev-rules:usb:1-2', SIGNAL);
    expect(opened).toEqual([]);
    const permission = findings.find(({ check }) => check === 'permission');
    expect(permission).toMatchObject({ state: 'good' });
    expect(permission?.facts).toContainEqual({
      name: 'opened',
      value: `${USB}: this program speaks with it at the moment`,
    });
    expect(turns.held(ACM)).toBe(false);
    end();
    waitedAt.add(ACM);
    await doctor.apply('udev-rules', SIGNAL);
    expect(opened).toEqual([]);
    waitedAt.clear();
    await doctor.apply('udev-rules', SIGNAL);
    expect(opened).toEqual([USB, ACM]);
    expect([turns.held(USB), turns.held(ACM)]).toEqual([false, false]);
  });

  it('one remedy at a time', async () => {
    const system = installed(CLOSED);
    let running = 0;
    system.onRun = () => DONE;
    const run = system.run.bind(system);
    system.run = async (...args) => {
      running += 1;
      expect(running).toBe(1);
      await nodeClock.sleep(milliseconds(1), SIGNAL);
      running -= 1;
      return run(...args);
    };
    const { doctor } = doctorAt(system);
    await Promise.all([doctor.apply('udev-again:usb:1-2', SIGNAL), doctor.apply('udev-again:usb:1-2', SIGNAL)]);
    expect(system.runs.map(({ args }) => args.slice(-2))).toEqual([
      ['again', '1-2'],
      ['again', '1-2'],
    ]);
  });

  it('the opt-in for ModemManager with a line for the phone, and keeps those of others', async () => {
    const name = '/etc/udev/rules.d/70-pc-agent-modem-manager.rules';
    const other = 'ATTRS{idVendor}=="0fce", ATTRS{idProduct}=="d0af", ENV{ID_MM_DEVICE_IGNORE}="1"';
    const system = installed({ '/proc/77/comm': 'ModemManager\n', [name]: `MODE="0666"\n${other}\n` });
    system.onRun = () => DONE;
    const { doctor } = doctorAt(system);
    await doctor.apply('modem-manager:usb:1-2', SIGNAL);
    const lines = system.runs[0]?.input?.split('\n') ?? [];
    expect(lines.filter((line) => line.startsWith('ATTRS'))).toEqual([
      'ATTRS{idVendor}=="0421", ATTRS{idProduct}=="0123", ENV{ID_MM_DEVICE_IGNORE}="1"',
      other,
    ]);
    expect(lines.join('\n')).not.toContain('0666');
  });
});
