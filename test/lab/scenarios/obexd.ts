/** BlueZ's own OBEX server and client programs that are not ours, against our ends. */
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { type Bearers, ownProcessBearers } from '../../../src-main/bearer/bearers.ts';
import type { BluetoothServiceKind } from '../../../src-main/bearer/bluetooth/rfcomm-host.ts';
import { connectObex, type ObexClient } from '../../../src-main/obex/client.ts';
import { HeaderId, textHeader, typeHeader, wordHeader } from '../../../src-main/obex/header.ts';
import { handsetInTheAir } from './air.ts';
import type { Scenario } from './cable.ts';
import { run } from './guest.ts';
import { succeeds } from './radio.ts';

const FILES = '/tmp/obexd';
const GOT = '/tmp/obexftp';
/** Octets. */
const SIZE = 30_000;
/** Folder browsing service (IrOBEX 1.5, 9.3), whose Target file transfer over Bluetooth has. */
const FOLDER_BROWSING = Buffer.from('f9ec7bc4953c11d2984e525400dc9e09', 'hex');
const never = new AbortController().signal;

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** Our client finds the services of obexd by its records, leaves an object, fetches one, and lists the folder. */
export const obexdServes: Scenario = async (bench) => {
  const radio = await bench.radio();
  const obexd = await radio.obexServer(FILES);
  const bearers = ownProcessBearers();
  try {
    const [left, kept] = [randomBytes(SIZE), randomBytes(SIZE)];
    writeFileSync(`${FILES}/kept.bin`, kept);
    const { address } = radio.phone;
    const push = await connected(bearers, address, 'obex-push');
    const headers = [textHeader(HeaderId.Name, 'left.bin'), wordHeader(HeaderId.Length, left.length)];
    await push.put({ headers, body: left }, never);
    await push.close();
    assert.equal(sha256(readFileSync(`${FILES}/left.bin`)), sha256(left));
    const files = await connected(bearers, address, 'obex-file-transfer', FOLDER_BROWSING);
    const listing = await files.get([typeHeader('x-obex/folder-listing')], { signal: never });
    const listed = Buffer.from(listing.body).toString('utf8');
    assert.match(listed, /name="left\.bin"/);
    assert.match(listed, /name="kept\.bin"/);
    const got = await files.get([textHeader(HeaderId.Name, 'kept.bin')], { signal: never });
    await files.close();
    assert.equal(sha256(got.body), sha256(kept));
    return { bytes: left.length + kept.length };
  } finally {
    await bearers.close();
    await obexd.dispose();
  }
};

async function connected(
  bearers: Bearers,
  address: string,
  kind: BluetoothServiceKind,
  target?: Uint8Array,
): Promise<ObexClient> {
  const services = await bearers.rfcomm.services(address, never);
  const service = services.find((each) => each.kind === kind);
  assert.ok(service, JSON.stringify(services));
  const bearer = bearers.for('bluetooth');
  const stream = await bearer.dial(bearer.parse(`bluetooth:${address}@${service.channel}`), { signal: never });
  return connectObex(stream, { signal: never, ...(target === undefined ? {} : { target }) });
}

/** obexftp leaves an object at our virtual handset. */
export const obexftpCalls: Scenario = async (bench) => {
  const { phone } = await bench.radio();
  const handset = await handsetInTheAir(bench);
  const channel = /@(\d+)$/.exec(handset.channel)?.[1] ?? '';
  const bytes = randomBytes(SIZE);
  mkdirSync(GOT, { recursive: true });
  writeFileSync(`${GOT}/stranger.bin`, bytes);
  const command = `timeout 60 obexftp -b ${phone.address} -B ${channel} -U none -H -S -p stranger.bin`;
  // It ends with 255 after a push that went well.
  succeeds(() => run('bash', '-c', `cd ${GOT} && ${command}`));
  const arrived = `${handset.state}/inbox/stranger.bin`;
  assert.ok(existsSync(arrived), handset.program.describe());
  assert.equal(sha256(readFileSync(arrived)), sha256(bytes));
  return { bytes: bytes.length };
};
