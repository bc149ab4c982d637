import { describe, expect, it } from 'vitest';
import { AgentEvent } from '../../src-main/contract/events.ts';
import { onStage, type Program, type ProgramEvent } from '../support/processes.ts';

const LIMIT = 60_000;
const FACTORY = ['com.example.clock', 'com.example.notes'];
const GAME = 'com.example.game';

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

/** What section 4 of the contract says of one handset. */
function expectHandset(handset: ProgramEvent): void {
  expect(handset).toMatchObject({ bearer: 'tcp', transparent: true, sessions: [expect.stringMatching(/^[0-9A-F]+$/)] });
  expect(handset.device).toMatch(/^IMEI:\d{15}$/);
  const { messages, bytes } = handset as unknown as Record<'messages' | 'bytes', { toDms: number; toHandset: number }>;
  expect(messages.toDms).toBeGreaterThan(5);
  expect(messages.toHandset).toBe(messages.toDms);
  // The package has 300,000 bytes.
  expect(bytes.toHandset).toBeGreaterThan(300_000);
  expect(bytes.toDms).toBeGreaterThan(1000);
  expect(componentIds(handset.before)).toEqual(FACTORY);
  expect(componentIds(handset.after)).toEqual([...FACTORY, GAME].sort());
  expect(handset.after).toContainEqual({ id: GAME, version: '2.0', state: expect.any(String) });
  expect(handset.alerts).toEqual([
    { resultCode: 1200, uri: expect.stringMatching(/Operations\/Install(Active)?$/), correlator: expect.any(String) },
  ]);
}

describe('demo', () => {
  for (const count of [1, 8]) {
    it(
      `relays a session of ${count === 1 ? 'one handset' : `${count} handsets`} and tells what both ends saw`,
      () =>
        onStage(async (stage) => {
          const demo = stage.agent('demo', '--acts', 'relay', '--handsets', String(count));
          const result = await demo.result();
          expect(result).toMatchObject({ exit: 0, ok: true, transparent: true });
          const handsets = result.handsets as readonly ProgramEvent[];
          expect(handsets).toHaveLength(count);
          for (const handset of handsets) expectHandset(handset);
          expect(new Set(handsets.map(({ device }) => device)).size).toBe(count);
          expectContract(demo);
          const of = (type: string) => demo.of(type);
          expect(of('error')).toEqual([]);
          expect(of('listening')).toHaveLength(count + 1);
          expect(new Set(of('listening').map(({ pid }) => pid)).size).toBe(count + 1);
          expect(of('session').filter(({ state }) => state === 'done')).toHaveLength(count);
          expect(of('message').filter((event) => event.package === 0)).toHaveLength(count);
          for (const { pid } of of('listening')) expect(isAlive(Number(pid))).toBe(false);
        }),
      LIMIT,
    );
  }

  it(
    'says the same for people without --json',
    () =>
      onStage(async (stage) => {
        const demo = stage.program('demo', [process.execPath, 'src-main/launch/pc-agent.mjs', 'demo']);
        expect(await demo.ended).toEqual({ code: 0, signal: null });
        expect(demo.events).toEqual([]);
        expect(demo.stdout.split('\n').length).toBeGreaterThan(10);
        for (const secret of SECRETS) expect(demo.stdout + demo.stderr).not.toContain(secret);
      }),
    LIMIT,
  );

  it.each([
    [['--acts', 'cache']],
    [['--acts', 'relay,offline']],
    [['--bearer', 'usb']],
    [['--bearer', 'bluetooth']],
    [['--handsets', '0']],
    [['--fault', 'no-such-fault']],
  ])(
    '%j is wrong usage, and says so',
    (flags) =>
      onStage(async (stage) => {
        const demo = stage.agent('demo', ...flags);
        const result = await demo.result();
        expect(result).toMatchObject({ exit: 64, ok: false, code: expect.stringMatching(/^cli\//) });
        expect(String(result.message).length).toBeGreaterThan(10);
        expect(demo.of('listening')).toEqual([]);
      }),
    LIMIT,
  );

  it(
    'ends its processes when it is told to end, with 4',
    () =>
      onStage(async (stage) => {
        const demo = stage.agent('demo', '--fault', 'stall');
        await demo.event('a running session', ({ type, state }) => type === 'session' && state === 'running');
        const pids = demo.of('listening').map(({ pid }) => Number(pid));
        expect(pids).toHaveLength(2);
        expect(await demo.terminate()).toMatchObject({ exit: 4, ok: false });
        expect(pids.filter(isAlive)).toEqual([]);
      }),
    LIMIT,
  );
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
