import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { accountsFrom } from '../../../src-main/cli/accounts.ts';
import { BluetoothPairOptions, BootstrapOptions, ListenOnOptions } from '../../../src-main/cli/host-options.ts';
import {
  checkOptions,
  DemoOptions,
  RelayOptions,
  VirtualDmsOptions,
  VirtualHandsetOptions,
} from '../../../src-main/cli/options.ts';
import { secretInFile } from '../../../src-main/cli/secret-file.ts';

const asIs = (path: string) => path;
const relay = { handset: 'tcp:127.0.0.1:650', dms: 'http://127.0.0.1:8080/dm' };

function fileWith(text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'pc-agent-accounts-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, 'accounts.json');
  writeFileSync(path, text);
  return path;
}

describe('options', () => {
  it('of a virtual handset have the credentials of the contract when none are given', () => {
    const accounts = accountsFrom({}, 'handset', asIs);
    const options = checkOptions(VirtualHandsetOptions, { listen: 'tcp:127.0.0.1:0', accounts });
    const common = {
      user: 'handset',
      password: 'handset-secret',
      auth: 'md5',
      serverNonce: 'bm9uY2U=',
      clientNonce: 'bm9uY2U=',
    };
    expect(options.auth).toBe('md5');
    expect(options.accounts).toEqual([
      { ...common, serverId: 'virtual-dms', serverPassword: 'server-secret' },
      { ...common, serverId: 'pc-agent', serverPassword: 'agent-secret' },
    ]);
  });

  it('of a demo that plays offline fetch what it installs there', () => {
    expect(checkOptions(DemoOptions, { acts: ['offline'] }).acts).toEqual(['offline', 'cache']);
    expect(checkOptions(DemoOptions, { acts: ['relay', 'cache', 'offline'] }).acts).toEqual([
      'relay',
      'cache',
      'offline',
    ]);
    expect(checkOptions(DemoOptions, { acts: ['relay'] }).acts).toEqual(['relay']);
  });

  it('of a virtual DMS take one account from the flags', () => {
    const flags = { auth: 'mac', user: 'u', password: '', serverId: 's', serverPassword: 'p', nonce: 'AAAA' };
    const accounts = accountsFrom(flags, 'dms', asIs);
    expect(checkOptions(VirtualDmsOptions, { listen: '127.0.0.1:0', accounts }).accounts).toEqual([
      {
        auth: 'mac',
        user: 'u',
        password: '',
        serverId: 's',
        serverPassword: 'p',
        serverNonce: 'AAAA',
        clientNonce: 'AAAA',
      },
    ]);
  });

  it('take whole accounts from a file, with md5 and the usual nonce where it is silent', () => {
    const account = { serverId: 's', serverPassword: 'p', user: 'u', password: 'q' };
    const path = fileWith(JSON.stringify([account, { ...account, auth: 'none', clientNonce: 'AAAA' }]));
    const accounts = accountsFrom({ accounts: path, user: 'ignored' }, 'dms', asIs);
    expect(checkOptions(VirtualDmsOptions, { listen: ':0', accounts }).accounts).toMatchObject([
      { ...account, auth: 'md5', serverNonce: 'bm9uY2U=' },
      { ...account, auth: 'none', clientNonce: 'AAAA' },
    ]);
  });

  it('never quote an accounts file that cannot be read', () => {
    const path = fileWith('[{"password": hush}]');
    expect(() => accountsFrom({ accounts: path }, 'dms', asIs)).toThrow('--accounts cannot be read: it is not JSON');
    const accounts = accountsFrom({ accounts: fileWith('[{"password": "hush"}]') }, 'dms', asIs);
    expect(() => checkOptions(VirtualDmsOptions, { listen: ':0', accounts })).toThrow(
      /^account 1, serverId:(?!.*hush)/,
    );
  });

  it('name faults with and without a value', () => {
    const accounts = accountsFrom({}, 'handset', asIs);
    const answers = ['ask', 'text:', 'text:a:b', 'choose:', 'choose:3-1'];
    expect(checkOptions(VirtualHandsetOptions, { connect: 'tcp:h:1', answer: answers, accounts }).answer).toEqual([
      ...['ask', { text: '' }, { text: 'a:b' }, { chosen: [] }, { chosen: [3, 1] }],
    ]);
    for (const answer of ['yes', 'choose:1,2', 'choose:-', 'choose:a']) {
      const wrong = () => checkOptions(VirtualHandsetOptions, { connect: 'tcp:h:1', answer: [answer], accounts });
      expect(wrong).toThrow(/--answer takes accept, reject/);
    }
    const flags = { connect: 'tcp:h:1', fault: ['vanish', 'size-off=-1', 'x=a=b'], accounts };
    expect(checkOptions(VirtualHandsetOptions, flags).fault).toEqual([
      { name: 'vanish' },
      { name: 'size-off', value: '-1' },
      { name: 'x', value: 'a=b' },
    ]);
  });

  it('of the relay become durations, numbers and origins', () => {
    const flags = { ...relay, count: '2', timeout: '1.5', allowOrigin: ['HTTP://Example.org:80/x'] };
    expect(checkOptions(RelayOptions, flags)).toEqual({
      ...relay,
      count: 2,
      timeout: 1500,
      idle: 120_000,
      allowOrigin: ['http://example.org'],
    });
  });

  it.each([
    [{ dms: relay.dms }, 'needs either --handset ADDRESS or --listen ADDRESS'],
    [{ ...relay, listen: 'tcp:127.0.0.1:0' }, 'needs either --handset ADDRESS or --listen ADDRESS'],
    [{ ...relay, dms: 'ftp://x/dm' }, '--dms must be an address such as http://HOST:PORT/PATH'],
    [{ ...relay, dms: 'http://me:secret@h/dm' }, '--dms must be an address without user and password'],
    [{ ...relay, count: '0' }, '--count must be at least 1'],
    [{ ...relay, count: 'two' }, '--count must be a whole number'],
    [{ ...relay, idle: '0' }, '--idle must be a number of seconds above 0'],
    [{ ...relay, notification: 'AAAA', trigger: 'http://x/' }, 'takes --notification or --trigger, not both'],
    [{ ...relay, serverId: 'a' }, '--server-id and --server-password-file go together'],
    [{ ...relay, serverNonce: 'AAAA' }, '--server-nonce goes with --server-id'],
    [{ ...relay, serverId: 'a', serverPasswordFile: 'f', serverNonce: '!' }, '--server-nonce must be base64'],
  ])('of the relay refuse %j', (flags, message) => {
    expect(() => checkOptions(RelayOptions, flags)).toThrow(expect.objectContaining({ code: 'cli/usage', message }));
  });

  it.each([
    [{ passwordFile: 'f' }, /go with --server-id$/],
    [{ serverId: 'a', password: 'x', passwordFile: 'f' }, /^take either --password or --password-file$/],
    [{ serverId: 'a', serverPassword: 'x', serverPasswordFile: 'f' }, /^take either --server-password or/],
  ])('of a bootstrap refuse %j', (flags, message) => {
    const whole = { handset: relay.handset, ...flags };
    const refusal = { code: 'cli/usage', message: expect.stringMatching(message) };
    expect(() => checkOptions(BootstrapOptions, whole)).toThrow(expect.objectContaining(refusal));
  });

  it('name a file for a secret, whose last line break is none of it', async () => {
    expect(await secretInFile(fileWith('s e c r e t\r\n'), '--password-file')).toBe('s e c r e t');
    const latin = mkdtempSync(join(tmpdir(), 'pc-agent-secret-'));
    onTestFinished(() => rmSync(latin, { recursive: true, force: true }));
    writeFileSync(join(latin, 'f'), Uint8Array.of(0xfc));
    for (const path of [join(latin, 'f'), join(latin, 'none'), latin]) {
      await expect(secretInFile(path, '--password-file')).rejects.toMatchObject({ code: 'cli/usage' });
    }
  });

  it.each([
    [ListenOnOptions, { kind: 'tpc' }, /^kind is tcp/],
    [ListenOnOptions, { kind: 'serial' }, /^serial needs a port/],
    [ListenOnOptions, { kind: 'network' }, /^network needs an interface/],
    [BluetoothPairOptions, { address: 'nobody' }, /^address must be a Bluetooth address/],
    [BluetoothPairOptions, { address: '00:11:22:AA:BB:CC', pin: '' }, /^--pin /],
  ])('names what is typed without a flag as the help does: %#', (schema, given, message) => {
    const wrong = () => checkOptions(schema, given, ['kind', 'address']);
    expect(wrong).toThrow(expect.objectContaining({ code: 'cli/usage', message: expect.stringMatching(message) }));
  });
});
