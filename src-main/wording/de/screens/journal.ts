import type { Catalogue } from '../../catalogue.ts';
import { plural } from '../../plural.ts';

/** Words of this screen. */
export const journal: Catalogue['screens']['journal'] = {
  hint: 'Was mit welchem Handy getan wurde, und was noch gemeldet werden muss.',
  tabs: { sessions: 'Sitzungen', jobs: 'Aufträge', outbox: 'Ausgang' },
  tabsLabel: 'Teile des Journals',
  search: {
    sessions: 'Sitzungen durchsuchen',
    jobs: 'Aufträge durchsuchen',
    sessionsHint: 'Nummer, Server, Code',
    jobsHint: 'Paket, Nummer, Code',
  },
  phone: 'Handy',
  allPhones: 'Alle Handys',
  count: {
    sessions: (count, text, more) =>
      (more ? 'bisher ' : '') + plural('de', count, { one: `${text} Sitzung`, other: `${text} Sitzungen` }),
    jobs: (count, text, more) =>
      (more ? 'bisher ' : '') + plural('de', count, { one: `${text} Auftrag`, other: `${text} Aufträge` }),
  },
  fresh: (text) => `${text} neue zeigen`,
  freshMany: 'Die neuen zeigen',
  clear: 'Alles zeigen',
  sessions: {
    table: 'Sitzungen, neueste zuerst',
    emptyTitle: 'Noch keine Sitzungen',
    emptyText: 'Jede Sitzung zwischen einem Handy und einem DM-Server wird hier aufbewahrt.',
    columns: {
      state: 'Zustand',
      phone: 'Handy',
      started: 'Begonnen',
      duration: 'Dauer',
      server: 'Server',
      result: 'Ergebnis',
      session: 'Sitzung',
    },
    ownServer: 'Eigener Server dieses Computers',
    running: 'läuft noch',
    noResult: 'Endete, wie es sein soll',
    unread: 'Vorbei, nicht gelesen',
    unreadText: 'Sie ist zu Ende, aber PC Agent konnte ihre Nachrichten nicht lesen.',
    aborted: 'Von einer Seite abgebrochen',
  },
  jobs: {
    table: 'Aufträge, neueste zuerst',
    emptyTitle: 'Noch keine Aufträge',
    emptyText: 'Installieren, Entfernen und Auslesen von Software hinterlässt je einen Auftrag mit genau einem Ende.',
    columns: {
      state: 'Zustand',
      job: 'Auftrag',
      phone: 'Handy',
      created: 'Erteilt',
      result: 'Ergebnis',
      interruptions: 'Unterbrechungen',
      server: 'Gemeldet an',
      ended: 'Beendet',
      code: 'Ergebniscode',
      handset: 'Adresse',
      id: 'Kennung',
    },
    operations: {
      inventory: 'Software auslesen',
      install: (what) => `${what} installieren`,
      remove: (what) => `${what} entfernen`,
    },
    unknownThing: 'Unbenanntes',
    interruptions: (count, text) =>
      plural('de', count, { one: `${text} Unterbrechung`, other: `${text} Unterbrechungen` }),
    noInterruptions: 'keine',
    nobody: 'niemanden',
    results: {
      queued: 'Hat noch nicht begonnen',
      running: 'Läuft',
      waiting: 'Wartet auf die Antwort des Handys',
      done: 'Fertig',
      skipped: 'Nichts zu tun',
      refused: 'Am Handy abgelehnt',
      postponed: 'Am Handy verschoben',
      failed: 'Fehlgeschlagen',
      cancelled: 'Abgebrochen',
      expired: 'Die Zeit war um',
    },
    withCode: (text, code) => `${text} (${code})`,
    close: 'Schließen',
  },
  noMatch: { title: 'Nichts passt', text: 'Ändern Sie die Suche oder wählen Sie ein anderes Handy.' },
  export: {
    open: 'Exportieren …',
    title: { sessions: 'Sitzungen exportieren', jobs: 'Aufträge exportieren' },
    scope: 'Exportiert werden alle Zeilen, die zur Suche und zum gewählten Handy passen; Geheimnisse sind verborgen.',
    format: 'Format',
    csv: 'CSV, für eine Tabellenkalkulation',
    json: 'JSON, für Programme',
    unmask: 'Ganze Nummern echter Handys',
    unmaskHint:
      'Ohne dieses Häkchen ist von jeder Nummer der hintere Teil verborgen. Ganze Nummern benennen das Handy eines Menschen.',
    confirm: 'Exportieren',
    running: 'Wird exportiert',
    saved: (file) => `Gespeichert als ${file}`,
  },
  outbox: {
    table: 'Wartende Meldungen',
    emptyTitle: 'Nichts wartet',
    emptyText: 'Jeder DM-Server weiß, was aus seinen Aufträgen wurde.',
    waiting: (count, text) => plural('de', count, { one: `${text} Meldung wartet`, other: `${text} Meldungen warten` }),
    send: 'Jetzt senden',
    allSent: 'Jede Meldung wurde gesendet.',
    unsent: (count, text) =>
      plural('de', count, {
        one: '1 Meldung konnte nicht gesendet werden.',
        other: `${text} Meldungen konnten nicht gesendet werden.`,
      }),
    states: {
      waiting: 'Wartet',
      unsupported: 'Server nimmt keine Meldungen',
      rejected: 'Vom Server abgewiesen',
      unaddressed: 'Kein Server zu benachrichtigen',
    },
    operations: { inventory: 'Software ausgelesen', install: 'Installation', remove: 'Entfernen' },
    to: 'Für',
    why: 'Warum sie wartet',
    whyFirst: 'Sie wurde noch nicht versucht.',
    whyNobody:
      'Für diese Arbeit wurde kein DM-Server genannt. Exportieren Sie die Meldung, um sie anders zu übergeben.',
    tries: (count, text) =>
      count === 0
        ? 'Noch nicht versucht'
        : plural('de', count, { one: 'Einmal versucht', other: `${text} Mal versucht` }),
    next: (time) => `nächster Versuch ${time}`,
    noNext: 'wird nicht von selbst wiederholt',
    export: 'Meldung exportieren',
    nobody: 'niemanden',
  },
};
