/** Phones in the air that do not behave: records that are none, channels that say nothing, callers that flood. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Program } from '../../support/processes.ts';
import type { Bench } from './bench.ts';
import type { Scenario } from './cable.ts';
import { until } from './guest.ts';
import { searchedFor } from './pairing.ts';
import { type Radio, recordsAddress, rfcommAddress } from './radio.ts';
import { putOff, putOn } from './ways-in.ts';

const SILENT_CHANNEL = 21;
const SOON = 60_000;
/** Milliseconds in which a caller without a message is shut out. */
const FLOOD = 15_000;
/** An error response, and answers to the first request (transaction 0) that lie (Core 5.4, volume 3, part B, 4). */
const RECORDS: Readonly<Record<string, { readonly answer: string; readonly code: RegExp }>> = {
  refuses: { answer: '\\x01\\x00\\x00\\x00\\x02\\x00\\x03', code: /^bearer\/records-invalid$/ },
  lengthBeyondEnd: { answer: '\\x07\\x00\\x00\\x00\\x05\\xff\\xff\\x36\\xff\\xff', code: /^bearer\/records-invalid$/ },
  otherAnswer: { answer: '\\x05\\x00\\x00\\x00\\x01\\x00', code: /^bearer\/records-invalid$/ },
  hangsUp: { answer: '', code: /^bearer\// },
};

/** Each phone's records are others; asking them ends with a code, and the next is asked all the same. */
export const strangeRecords: Scenario = async (bench) => {
  const radio = await bench.radio();
  const codes: Record<string, unknown> = {};
  try {
    for (const [name, { answer, code }] of Object.entries(RECORDS)) {
      // Of two that take the same requests the kernel chooses the older one.
      await radio.stopService();
      const server = await serveRecords(bench, radio, answer);
      await radio.startService();
      const asked = await bench.programs.agent('inventory', '--handset', `bluetooth:${radio.phone.address}`).result();
      assert.equal(asked.ok, false);
      assert.match(String(asked.code), code, name);
      codes[name] = asked.code;
      await server.dispose();
    }
    return codes;
  } finally {
    await radio.stopService();
    await radio.startService();
  }
};

async function serveRecords(bench: Bench, radio: Radio, answer: string): Promise<Program> {
  writeFileSync('/tmp/records.sh', `dd bs=1 count=5 of=/dev/null 2>/dev/null; printf '${answer}'; sleep 1\n`);
  // 31: AF_BLUETOOTH, 0: BTPROTO_L2CAP, 5: SOCK_SEQPACKET.
  const listen = `SOCKET-LISTEN:31:0:${recordsAddress(radio.phone.address)},socktype=5,fork`;
  const server = bench.programs.program('records', ['socat', '-d', '-d', listen, 'SYSTEM:exec bash /tmp/records.sh']);
  await until('strange records', SOON, () => server.stderr.includes('listening'));
  return server;
}

/** A channel that accepts and says nothing: the time limit ends it. */
export const silentChannel: Scenario = async (bench) => {
  const { phone } = await bench.radio();
  const listen = `SOCKET-LISTEN:31:3:${rfcommAddress(phone.address, SILENT_CHANNEL)},fork`;
  const server = bench.programs.program('silence', ['socat', '-d', '-d', listen, 'EXEC:sleep 1000']);
  await until('silence', SOON, () => server.stderr.includes('listening'));
  const began = performance.now();
  const asked = bench.programs.agent('inventory', '--handset', `bluetooth:${phone.address}@${SILENT_CHANNEL}`);
  const { ok, code } = await asked.result();
  assert.deepEqual({ ok, code }, { ok: false, code: 'obex/timeout' }, asked.describe());
  await server.dispose();
  return { seconds: (performance.now() - began) / 1000 };
};

/** A caller that pours octets into the way in is shut out, nobody is asked about it, and the way in stays open. */
export const flood: Scenario = async (bench) => {
  const radio = await bench.radio();
  // A computer answers calls of phones that it is paired with, and of others only while it is visible.
  await searchedFor(bench);
  const { address = '' } = await putOn(bench, 'bluetooth');
  try {
    const at = rfcommAddress(radio.computer.address, Number(/@(\d+)$/.exec(address)?.[1]));
    await radio.idle();
    const began = performance.now();
    const poured = bench.programs.program('flood', ['socat', '-u', 'OPEN:/dev/zero', `SOCKET-CONNECT:31:3:${at}`]);
    await Promise.race([poured.ended, sleep(FLOOD)]);
    const seconds = (performance.now() - began) / 1000;
    await poured.dispose();
    const { listeners } = await bench.face.request('listeners.list', {});
    assert.equal(listeners.find(({ kind }) => kind === 'bluetooth')?.state, 'listening');
    const { callers } = await bench.face.request('callers.list', {});
    assert.ok(!callers.some(({ state }) => state === 'asking'), 'nobody is asked about octets without meaning');
    assert.ok(seconds < FLOOD / 1000, `poured for ${seconds} s`);
    return { seconds };
  } finally {
    await putOff(bench, 'bluetooth');
  }
};
