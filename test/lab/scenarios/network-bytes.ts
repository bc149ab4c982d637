/** What else goes over the network link of a tethered phone: packages from the cache, and requests that are none. */
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { STRANGE_REQUESTS } from '../../support/strange-requests.ts';
import type { Bench } from './bench.ts';
import type { Scenario } from './cable.ts';
import { agentCommand } from './guest.ts';
import { assertShut, atNetwork, curl, fetched } from './network.ts';
import type { Tether } from './tether.ts';

const PACKAGE = { id: 'tethered', size: 300_000 };
/** Octet at which the first download ends; odd, so that no buffer ends there. */
const CUT = 123_457;
const SAVED = '/tmp/tethered.part';
const REQUEST = '/tmp/strange.request';

/** curl goes on from where it stopped, the virtual handset downloads by the descriptor, and another interface is shut. */
export const ranges: Scenario = (bench) =>
  atNetwork(bench, async ({ phone, other }) => {
    const bytes = randomBytes(PACKAGE.size);
    const file = `/tmp/${PACKAGE.id}.bin`;
    writeFileSync(file, bytes);
    await bench.face.request('packages.add', { files: [{ file, id: PACKAGE.id }] });
    const offer = bench.programs.agent('packages', 'offer', PACKAGE.id, '--network');
    const descriptor = await offer.address();
    const object = /<objectURI>(.*)<\/objectURI>/.exec(await curl(bench, phone, descriptor))?.[1] ?? '';
    const save = (...args: readonly string[]) => fetched(bench, phone, SAVED, ...args, object);
    assert.equal(await save('--range', `0-${CUT - 1}`), '206');
    assert.equal(readFileSync(SAVED).length, CUT);
    assert.equal(await save('--continue-at', '-'), '206');
    assert.equal(Buffer.compare(readFileSync(SAVED), bytes), 0);
    assert.equal(await save('--range', `${PACKAGE.size}-`), '416');
    for (const url of [descriptor, object]) await assertShut(bench, other, url);
    const digest = createHash('sha256').update(bytes).digest('hex');
    assert.equal(await downloadedBy(bench, phone, descriptor), digest);
    assert.equal((await offer.result()).ok, true);
    return { bytes: bytes.length };
  });

/** @returns the digest of what the virtual handset's own DLOTA client has downloaded there */
async function downloadedBy(bench: Bench, phone: Tether, descriptor: string): Promise<unknown> {
  const command = agentCommand('virtual-handset', '--download', descriptor, '--inbox', '/tmp/tethered-inbox');
  const { download } = await bench.programs.program('download', phone.within(...command)).result();
  return (download as { readonly object?: { readonly sha256: string } }).object?.sha256;
}

/** None of them reaches the DM server, nobody is asked about them, and the way in answers each once. */
export const strangeRequests: Scenario = (bench) =>
  atNetwork(bench, async ({ phone, address }) => {
    const { hostname, port } = new URL(address);
    const before = bench.dms.of('message').length;
    for (const [what, text, status] of STRANGE_REQUESTS) {
      writeFileSync(REQUEST, text, 'latin1');
      const send = `exec socat -t 20 - TCP:${hostname}:${port} < ${REQUEST}`;
      const caller = bench.programs.program(what, phone.within('bash', '-c', send));
      await caller.ended;
      assert.deepEqual(caller.stdout.match(/HTTP\/1\.1 \d+/g), [`HTTP/1.1 ${status}`], what);
    }
    assert.equal(bench.dms.of('message').length, before);
    assert.deepEqual(
      (await bench.face.request('callers.list', {})).callers.filter(({ state }) => state === 'asking'),
      [],
    );
    return { requests: STRANGE_REQUESTS.length };
  });
