import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { build } from 'vite';
import { nodeClock } from '../../src-main/base/node/clock.ts';
import { LiveFeed } from '../../src-main/host/live-feed.ts';
import { openPageServer, type PageServer } from '../../src-main/host/page-server.ts';

const CHROMIUM = '/usr/bin/chromium';
const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--no-first-run',
];

/** No browser is no failure on a developer's machine, but is one where the peers are required. */
export const noBrowser = !existsSync(CHROMIUM) && process.env.PC_AGENT_REQUIRE_PEERS !== '1';

/** A feed of its own with its page server, for one test. */
export interface Stage {
  readonly feed: LiveFeed;
  readonly server: PageServer;
  /** A page of a visitor of its own; `address` defaults to a fresh one-time address. */
  page(options?: BrowserContextOptions, address?: string): Promise<Page>;
  close(): Promise<void>;
}

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
    const folder = await mkdtemp(join(tmpdir(), 'pc-agent-window-'));
    await buildPage(folder);
    return new WindowRig(folder, await chromium.launch({ executablePath: CHROMIUM, args: ARGUMENTS }));
  }

  async stage(): Promise<Stage> {
    const feed = new LiveFeed({ id: crypto.randomUUID() });
    const server = await openPageServer({ feed, clock: nodeClock, folder: this.folder });
    const pages: Page[] = [];
    const page = async (options: BrowserContextOptions = {}, address = server.newAddress()) => {
      const defaults = { locale: 'en-GB', timezoneId: 'UTC', viewport: { width: 1280, height: 800 } };
      const context = await this.#browser.newContext({ ...defaults, ...options });
      const opened = await context.newPage();
      pages.push(opened);
      await opened.goto(address);
      return opened;
    };
    const close = async () => {
      await Promise.all(pages.map((opened) => opened.context().close()));
      await server.close();
    };
    return { feed, server, page, close };
  }

  async close(): Promise<void> {
    await this.#browser.close();
    await rm(this.folder, { recursive: true });
  }
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
