import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect } from 'vitest';
import { seededRandom } from '../support/mutate.ts';
import type { ProgramEvent } from '../support/processes.ts';
import { labTest, Machine, makeDisk, prepareLab } from './host/machine.ts';

const KILLS = Number(process.env.PC_AGENT_POWER_KILLS ?? 20);
const SEED = Number(process.env.PC_AGENT_KILL_SEED ?? 7);
/** Milliseconds of work in which the power goes; under software emulation one piece of it takes a few hundred. */
const WORKING = 9_000;
const DISK_MEGABYTES = 256;
/** Seconds for one life of the machine. */
const LIFE = 240;
const PARTS = ['com.example.map', 'com.example.route', 'com.example.voice'];

interface Kept extends ProgramEvent {
  readonly components: readonly { readonly id: string; readonly version: string; readonly sha256: string }[];
  readonly packages: readonly { readonly id: string; readonly sha256: string; readonly trust: string }[];
  readonly checks: readonly { readonly id: string; readonly ok: boolean }[];
  readonly contents: readonly string[];
  readonly jobs: readonly { readonly id: string; readonly state: string }[];
}

/** What the machine said was done, life after life. */
class Acknowledged {
  /** Digest by package; `undefined`: removed. */
  readonly #packages = new Map<string, string | undefined>();
  /** What may be there as well: it was begun, and nobody was told its end. */
  readonly #open = new Map<string, (string | undefined)[]>();
  readonly #jobs = new Map<string, string>();
  #version = 0;
  count = 0;

  hear(events: readonly ProgramEvent[]): void {
    for (const { type, id, sha256, job, state, version } of events) {
      if (type === 'open') this.#openOf(String(id)).push(sha256 as string | undefined);
      if (type === 'acknowledged') {
        this.#packages.set(String(id), sha256 as string | undefined);
        this.#open.delete(String(id));
      }
      if (type === 'job') this.#jobs.set(String(job), String(state));
      if (type === 'job' && version !== undefined) this.#version = Number(version);
    }
    this.count += events.filter(isAcknowledged).length;
  }

  /** Nothing of it is lost, nothing is half there. */
  compare(kept: Kept): void {
    const there = new Map(kept.packages.map(({ id, sha256 }) => [id, sha256]));
    for (const [id, digest] of this.#packages) {
      expect([digest, ...this.#openOf(id)], `package ${id}`).toContain(there.get(id));
    }
    expect(kept.checks.filter(({ ok }) => !ok)).toEqual([]);
    expect(kept.checks).toHaveLength(kept.packages.length);
    expect(
      kept.packages.filter(
        ({ trust, quarantined }: { trust: string; quarantined?: unknown }) =>
          trust !== 'verified' || quarantined !== undefined,
      ),
    ).toEqual([]);
    expect([...kept.contents].sort()).toEqual([...new Set(there.values())].sort());
    const jobs = new Map(kept.jobs.map(({ id, state }) => [id, state]));
    for (const [id, state] of this.#jobs) expect(jobs.get(id), `job ${id}`).toBe(state);
    expect(kept.jobs.filter(({ state }) => state === 'running')).toEqual([]);
    this.#compareBundle(kept.components);
    this.#settle(there);
  }

  #compareBundle(components: Kept['components']): void {
    const parts = components.filter(({ id }) => PARTS.includes(id));
    const versions = new Set(parts.map(({ version }) => version));
    expect(versions.size, JSON.stringify(parts)).toBeLessThanOrEqual(1);
    expect([0, PARTS.length]).toContain(parts.length);
    const [version] = versions;
    expect(Number(version ?? 0), 'the bundle that was installed last').toBeGreaterThanOrEqual(this.#version);
  }

  /** What was open is as it was found. */
  #settle(there: ReadonlyMap<string, string>): void {
    for (const id of this.#open.keys()) this.#packages.set(id, there.get(id));
    this.#open.clear();
  }

  #openOf(id: string): (string | undefined)[] {
    const known = this.#open.get(id) ?? [];
    this.#open.set(id, known);
    return known;
  }
}

const isAcknowledged = ({ type }: ProgramEvent): boolean => type === 'acknowledged' || type === 'job';
const isKept = (event: ProgramEvent): event is Kept => event.type === 'kept';

describe('a computer that loses its power', () => {
  labTest(
    `${KILLS} times while it keeps packages and installs bundles has lost nothing that it acknowledged, and nothing is half there (seed ${SEED})`,
    async () => {
      const random = seededRandom(SEED);
      const folder = await mkdtemp(join(tmpdir(), 'pc-agent-power-'));
      const project = await prepareLab('power');
      const disk = join(folder, 'disk.img');
      makeDisk(disk, DISK_MEGABYTES);
      const acknowledged = new Acknowledged();
      try {
        for (let life = 0; life <= KILLS; life += 1) {
          const machine = await Machine.boot({ project, disk, args: ['power', String(life)], limit: LIFE });
          try {
            // Every fifth time the power goes while the host starts.
            const early = life % 5 === 4 && life < KILLS;
            await machine.event('that it starts', ({ type }) => type === (early ? 'starting' : 'working'));
            // Most lives get something done before; how long that takes depends on the machine.
            if (life % 5 < 3) await machine.event('that something is kept', isAcknowledged);
            await sleep(random() * WORKING * (life === KILLS ? 0 : 1));
          } finally {
            await machine.pullPlug();
          }
          const kept = machine.events.find(isKept);
          if (kept !== undefined) acknowledged.compare(kept);
          acknowledged.hear(machine.events);
          process.stdout.write(`  life ${life}: ${acknowledged.count} acknowledged so far\n`);
        }
        expect(acknowledged.count).toBeGreaterThan(KILLS);
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    },
    (KILLS + 1) * LIFE * 1000,
  );
});
