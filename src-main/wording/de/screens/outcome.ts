import type { Catalogue } from '../../catalogue.ts';
import { plural } from '../../plural.ts';

const LANGUAGE = 'de';

/** What the last work on a handset came to, and what to do next. */
export const outcome: Catalogue['screens']['outcome'] = {
  done: {
    inventory: () => 'Installiertes gelesen.',
    install: (things) => `${things} installiert.`,
    update: (things) => `${things} aktualisiert.`,
    remove: (things) => `${things} entfernt.`,
    activate: (things) => `${things} aktiviert.`,
    deactivate: (things) => `${things} deaktiviert.`,
    firmware: (things) => `Firmware aktualisiert: ${things}.`,
    archive: (things) => `${things} archiviert: vom Handy genommen und hier aufbewahrt.`,
    restore: (things) => `${things} wiederhergestellt.`,
    'snapshots.take': () => 'Momentaufnahme behalten.',
    'snapshots.compare': () => 'Mit einer Momentaufnahme verglichen.',
    'snapshots.restore': () => 'So hergestellt, wie die Momentaufnahme es hat.',
    sync: () => 'Getan, was der DM-Server wollte.',
  },
  nothing: {
    inventory: () => 'Nichts zu tun.',
    install: (things) => `Nichts zu tun: ${things} ist schon da.`,
    update: () => 'Nichts zu tun: Alles ist auf dem neuesten Stand.',
    remove: (things) => `Nichts zu tun: ${things} ist nicht da.`,
    activate: (things) => `Nichts zu tun: ${things} ist schon aktiv.`,
    deactivate: (things) => `Nichts zu tun: ${things} ist schon inaktiv.`,
    firmware: () => 'Nichts zu tun: Das Handy hat diese Firmware schon.',
    archive: (things) => `Nichts zu tun: ${things} ist nicht da.`,
    restore: (things) => `Nichts zu tun: ${things} ist schon da.`,
    'snapshots.take': () => 'Nichts zu tun.',
    'snapshots.compare': () => 'Nichts zu tun.',
    'snapshots.restore': () => 'Nichts zu tun: Das Handy ist, wie die Momentaufnahme es hat.',
    sync: () => 'Nichts zu tun: Der DM-Server will nichts.',
  },
  waiting: (things) => `Das Handy hat mit ${things} begonnen und sagt später, wie es ausging.`,
  restarting:
    'Das Handy aktualisiert sich und startet neu. Wie es ausging, sagt es, wenn es wieder da ist: Lassen Sie es angeschlossen.',
  cancelled: {
    inventory: () => 'Das Lesen wurde abgebrochen.',
    install: (things) => `Das Installieren von ${things} wurde abgebrochen.`,
    update: () => 'Das Aktualisieren wurde abgebrochen.',
    remove: (things) => `Das Entfernen von ${things} wurde abgebrochen.`,
    activate: (things) => `Das Aktivieren von ${things} wurde abgebrochen.`,
    deactivate: (things) => `Das Deaktivieren von ${things} wurde abgebrochen.`,
    firmware: () => 'Das Aktualisieren der Firmware wurde abgebrochen.',
    archive: (things) => `Das Archivieren von ${things} wurde abgebrochen.`,
    restore: () => 'Das Wiederherstellen wurde abgebrochen.',
    'snapshots.take': () => 'Die Momentaufnahme wurde abgebrochen.',
    'snapshots.compare': () => 'Das Vergleichen wurde abgebrochen.',
    'snapshots.restore': () => 'Das Herstellen der Momentaufnahme wurde abgebrochen.',
    sync: () => 'Die Arbeit für den DM-Server wurde abgebrochen.',
  },
  unchanged: 'Nichts hat sich geändert: Alles ist, wie es war.',
  alsoDone: (things) => `Vorher fertig geworden: ${things}.`,
  thing: (name, version) => (version === '' ? name : `${name} ${version}`),
  list: (things) => new Intl.ListFormat(LANGUAGE).format(things),
  on: (name, sentence) => `${name}: ${sentence}`,
  retry: {
    inventory: 'Noch einmal lesen',
    install: (count) =>
      plural(LANGUAGE, count, {
        one: 'Dieses Paket noch einmal versuchen',
        other: `${count} Pakete noch einmal versuchen`,
      }),
    remove: 'Noch einmal entfernen',
    activate: 'Auf der Softwareseite noch einmal versuchen',
    deactivate: 'Auf der Softwareseite noch einmal versuchen',
    firmware: 'Noch einmal aktualisieren',
    archive: 'Noch einmal archivieren',
    restore: 'Auf der Softwareseite noch einmal versuchen',
    'snapshots.take': 'Auf der Softwareseite noch einmal versuchen',
    'snapshots.compare': 'Auf der Softwareseite noch einmal versuchen',
    'snapshots.restore': 'Auf der Softwareseite noch einmal versuchen',
    sync: 'Seine Software ansehen',
  },
};
