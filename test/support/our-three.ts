import { expect } from 'vitest';
import { DmsClient, type JobAnswer } from './dms-client.ts';
import type { Program, Stage } from './processes.ts';

/** IMEI of the virtual handset's default (`--help`), as DevId. */
export const DEVICE = 'IMEI:004999010640000';
export const GAME = 'com.example.game';

/** Our DM server, its interfaces and its address. */
export interface OurDms {
  readonly program: Program;
  readonly client: DmsClient;
  readonly url: string;
}

export async function ourDms(stage: Stage, ...flags: readonly string[]): Promise<OurDms> {
  const program = stage.agent('virtual-dms', '--listen', '127.0.0.1:0', ...flags);
  const url = await program.address();
  return { program, client: new DmsClient(url), url };
}

/** Our handset as OBEX server. */
export async function ourHandset(
  stage: Stage,
  ...flags: readonly string[]
): Promise<{ readonly program: Program; readonly address: string }> {
  const program = stage.agent('virtual-handset', '--listen', 'tcp:127.0.0.1:0', ...flags);
  return { program, address: await program.address() };
}

/** One session by the relay, started by the server's notification. */
export async function relayed(stage: Stage, dms: OurDms, address: string): Promise<void> {
  const trigger = ['--trigger', dms.client.triggerUrl(DEVICE), '--count', '1'];
  const relay = stage.agent('relay', '--handset', address, '--dms', dms.url, ...trigger);
  expect(await relay.result()).toMatchObject({ exit: 0, state: 'done' });
}

/** One session that the handset starts by itself, through a relay that listens. */
export async function calling(stage: Stage, dms: OurDms, ...flags: readonly string[]): Promise<Program> {
  const relay = stage.agent('relay', '--listen', 'tcp:127.0.0.1:0', '--dms', dms.url, '--count', '1');
  const handset = stage.agent('virtual-handset', '--connect', await relay.address(), '--initiate', ...flags);
  expect(await handset.result()).toMatchObject({ exit: 0, ok: true });
  expect(await relay.result()).toMatchObject({ exit: 0, state: 'done' });
  return handset;
}

/** Completion alerts that the server got, session by session. */
export function alertsAt(dms: OurDms): readonly object[] {
  return dms.program.of('session').flatMap(({ alerts }) => (alerts as readonly object[] | undefined) ?? []);
}

/** Digests of one direction as an end saw them; package 0 passes only the handset. */
export function digestsOf(end: Program, direction: 'to-dms' | 'to-handset', session?: string): readonly unknown[] {
  return end
    .of('message')
    .filter((event) => event.direction === direction && event.package !== 0)
    .filter((event) => session === undefined || event.session === session)
    .map((event) => event.sha256);
}

/** Message by message both ends saw the same. */
export function expectTransparent(handset: Program, dms: Program, session?: string): void {
  for (const direction of ['to-dms', 'to-handset'] as const) {
    const seen = digestsOf(dms, direction, session);
    expect(seen.length, `messages ${direction}`).toBeGreaterThan(0);
    expect(digestsOf(handset, direction, session), direction).toEqual(seen);
  }
}

export function expectInstalled(job: JobAnswer | undefined): void {
  expect(job).toMatchObject({ state: 'done', resultCode: 1200 });
}
