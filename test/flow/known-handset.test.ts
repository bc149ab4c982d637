import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { DEVICE, expectTransparent, ourDms, ourHandset } from '../support/our-three.ts';
import { onStage } from '../support/processes.ts';

/** Its only account is that of the virtual DMS. */
const ONE_ACCOUNT = [
  {
    ...{ serverId: 'virtual-dms', serverPassword: 'server-secret' },
    ...{ user: 'handset', password: 'handset-secret', nonce: 'bm9uY2U=' },
  },
];

it('relay finds a handset by the IMEI that the host knows, and says so of one that it does not', () =>
  onStage(async (stage) => {
    const dms = await ourDms(stage);
    const handset = await ourHandset(stage);
    const to = ['--dms', dms.url, '--trigger', dms.client.triggerUrl(DEVICE), '--count', '1'];
    const imei = DEVICE.replace('IMEI:', '');
    expect(await stage.agent('relay', '--handset', imei, ...to).result()).toMatchObject({
      exit: 3,
      ok: false,
      code: 'handset/unknown',
    });
    expect(await stage.agent('inventory', '--handset', handset.address).result()).toMatchObject({ exit: 0 });
    await dms.client.post(DEVICE, 'inventory');
    const relayed = await stage.agent('relay', '--handset', imei, ...to).result();
    expect(relayed).toMatchObject({ exit: 0, ok: true, sessions: [{ state: 'done' }] });
    const [session] = relayed.sessions as readonly { readonly id: string }[];
    expectTransparent(handset.program, dms.program, session?.id);
  }));

it('a job of a DM server reaches a handset that has an account of that server only, in the server’s sessions alone', () =>
  onStage(async (stage) => {
    const accounts = join(stage.folder, 'accounts.json');
    await writeFile(accounts, JSON.stringify(ONE_ACCOUNT));
    const dms = await ourDms(stage);
    const handset = await ourHandset(stage, '--accounts', accounts);
    const asking = stage.agent('inventory', '--handset', handset.address, '--dms', dms.url);
    const asked = await asking.result();
    expect(asking.of('error')).toEqual([]);
    expect(asked).toMatchObject({ exit: 0, ok: true, device: DEVICE, jobs: [{ state: 'done' }] });
    const { sessions } = await handset.program.terminate();
    expect(sessions).toEqual([{ ok: true }]);
  }));

it('a DM server asks the person at the handset when the order says so, and as it likes when it does not', () =>
  onStage(async (stage) => {
    const dms = await ourDms(stage);
    const handset = await ourHandset(stage, '--answer', 'reject');
    const to = ['--handset', handset.address, '--dms', dms.url];
    const remove = ['remove', '--component', 'com.example.notes', ...to];
    const refused = await stage.agent(...remove, '--consent', 'required').result();
    expect(refused).toMatchObject({ exit: 1, ok: false, jobs: [{ state: 'failed' }] });
    expect(await stage.agent('inventory', ...to).result()).toMatchObject({
      components: expect.arrayContaining([expect.objectContaining({ id: 'com.example.notes' })]),
    });
    expect(await stage.agent(...remove).result()).toMatchObject({ exit: 0, ok: true });
    const [first, ...others] = await dms.client.all(DEVICE);
    expect(first?.software?.consent).toEqual({ policy: 'required', text: 'Remove com.example.notes?' });
    // A server that is not ours may refuse what it does not know.
    expect(others.map(({ operation, software }) => [operation, software])).toEqual([
      ['inventory', undefined],
      ['remove', undefined],
    ]);
  }));
