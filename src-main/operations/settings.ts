import type { ParamsOf, ResultOf } from '../contract/requests.ts';
import type { Settings } from '../settings/settings.ts';
import type { Engine } from './engine.ts';

export function settingsView(settings: Pick<Settings, 'get'>): ResultOf<'settings.set'> {
  return { journalBodies: settings.get('journalBodies') };
}

/** What is not given stays. It holds from now on, for what is kept already too. @throws PcAgentError `settings/invalid` */
export async function setSettings(
  { settings, journal, changed }: Pick<Engine, 'settings' | 'journal' | 'changed'>,
  { journalBodies }: ParamsOf<'settings.set'>,
): Promise<ResultOf<'settings.set'>> {
  if (journalBodies !== undefined) {
    await settings.set('journalBodies', journalBodies);
    journal.setRetention(journalBodies);
  }
  const view = settingsView(settings);
  changed({ kind: 'settings', settings: view });
  return view;
}
