import type { Page } from 'playwright-core';
import type { PackageView } from '../../../src-main/contract/results.ts';
import type { SessionRow } from '../../../src-main/contract/sessions.ts';
import { ScriptedHost } from '../../window/scripted-host.ts';
import type { WindowRig } from '../../window/window-rig.ts';
import { type Figures, measured } from './paint.ts';

const SESSIONS = 10_000;
const PACKAGES = 5000;
const TURNS = 40;

/** Scrolling and sorting long lists of a scripted host. */
export async function longLists(rig: WindowRig): Promise<readonly (readonly [string, Figures])[]> {
  const sessions = Array.from({ length: SESSIONS }, (_, index) => sessionOf(SESSIONS - index));
  const packages = Array.from({ length: PACKAGES }, (_, index) => packageOf(index));
  const host = await ScriptedHost.open(
    rig.folder,
    { packages },
    {
      'sessions.list': ({ before = SESSIONS + 1, limit = 50 }) => {
        const first = sessions.length - (before - 1);
        const page = sessions.slice(first, first + limit);
        const last = page.at(-1);
        return last === undefined || last.key === '1' ? { sessions: page } : { sessions: page, next: Number(last.key) };
      },
      'packages.readiness': () => ({ handsets: [] }),
      'host.storage': () => ({ folder: '/packages', packages: PACKAGES, used: 5e9, free: 5e10, total: 1e11 }),
    },
  );
  try {
    const journal = await rig.page(host.address('/journal'));
    await journal.getByRole('row').nth(5).waitFor();
    const cache = await rig.page(host.address('/packages'));
    await cache.getByRole('row').nth(5).waitFor();
    return [
      [`${SESSIONS} journal rows`, await measured(journal, () => scroll(journal))],
      [`${PACKAGES} packages`, await measured(cache, () => scroll(cache))],
    ];
  } finally {
    await host.close();
  }
}

/** By wheel, with pauses of a frame as a hand makes them, then by keyboard. */
async function scroll(page: Page): Promise<void> {
  await page.mouse.move(700, 550);
  for (let turn = 0; turn < TURNS; turn += 1) {
    await page.mouse.wheel(0, 2000);
    await page.evaluate('new Promise(requestAnimationFrame)');
  }
  const row = page.getByRole('row').nth(5);
  await row.click();
  await page.keyboard.press('Escape');
  for (let turn = 0; turn < TURNS; turn += 1) await page.keyboard.press(turn % 4 === 3 ? 'PageDown' : 'ArrowDown');
}

function sessionOf(number: number): SessionRow {
  const at = new Date(Date.UTC(2026, 10, 1) + number * 60_000).toISOString();
  return {
    ...{
      key: String(number),
      sessionId: number.toString(16),
      kind: 'management-server',
      handset: 'tcp:127.0.0.1:6500',
    },
    ...{ device: 'IMEI:004999010640000', dms: 'pc-agent', virtual: true, startedAt: at, endedAt: at, state: 'done' },
  };
}

function packageOf(index: number): PackageView {
  const number = String(index).padStart(4, '0');
  return {
    ...{ id: `com.example.p${number}`, name: `Package ${number}`, version: `1.${index % 10}`, size: 1000 + index * 7 },
    ...{
      sha256: number.padStart(64, '0'),
      trust: index % 9 === 0 ? 'unverified' : 'verified',
      model: `Model ${index % 7}`,
    },
    ...{ source: `/packages/${number}.bin`, addedAt: '2026-11-20T10:00:00.000Z' },
  };
}
