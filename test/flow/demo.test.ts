import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { AgentEvent } from '../../src-main/contract/events.ts';
import { onStage, type Program, type ProgramEvent, ROOT } from '../support/processes.ts';
import { thoroughly } from '../support/thoroughly.ts';
import { LONG, THOROUGH } from '../support/thoroughness.ts';

const FACTORY = ['com.example.clock', 'com.example.notes'];
const GAME = 'com.example.game';
const MAPS = 'com.example.maps';

/** Passwords, the nonce that everything begins with, and the proofs that are made of them. */
const SECRETS = ['handset-secret', 'server-secret', 'agent-secret', 'bm9uY2U=', 'NextNonce', 'x-syncml-hmac'];

function expectContract(program: Program): void {
  expect(program.strayLines).toEqual([]);
  for (const event of program.events) expect(() => AgentEvent.parse(event)).not.toThrow();
  expect(program.events.at(-1)?.type).toBe('result');
  expect(program.of('result')).toHaveLength(1);
  const said = program.stdout + program.stderr;
  for (const secret of SECRETS) expect(said).not.toContain(secret);
}

const componentIds = (list: unknown) => (list as readonly { readonly id: string }[]).map(({ id }) => id).sort();

/** What section 4 of the contract says of one handset, when all acts were played. */
function expectHandset(handset: ProgramEvent, bearer: string): void {
  const session = expect.stringMatching(/^[0-9A-F]+$/);
  // One session was relayed, in the other the PC was the server.
  expect(handset).toMatchObject({ ok: true, bearer, transparent: true, sessions: [session, session] });
  expect(handset.device).toMatch(/^IMEI:\d{15}$/);
  const { messages, bytes } = handset as unknown as Record<'messages' | 'bytes', { toDms: number; toHandset: number }>;
  expect(messages.toDms).toBeGreaterThan(5);
  expect(messages.toHandset).toBe(messages.toDms);
  // The package has 300,000 bytes; that of act 3, which nobody relayed, does not count.
  expect(bytes.toHandset).toBeGreaterThan(300_000);
  expect(bytes.toHandset).toBeLessThan(400_000);
  expect(bytes.toDms).toBeGreaterThan(1000);
  expect(componentIds(handset.before)).toEqual(FACTORY);
  expect(componentIds(handset.after)).toEqual([...FACTORY, GAME, MAPS].sort());
  expect(handset.after).toContainEqual({ id: GAME, version: '2.0', state: expect.any(String) });
  expect(handset.after).toContainEqual({ id: MAPS, version: '1.1', state: 'active' });
  expect(handset.alerts).toEqual([
    { resultCode: 1200, uri: expect.stringMatching(/Operations\/Install(Active)?$/), correlator: expect.any(String) },
  ]);
  expect(handset.fromCache).toEqual([MAPS]);
  expect(handset.report).toEqual({ delivered: 1, sent: 1 });
}

/** A request as the HTTP server of the virtual DMS saw it. */
interface SeenRequest {
  readonly url: string;
  readonly range?: string;
  readonly ifRange?: string;
  readonly statusCode: number;
  readonly whole: boolean;
}

/** Eight show nothing that one does not. */
function idsOf(bearer: string, count: number): string {
  if (count > 1) return '';
  return bearer === 'serial' ? 'ACT-08: ' : 'CMP-03 PCA-01: ';
}

