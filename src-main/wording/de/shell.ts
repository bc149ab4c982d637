import type { shell as en } from '../en/shell.ts';
import { plural } from '../plural.ts';

const list = (names: readonly string[]) => new Intl.ListFormat('de', { type: 'conjunction' }).format(names);

export const shell: typeof en = {
  product: 'PC Agent',
  menu: {
    file: '&Datei',
    edit: '&Bearbeiten',
    view: '&Ansicht',
    go: '&Gehe zu',
    window: '&Fenster',
    help: '&Hilfe',
    startAtLogin: 'Beim Anmelden starten',
    quit: 'Beenden',
    places: {
      handsets: 'Handys',
      packages: 'Pakete',
      journal: 'Journal',
      servers: 'Serverprofile',
      listening: 'Eingänge',
      network: 'Netzwerk',
      demo: 'Demo',
      doctor: 'Doktor',
      settings: 'Einstellungen',
      help: 'Hilfe',
    },
  },
  tray: {
    open: 'PC Agent öffnen',
    idle: 'Es läuft nichts',
    running: (count) => plural('de', count, { one: '1 Auftrag läuft', other: `${count} Aufträge laufen` }),
  },
  close: {
    title: 'Es wird gearbeitet',
    unsafe: (names) =>
      `Jetzt nicht vom Kabel trennen: ${list(names)}. Wenn PC Agent endet, reißt die Verbindung ab, als würde das Kabel gezogen.`,
    busy: (names) => `In einer Sitzung: ${list(names)}. Sie müsste neu begonnen werden.`,
    tasks: (count) =>
      plural('de', count, { one: '1 Auftrag würde abgebrochen.', other: `${count} Aufträge würden abgebrochen.` }),
    stay: 'Weiterlaufen lassen',
    leave: 'Trotzdem beenden',
  },
  slept: {
    title: 'Der Computer hat während der Arbeit geschlafen',
    text: (names) =>
      `Dabei ist die Verbindung abgerissen zu: ${list(names)}. Lesen Sie das Inventar, bevor Sie weitermachen, um sicher zu sein, was installiert ist.`,
    ok: 'OK',
  },
  hostFailed: {
    title: 'PC Agent kann nicht arbeiten',
    again: 'Solange dieses Fenster offen ist, wird es weiter versucht.',
    ok: 'OK',
  },
  crash: {
    title: 'Das Fenster funktioniert nicht mehr',
    text: 'Was lief, läuft weiter: Mit den Handys spricht ein anderer Prozess. Es wurde nichts an jemanden gesendet.',
    back: 'Fenster wieder anzeigen',
    code: (reason) => `Grund: ${reason}`,
  },
};
