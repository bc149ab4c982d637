import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import type { HostState } from '../../src-main/contract/host-state.ts';
import type { Picture } from './fixtures/picture.ts';
import { complaintsOf, openPicture } from './page-checks.ts';
import { type ScriptedHandlers, ScriptedHost } from './scripted-host.ts';
import { WindowRig } from './window-rig.ts';

interface Opened {
  readonly host: ScriptedHost;
  readonly page: Page;
}

interface Wanted {
  readonly state?: Partial<HostState>;
  readonly handlers?: ScriptedHandlers;
  readonly place?: string;
  readonly locale?: string;
}

/** Pages of scripted hosts for the tests of a `describe`: closed after each of them, when none may have complained. */
export function scriptedPages() {
  let rig: WindowRig;
  const opened: (Opened & { readonly complaints: readonly string[] })[] = [];
  beforeAll(async () => {
    rig = await WindowRig.open();
  });
  afterAll(() => rig.close());
  afterEach(async () => {
    const ended = opened.splice(0);
    for (const { host, page } of ended) {
      await page.context().close();
      await host.close();
    }
    expect(ended.flatMap(({ complaints }) => complaints)).toEqual([]);
  });
  return {
    async open({ state = {}, handlers = {}, place, locale = 'en-GB' }: Wanted): Promise<Opened> {
      const host = await ScriptedHost.open(rig.folder, state, handlers);
      const page = await rig.page(host.address(place), { locale });
      opened.push({ host, page, complaints: complaintsOf(page) });
      await page.getByRole('heading', { level: 1 }).waitFor();
      return { host, page };
    },
    async picture(picture: Picture): Promise<Opened> {
      const one = await openPicture(rig, picture);
      opened.push({ ...one, complaints: [] });
      return one;
    },
  };
}
