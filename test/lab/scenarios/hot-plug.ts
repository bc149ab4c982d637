/** Coming and going: how soon it is seen, and that nothing is left behind. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Program } from '../../support/processes.ts';
import { attachedKinds, type Bench } from './bench.ts';
import type { Scenario } from './cable.ts';
import { until, uptime } from './guest.ts';

const TIMES = { short: 5, long: 20 };
/** Seconds from the kernel's event to the card (median). */
const CARD_LIMIT = 2;
const EVENTS = 200;
const STORM = 60_000;

/** Seconds from the kernel's own event for a device that was added to the card that shows it. */
export const shownSoon: Scenario = async (bench, long) => {
  const phone = bench.phone(1);
  const monitor = bench.programs.program('udevadm', [
    'udevadm',
    'monitor',
    '--kernel',
    '--subsystem-match=usb/usb_device',
  ]);
  await sleep(500);
  const delays: number[] = [];
  for (let time = 0; time < (long ? TIMES.long : TIMES.short); time += 1) {
    if (phone.gadget.plugged) {
      const away = bench.card(phone, 'that it is away', ({ presence }) => presence !== 'attached');
      phone.gadget.unplug();
      await away;
    }
    const before = addedAt(monitor).length;
    const shown = bench.card(phone, 'its card', (card) => attachedKinds(card).includes('usb'));
    phone.gadget.plug();
    await shown;
    const now = uptime();
    await until('the event of the kernel', 5_000, () => addedAt(monitor).length > before);
    delays.push(now - (addedAt(monitor)[before] ?? 0));
  }
  const median = [...delays].sort((a, b) => a - b)[Math.floor(delays.length / 2)] ?? Number.NaN;
  assert.ok(median <= CARD_LIMIT, `median ${median} s of ${delays.join(', ')}`);
  return { median, delays };
};

/** `KERNEL[123.456789] add /devices/…`: seconds since the start of the machine. */
function addedAt(monitor: Program): readonly number[] {
  return monitor.strayLines.flatMap((line) => {
    const match = /^KERNEL\[([\d.]+)\] add /.exec(line);
    return match === null ? [] : [Number(match[1])];
  });
}

/** 200 times in and out in a minute: the list is right in the end, and no descriptor is left open. */
export const storm: Scenario = async (bench) => {
  const { phones } = bench;
  const before = await settledDescriptors(bench);
  const began = performance.now();
  for (let event = 0; event < EVENTS; event += 1) {
    const phone = bench.phone(event % phones.length);
    if (phone.gadget.plugged) phone.gadget.unplug();
    else phone.gadget.plug();
    const due = began + ((event + 1) * STORM) / EVENTS;
    await sleep(Math.max(0, due - performance.now()));
  }
  const took = (performance.now() - began) / 1000;
  await agrees(bench);
  for (const phone of phones) if (!phone.gadget.plugged) phone.gadget.plug();
  await agrees(bench);
  const after = await settledDescriptors(bench);
  for (const [name, count] of Object.entries(after)) {
    assert.ok(count <= (before[name] ?? 0) + 1, `${name}: ${before[name]} descriptors before, ${count} after`);
  }
  return { events: EVENTS, seconds: took, before, after };
};

/** Each handset's card says what its cable does. */
async function agrees(bench: Bench): Promise<void> {
  await until('the list is right', 60_000, () =>
    bench.phones.every((phone) => {
      const card = bench.lastCard(phone);
      const kinds = card === undefined ? [] : attachedKinds(card);
      return phone.gadget.plugged ? kinds.length === 2 : kinds.length === 0;
    }),
  );
}

/** Open descriptors of the host and of the process with the native modules, when they have stopped changing. */
async function settledDescriptors(bench: Bench): Promise<Readonly<Record<string, number>>> {
  let last = '';
  let counts: Record<string, number> = {};
  await until('the descriptors stay as they are', 60_000, async () => {
    await sleep(1_000);
    const child = childOf(bench.host.pid);
    counts = { host: descriptors(bench.host.pid), ...(child === undefined ? {} : { child: descriptors(child) }) };
    const text = JSON.stringify(counts);
    const same = text === last;
    last = text;
    return same;
  });
  return counts;
}

function descriptors(pid: number): number {
  return readdirSync(`/proc/${pid}/fd`).length;
}

/** The process that the host has started for its bearers. */
export function childOf(parent: number): number | undefined {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .find((pid) => {
      try {
        const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
        return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]) === parent;
      } catch {
        return false;
      }
    });
}
