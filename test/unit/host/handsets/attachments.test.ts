import { describe, expect, it } from 'vitest';
import type { SerialPortRow } from '../../../../src-main/bearer/serial/port-list.ts';
import type { HostChange } from '../../../../src-main/contract/host-state.ts';
import { Attachments } from '../../../../src-main/host/handsets/attachments.ts';

const { signal } = new AbortController();
const NOW = '2026-11-21T10:00:00.000Z';

function rig(list: () => Promise<readonly SerialPortRow[]>) {
  const changes: HostChange[] = [];
  const known: string[] = [];
  const attachments = new Attachments({
    listPorts: list,
    knownAddresses: () => known,
    now: () => new Date(NOW),
    changed: (change) => void changes.push(change),
  });
  return { attachments, changes, known };
}

describe('what is attached', () => {
  it('is told when it comes, when it differs and when it goes', async () => {
    let ports: SerialPortRow[] = [{ path: '/dev/ttyACM0', name: 'Nokia', reason: 'bearer/permission-denied' }];
    const { attachments, changes } = rig(async () => ports);
    const row = { address: 'serial:/dev/ttyACM0', kind: 'serial', name: 'Nokia', since: NOW };
    await attachments.look(signal);
    await attachments.look(signal);
    expect(changes).toEqual([{ kind: 'attachment', attachment: { ...row, reason: 'bearer/permission-denied' } }]);
    ports = [{ path: '/dev/ttyACM0', name: 'Nokia' }];
    await attachments.look(signal);
    expect(attachments.list).toEqual([row]);
    ports = [];
    await attachments.look(signal);
    expect(changes.slice(1)).toEqual([
      { kind: 'attachment', attachment: row },
      { kind: 'attachment-gone', address: 'serial:/dev/ttyACM0' },
    ]);
    expect(attachments.list).toEqual([]);
  });

  it('is no attachment any more when it is known whose it is', async () => {
    const { attachments, changes, known } = rig(async () => [{ path: '/dev/ttyACM0' }, { path: '/dev/ttyACM1' }]);
    known.push('tcp:h:1', 'serial:/dev/ttyACM1@9600');
    await attachments.look(signal);
    expect(attachments.list.map(({ address }) => address)).toEqual(['serial:/dev/ttyACM0']);
    known.push('serial:/dev/ttyACM0');
    attachments.refresh();
    expect(attachments.list).toEqual([]);
    expect(changes.at(-1)).toEqual({ kind: 'attachment-gone', address: 'serial:/dev/ttyACM0' });
  });

  it('is nothing on a machine that cannot list its ports, which is not asked over and over', async () => {
    let asked = 0;
    const { attachments, changes } = rig(async () => {
      asked += 1;
      throw new Error('udevadm: not found');
    });
    await attachments.look(signal);
    await attachments.look(signal);
    expect({ asked, changes, list: attachments.list }).toEqual({ asked: 1, changes: [], list: [] });
  });

  it('does not hold up an end', async () => {
    const { attachments, changes } = rig(() => new Promise(() => undefined));
    const stop = new AbortController();
    const looking = attachments.look(stop.signal);
    stop.abort();
    await looking;
    expect(changes).toEqual([]);
  });
});
