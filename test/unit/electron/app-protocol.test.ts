import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { appResponse, pathOf } from '../../../src-main/electron/app-protocol.ts';

function page() {
  const root = mkdtempSync(join(tmpdir(), 'pc-agent-page-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const folder = join(root, 'renderer');
  mkdirSync(join(folder, 'assets'), { recursive: true });
  writeFileSync(join(root, 'secret.js'), 'outside');
  writeFileSync(join(folder, 'index.html'), '<p>page</p>');
  writeFileSync(join(folder, 'assets/app.js'), 'inside');
  writeFileSync(join(folder, 'assets/notes.txt'), 'no page file');
  writeFileSync(join(folder, '.stamp.js'), 'hidden');
  return (url: string, method = 'GET') => appResponse({ url, method }, { folder, crashPage: () => '<p>crash</p>' });
}

describe('the window’s own scheme', () => {
  it('serves the page and its files with their types', async () => {
    const ask = page();
    const start = await ask('app://pc-agent/');
    expect([start.status, start.headers.get('content-type'), await start.text()]).toEqual([
      200,
      'text/html; charset=utf-8',
      '<p>page</p>',
    ]);
    const script = await ask('app://pc-agent/assets/app.js?v=1#x');
    expect(script.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
    expect(script.headers.get('x-content-type-options')).toBe('nosniff');
    expect(await script.text()).toBe('inside');
  });

  it.each([
    'app://pc-agent/../secret.js',
    'app://pc-agent/%2e%2e/secret.js',
    'app://pc-agent/..%2fsecret.js',
    'app://pc-agent/assets/..%2f..%2fsecret.js',
    'app://pc-agent/%252e%252e%252fsecret.js',
    'app://pc-agent/..\\secret.js',
    'app://pc-agent/..%5csecret.js',
    'app://pc-agent/%2e%2e%5csecret.js',
    'app://pc-agent/assets/app.js%00.html',
    'app://pc-agent//etc/passwd.js',
    'app://pc-agent/C:/secret.js',
    'app://pc-agent/index.html::$DATA.js',
    'app://pc-agent/.stamp.js',
    'app://pc-agent/assets/%c0%ae%c0%ae/secret.js',
    'app://pc-agent/assets/notes.txt',
    'app://pc-agent/assets',
    'app://pc-agent/absent.js',
    'app://elsewhere/index.html',
    'app://pc-agent@elsewhere/index.html',
    'app://user@pc-agent/index.html',
    'file:///etc/passwd',
    `app://pc-agent/${'a/'.repeat(2000)}x.js`,
  ])('serves nothing for %s', async (url) => {
    const answer = await page()(url);
    expect([answer.status, await answer.text()]).toEqual([404, '']);
  });

  it('names no file outside its folder, whatever dots and strokes an address is made of', () => {
    const parts = ['..', '.', '%2e', '%2E%2e', '/', '%2f', '\\', '%5c', 'a', '%', '%25', ':', '%00', 'é'];
    let seed = 20_261_121;
    const pick = () => {
      seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
      return parts[seed % parts.length];
    };
    for (let round = 0; round < 5000; round += 1) {
      const address = `app://pc-agent/${Array.from({ length: 8 }, pick).join('')}`;
      const path = pathOf(address) ?? 'none';
      expect(path.startsWith('/') || path.split(/[/\\]/).includes('..'), address).toBe(false);
    }
  });

  it('takes nothing: only GET and HEAD', async () => {
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS']) {
      expect((await page()('app://pc-agent/', method)).status).toBe(405);
    }
  });
});
