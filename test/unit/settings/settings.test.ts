import { describe, expect, it } from 'vitest';
import { openSettings } from '../../../src-main/settings/settings.ts';
import { scratch } from '../store/scratch.ts';

const { open, file } = scratch();

describe('the settings', () => {
  it('have defaults and keep what was set over a restart', async () => {
    const path = file();
    const store = open(path);
    const settings = openSettings(store);
    expect(settings.get('offline')).toBe(false);
    expect(settings.get('journalBodies')).toEqual({ days: 7, bytes: 200_000_000 });
    await settings.set('offline', true);
    await settings.set('journalBodies', 'off');
    await settings.set('journalBodies', { days: 1, bytes: 5 });
    await store.close();
    const again = openSettings(open(path));
    expect(again.get('offline')).toBe(true);
    expect(again.get('journalBodies')).toEqual({ days: 1, bytes: 5 });
  });

  it('refuse a value of another form and keep the old one', async () => {
    const settings = openSettings(open(file()));
    await settings.set('offline', true);
    for (const value of ['yes', 1, null, undefined]) {
      await expect(settings.set('offline', value as never)).rejects.toMatchObject({
        code: 'settings/invalid',
        details: { field: 'offline', expected: 'false' },
      });
    }
    await expect(settings.set('journalBodies', { days: -1, bytes: 5 })).rejects.toMatchObject({
      code: 'settings/invalid',
    });
    expect(settings.get('offline')).toBe(true);
  });

  it('tell of a kept value that has another form', async () => {
    const store = open(file());
    await store.write((db) => db.run("INSERT INTO settings VALUES ('offline', '\"perhaps\"')"));
    expect(() => openSettings(store).get('offline')).toThrow(
      expect.objectContaining({ code: 'settings/invalid', details: expect.objectContaining({ found: '"perhaps"' }) }),
    );
  });
});
