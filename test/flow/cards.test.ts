/** One phone, one card, through the processes: a serial port is a place, and the phone is who answers there. */
import { expect, it } from 'vitest';
import { virtualImei } from '../../src-main/base/imei.ts';
import { openPtyPair } from '../../src-main/bearer/pty/pty-pair.ts';
import type { KnownHandset } from '../../src-main/contract/handsets.ts';
import { onStage, type Program } from '../support/processes.ts';

const LIMIT = 90_000;
const [ANNA, BERT] = [virtualImei(0), virtualImei(1)];

it('a phone that is met by cable and by network is one card; a port belongs to who answered there last', () =>
  onStage(async (stage) => {
    await stage.agent('serve').address();
    const cable = await openPtyPair(AbortSignal.timeout(LIMIT));
    stage.owns(() => cable.close());
    const [port, far] = [`serial:${cable.near}`, `serial:${cable.far}`];
    const phone = async (imei: string, listen: string): Promise<Program> => {
      const program = stage.agent('virtual-handset', '--imei', imei, '--listen', listen);
      await program.address();
      return program;
    };
    const inventory = async (address: string): Promise<unknown> => {
      const { exit, device } = await stage.agent('inventory', '--handset', address).result();
      expect(exit).toBe(0);
      return device;
    };
    const cards = async (): Promise<ReadonlyMap<string, readonly string[]>> => {
      const list = stage.agent('handsets');
      const handsets = (await list.result()).handsets as readonly KnownHandset[];
      expect(list.of('handset').map(({ state }) => state)).toEqual(handsets.map(() => 'known'));
      return new Map(handsets.map(({ device, bearers }) => [device, bearers.map(({ address }) => address)]));
    };

    const byCable = await phone(ANNA, far);
    const byNetwork = await phone(ANNA, 'tcp:127.0.0.1:0');
    const network = await byNetwork.address();
    expect(await inventory(port)).toBe(`IMEI:${ANNA}`);
    expect(await inventory(network)).toBe(`IMEI:${ANNA}`);
    expect(await cards()).toEqual(new Map([[`IMEI:${ANNA}`, expect.arrayContaining([port, network])]]));
    await byCable.terminate();
    await phone(BERT, far);
    expect(await inventory(port)).toBe(`IMEI:${BERT}`);
    expect(await cards()).toEqual(
      new Map([
        [`IMEI:${BERT}`, [port]],
        [`IMEI:${ANNA}`, [network]],
      ]),
    );
  }));

it('a virtual handset that comes back elsewhere comes back at its line, which has no other name', () =>
  onStage(async (stage) => {
    const cable = await openPtyPair(AbortSignal.timeout(LIMIT));
    stage.owns(() => cable.close());
    const phone = stage.agent('virtual-handset', '--listen', `serial:${cable.far}`, '--fault', 're-enumerate=1');
    await phone.address();
    const inventory = stage.agent('inventory', '--handset', `serial:${cable.near}`);
    await phone.event('that it is back', ({ type, state }) => type === 'handset' && state === 'moved');
    await inventory.kill();
    expect(phone.of('error').map(({ code }) => code)).toEqual(['virtual/vanished']);
    expect(phone.of('listening').map(({ address }) => address)).toEqual(Array(2).fill(`serial:${cable.far}`));
  }));
