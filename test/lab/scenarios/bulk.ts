/** `bench lab` inside the machine: OBEX through our USB bearer against bare transfers of the same sizes. */

import { setTimeout as sleep } from 'node:timers/promises';
import { nativeUsbHost } from '../../../src-main/bearer/child/native/usb-device.ts';
import { packageDevices } from '../../../src-main/bearer/child/native/usb-package.ts';
import { readConfiguration } from '../../../src-main/bearer/usb/configuration-descriptor.ts';
import { type ObexFunction, obexFunctions } from '../../../src-main/bearer/usb/obex-functions.ts';
import { parseUsbAddress } from '../../../src-main/bearer/usb/usb-address.ts';
import { createUsbBearer } from '../../../src-main/bearer/usb/usb-bearer.ts';
import { PLAIN_ANSWER, PLAIN_PACKET } from './far-end.ts';
import { Gadget, loadUsb } from './gadgets.ts';
import { Programs, say } from './guest.ts';
import { putSeconds } from './put-seconds.ts';

const HOME = '/tmp/home';
/** Milliseconds for one transfer. */
const LIMIT = 60_000;
/** Milliseconds in which the far end's tty hangs up and is opened again; what comes earlier is thrown away. */
const BETWEEN = 1_000;
const never = new AbortController().signal;

/** Says seconds of both, round after round; the first warms up and is not said. */
export async function compareBulk(megabytes: number, rounds: number): Promise<void> {
  await loadUsb(1);
  const gadget = new Gadget(0, { functions: ['obex'] });
  const programs = new Programs(HOME);
  try {
    const end = programs.program('far-end', [
      process.execPath,
      '/project/scenarios.mjs',
      'far-end',
      gadget.end('obex'),
    ]);
    await end.event('where it listens', ({ type }) => type === 'listening');
    gadget.plug();
    await gadget.enumerated();
    const packets = Math.ceil((megabytes * 1024 * 1024) / PLAIN_PACKET);
    const body = Buffer.alloc(packets * PLAIN_PACKET, 'octets of no meaning');
    const obex = await functionOf(gadget);
    for (let round = 0; round <= rounds; round += 1) {
      const turned = round % 2 === 1;
      const measure = async (what: () => Promise<number>): Promise<number> => {
        const seconds = await what();
        await sleep(BETWEEN);
        return seconds;
      };
      const early = turned ? await measure(() => bareSeconds(gadget, obex, body)) : Number.NaN;
      const ours = await measure(() => obexSeconds(gadget, body));
      const bare = turned ? early : await measure(() => bareSeconds(gadget, obex, body));
      if (round > 0) say({ type: 'round', bytes: body.length, ours, bare });
    }
  } finally {
    await programs.end();
    gadget.remove();
  }
}

async function obexSeconds(gadget: Gadget, body: Uint8Array): Promise<number> {
  const bearer = createUsbBearer(nativeUsbHost());
  return putSeconds(await bearer.dial(parseUsbAddress(gadget.address), { signal: never }), body);
}

/** What npm `usb` takes when nothing of ours is in between. */
async function bareSeconds(gadget: Gadget, { data, alternate, ...ends }: ObexFunction, body: Uint8Array) {
  const device = (await packageDevices()).find(({ serialNumber }) => serialNumber === gadget.serial);
  if (device === undefined) throw new Error('the gadget is not on the bus');
  await device.open();
  try {
    await device.claimInterface(data);
    await device.selectAlternateInterface(data, alternate);
    const began = performance.now();
    for (let sent = 0; sent < body.length; sent += PLAIN_PACKET) {
      await device.transferOut(ends.endpointOut, body.subarray(sent, sent + PLAIN_PACKET), LIMIT);
      for (let got = 0; got < PLAIN_ANSWER; ) {
        const answer = await device.transferIn(ends.endpointIn, ends.packetSizeIn, LIMIT);
        got += answer.data?.byteLength ?? Number.NaN;
      }
    }
    const seconds = (performance.now() - began) / 1000;
    await device.selectAlternateInterface(data, 0);
    await device.releaseInterface(data);
    return seconds;
  } finally {
    await device.close();
  }
}

async function functionOf(gadget: Gadget): Promise<ObexFunction> {
  for (const found of await nativeUsbHost().devices(never)) {
    if ((await found.serial()) !== gadget.serial) continue;
    const device = await found.open();
    try {
      const [obex] = obexFunctions(readConfiguration(await device.configuration()));
      if (obex !== undefined) return obex;
    } finally {
      await device.close();
    }
  }
  throw new Error('the gadget has no OBEX function');
}
