import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makePlaces, places } from '../../../src-main/settings/places.ts';

describe('the places', () => {
  it('lie all in PC_AGENT_HOME when that is set', () => {
    const env = { PC_AGENT_HOME: '/data/bench', HOME: '/home/a', XDG_STATE_HOME: '/x', XDG_RUNTIME_DIR: '/run/user/1' };
    expect(places(env, 'linux')).toEqual({
      settings: '/data/bench/settings',
      state: '/data/bench/state',
      content: '/data/bench/content',
      runtime: '/data/bench/run',
    });
  });

  it('take a relative PC_AGENT_HOME from where the person called npm', () => {
    const env = { PC_AGENT_HOME: 'bench', INIT_CWD: '/home/a/desk' };
    expect(places(env, 'linux').state).toBe('/home/a/desk/bench/state');
    expect(places({ PC_AGENT_HOME: 'bench', INIT_CWD: 'C:\\work' }, 'win32').state).toBe('C:\\work\\bench\\state');
  });

  it('follow the XDG directories on Linux', () => {
    const env = {
      PC_AGENT_HOME: '',
      HOME: '/home/a',
      XDG_CONFIG_HOME: '/c',
      XDG_STATE_HOME: '/s',
      XDG_DATA_HOME: '/d',
      XDG_RUNTIME_DIR: '/run/user/1',
    };
    expect(places(env, 'linux')).toEqual({
      settings: '/c/pc-agent',
      state: '/s/pc-agent',
      content: '/d/pc-agent/content',
      runtime: '/run/user/1/pc-agent',
    });
  });

  it('lie in the home folder without them, and a relative XDG directory does not count', () => {
    const expected = {
      settings: '/home/a/.config/pc-agent',
      state: '/home/a/.local/state/pc-agent',
      content: '/home/a/.local/share/pc-agent/content',
      runtime: '/home/a/.local/state/pc-agent/run',
    };
    expect(places({ HOME: '/home/a' }, 'linux')).toEqual(expected);
    expect(places({ HOME: '/home/a', XDG_STATE_HOME: 'here', XDG_RUNTIME_DIR: '.' }, 'linux')).toEqual(expected);
  });

  it('follow the customs of macOS and Windows', () => {
    expect(places({ HOME: '/Users/a' }, 'darwin').content).toBe(
      '/Users/a/Library/Application Support/PC Agent/content',
    );
    expect(places({ APPDATA: 'C:\\R', LOCALAPPDATA: 'C:\\L' }, 'win32')).toEqual({
      settings: 'C:\\R\\PC Agent',
      state: 'C:\\L\\PC Agent\\state',
      content: 'C:\\L\\PC Agent\\content',
      runtime: 'C:\\L\\PC Agent\\run',
    });
  });

  it.skipIf(process.platform === 'win32')('are closed to others, also when they were open before', () => {
    const home = mkdtempSync(join(tmpdir(), 'pc-agent-places-'));
    try {
      mkdirSync(join(home, 'state'), { mode: 0o755 });
      const folders = places({ PC_AGENT_HOME: home }, process.platform);
      makePlaces(folders);
      makePlaces(folders);
      for (const folder of Object.values(folders)) expect(statSync(folder).mode & 0o777).toBe(0o700);
    } finally {
      rmSync(home, { recursive: true });
    }
  });

  it('that cannot be made are an error of the store, not a surprise', () => {
    const folder = mkdtempSync(join(tmpdir(), 'pc-agent-places-'));
    try {
      const file = join(folder, 'home');
      writeFileSync(file, 'a file');
      expect(() => makePlaces(places({ PC_AGENT_HOME: file }, process.platform))).toThrow(
        expect.objectContaining({ code: 'store/read-only', retry: 'after-operator' }),
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
