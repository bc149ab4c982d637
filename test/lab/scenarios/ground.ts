/** That the ground is as the air's scenarios take it to be, shown by programs that are not ours. */
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { Bench } from './bench.ts';
import type { Scenario } from './cable.ts';
import { run } from './guest.ts';
import { rfcommAddress, succeeds } from './radio.ts';
import { Tether } from './tether.ts';

const FILES = '/tmp/obexd';
const GOT = '/tmp/obexftp';
const ECHO = 30;

/** hcitool finds the phone by name, socat gets its octets back, obexftp leaves and fetches a file at obexd. */
export const radioGround: Scenario = async (bench) => {
  const radio = await bench.radio();
  const { phone } = radio;
  assert.match(radio.scan(), new RegExp(`${phone.address}\\s+${phone.name}`));
  echoed(bench, phone.address);
  await radio.obexServer(FILES);
  mkdirSync(GOT, { recursive: true });
  writeFileSync(`${GOT}/pushed.txt`, 'from the computer');
  writeFileSync(`${FILES}/kept.txt`, 'on the phone');
  const obexftp = async (service: string, ...rest: readonly string[]) => {
    const channel = radio.channel(phone, service);
    await radio.idle();
    const command = ['timeout', '30', 'obexftp', '-b', phone.address, '-B', `${channel}`, ...rest];
    // It ends with 255 after a push that went well.
    succeeds(() => run('bash', '-c', `cd ${GOT} && ${command.join(' ')}`));
  };
  await obexftp('OPUSH', '-U', 'none', '-H', '-S', '-p', 'pushed.txt');
  await obexftp('FTP', '-g', 'kept.txt');
  assert.equal(readFileSync(`${FILES}/pushed.txt`, 'utf8'), 'from the computer');
  assert.equal(readFileSync(`${GOT}/kept.txt`, 'utf8'), 'on the phone');
  return {};
};

function echoed(bench: Bench, address: string): void {
  const at = rfcommAddress(address, ECHO);
  // 31: AF_BLUETOOTH, 3: BTPROTO_RFCOMM.
  bench.programs.program('echo', ['socat', `SOCKET-LISTEN:31:3:${at}`, 'EXEC:cat']);
  const call = `for try in 1 2 3 4 5; do (echo hello; sleep 1) | timeout 20 socat - SOCKET-CONNECT:31:3:${at} && exit; sleep 0.2; done`;
  assert.equal(run('bash', '-c', call), 'hello\n');
}

/** curl on a phone that hangs on a network cable reaches a server of the computer's end, and nobody else's. */
export const tetherGround: Scenario = async (bench) => {
  const tether = new Tether('ground', 99);
  tether.plug();
  const server = createServer((request, response) => response.end(`${request.socket.remoteAddress}\n`));
  await new Promise<void>((resolve) => server.listen(0, tether.ends.computer, resolve));
  const address = server.address();
  const url = `http://${tether.ends.computer}:${typeof address === 'object' ? address?.port : 0}/`;
  const fetched = async () => {
    const curl = bench.programs.program('curl', tether.within('curl', '--silent', '--max-time', '5', url));
    const { code } = await curl.ended;
    return { code, text: curl.stdout };
  };
  try {
    assert.deepEqual(await fetched(), { code: 0, text: tether.ends.phone });
    tether.unplug();
    assert.notEqual((await fetched()).code, 0);
    return {};
  } finally {
    server.close();
  }
};