describe('demo', () => {
  for (const bearer of ['tcp', 'serial']) {
    // Eight take their time, those over serial the most.
    for (const count of LONG || (bearer === 'tcp' && THOROUGH) ? [1, 8] : [1]) {
      it(`${idsOf(bearer, count)}plays all acts over ${bearer} with ${count === 1 ? 'one handset' : `${count} handsets`} and tells what the ends saw`, () =>
        onStage(async (stage) => {
          const demo = stage.agent('demo', '--bearer', bearer, '--handsets', String(count));
          const result = await demo.result();
          expect(result).toMatchObject({ exit: 0, ok: true, transparent: true });
          const handsets = result.handsets as readonly ProgramEvent[];
          expect(handsets).toHaveLength(count);
          for (const handset of handsets) expectHandset(handset, bearer);
          expect(new Set(handsets.map(({ device }) => device)).size).toBe(count);
          expectContract(demo);
          const of = (type: string) => demo.of(type);
          expect(of('error')).toEqual([]);
          // The DMS comes back in a process of its own.
          expect(of('listening')).toHaveLength(count + 2);
          expect(new Set(of('listening').map(({ pid }) => pid)).size).toBe(count + 2);
          expect(of('session').filter(({ state }) => state === 'done')).toHaveLength(2 * count);
          expect(of('message').filter((event) => event.package === 0)).toHaveLength(2 * count);
          for (const { pid } of of('listening')) expect(isAlive(Number(pid))).toBe(false);
        }));
    }
  }

  it('relays only, when it is told so', () =>
    onStage(async (stage) => {
      const result = await stage.agent('demo', '--acts', 'relay').result();
      expect(result).toMatchObject({
        exit: 0,
        transparent: true,
        handsets: [{ sessions: [expect.any(String)], fromCache: [], report: { delivered: 0, sent: 0 } }],
      });
    }));

  thoroughly('claims no transparency where nothing was relayed', () =>
    onStage(async (stage) => {
      const result = await stage.agent('demo', '--acts', 'cache,offline').result();
      expect(result).toMatchObject({
        exit: 0,
        transparent: null,
        handsets: [{ transparent: null, fromCache: [MAPS], report: { delivered: 1, sent: 1 } }],
      });
    }),
  );

  it('goes on with the download of act 2 where it broke, as the DMS sees it', () =>
    onStage(async (stage) => {
      const file = join(stage.folder, 'requests');
      const recorder = pathToFileURL(join(ROOT, 'test', 'support', 'record-requests.mjs')).href;
      const demo = stage.program(
        'demo',
        [process.execPath, 'src-main/launch/pc-agent.mjs', 'demo', '--acts', 'cache,offline', '--json'],
        { NODE_OPTIONS: `--import=${recorder}`, PC_AGENT_TEST_REQUESTS: file },
      );
      expect(await demo.result()).toMatchObject({ exit: 0, ok: true });
      const lines = (await readFile(file, 'utf8')).trimEnd().split('\n');
      const seen = lines.map((line) => JSON.parse(line) as SeenRequest).filter(({ url }) => url.includes('maps'));
      expect(seen).toMatchObject([
        { statusCode: 200, whole: false },
        { statusCode: 206, whole: true, range: expect.stringMatching(/^bytes=[1-9]\d*-$/) },
      ]);
      expect(seen[0]?.range).toBeUndefined();
      // The part belongs to the same content: an ETag that is a digest.
      expect(seen[1]?.ifRange).toMatch(/^"[0-9a-f]{64}"$/);
    }));

  thoroughly('says the same for people without --json', () =>
    onStage(async (stage) => {
      const demo = stage.program('demo', [process.execPath, 'src-main/launch/pc-agent.mjs', 'demo']);
      expect(await demo.ended).toEqual({ code: 0, signal: null });
      expect(demo.events).toEqual([]);
      expect(demo.stdout.split('\n').length).toBeGreaterThan(10);
      for (const secret of SECRETS) expect(demo.stdout + demo.stderr).not.toContain(secret);
    }),
  );

  it('plays offline alone with what it fetches before', () =>
    onStage(async (stage) => {
      const result = await stage.agent('demo', '--acts', 'offline').result();
      expect(result).toMatchObject({
        ...{ exit: 0, ok: true, transparent: null },
        handsets: [{ fromCache: ['com.example.maps'], report: { delivered: 1, sent: 1 } }],
      });
    }));

  it.each([[['--bearer', 'usb']], [['--bearer', 'bluetooth']], [['--handsets', '0']], [['--fault', 'no-such-fault']]])(
    '%j is wrong usage, and says so',
    (flags) =>
      onStage(async (stage) => {
        const demo = stage.agent('demo', ...flags);
        const result = await demo.result();
        expect(result).toMatchObject({ exit: 64, ok: false, code: expect.stringMatching(/^cli\//) });
        expect(String(result.message).length).toBeGreaterThan(10);
        expect(demo.of('listening')).toEqual([]);
      }),
  );

  it('ends its processes when it is told to end, with 4', () =>
    onStage(async (stage) => {
      const demo = stage.agent('demo', '--fault', 'stall');
      await demo.event('a running session', ({ type, state }) => type === 'session' && state === 'running');
      const pids = demo.of('listening').map(({ pid }) => Number(pid));
      expect(pids).toHaveLength(2);
      expect(await demo.terminate()).toMatchObject({ exit: 4, ok: false });
      expect(pids.filter(isAlive)).toEqual([]);
    }));
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
