import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { build } from 'vite';

/** The same engine without the parts of a desktop browser, which cost half of the processor time; else the whole one. */
const BROWSERS = ['/usr/bin/chromium-headless-shell', '/usr/bin/chromium'] as const;
const CHROMIUM = BROWSERS.find((path) => existsSync(path));
const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--no-first-run',
  '--font-render-hinting=none',
  '--force-color-profile=srgb',
];

/** Ends a wait for a page that hangs; a computer that is busy with others may take a minute to draw one. */
const PAGE_LIMIT = 2 * 60_000;

/** No browser is no failure on a developer's machine, but is one where the peers are required. */
export const noBrowser = CHROMIUM === undefined && process.env.PC_AGENT_REQUIRE_PEERS !== '1';

/** The page as it is built for people, and a browser of this machine. */
export class WindowRig {
  /** The built page. */
  readonly folder: string;
  readonly #browser: Browser;

  constructor(folder: string, browser: Browser) {
    this.folder = folder;
    this.#browser = browser;
  }

  static async open(): Promise<WindowRig> {
    const folder = process.env.PC_AGENT_BUILT_PAGE ?? (await builtPage());
    return new WindowRig(folder, await chromium.launch({ executablePath: CHROMIUM ?? BROWSERS[0], args: ARGUMENTS }));
  }

  /**
   * A page of a visitor of its own.
   * @param now what its clock shows for ever; timers go on. Default: the time that it is
   */
  async page(address: string, options: BrowserContextOptions = {}, now?: string): Promise<Page> {
    const defaults = { locale: 'en-GB', timezoneId: 'UTC', viewport: { width: 1280, height: 800 } };
    const context = await this.#browser.newContext({ reducedMotion: 'reduce', ...defaults, ...options });
    context.setDefaultTimeout(PAGE_LIMIT);
    const page = await context.newPage();
    if (now !== undefined) await page.clock.setFixedTime(now);
    await page.goto(address);
    return page;
  }

  async close(): Promise<void> {
    await this.#browser.close();
    if (this.folder !== process.env.PC_AGENT_BUILT_PAGE) await rm(this.folder, { recursive: true });
  }
}

async function builtPage(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'pc-agent-window-'));
  await buildPage(folder);
  return folder;
}

/** React chooses its form for people by NODE_ENV, which the test runner has set to `test`. */
async function buildPage(folder: string): Promise<void> {
  const before = process.env.NODE_ENV;
  process.env.NODE_ENV = 'production';
  try {
    await build({ configFile: 'vite.config.ts', logLevel: 'error', build: { outDir: folder, emptyOutDir: true } });
  } finally {
    if (before === undefined) delete process.env.NODE_ENV;
    else process.env.NODE_ENV = before;
  }
}
