import type { Catalogue } from '../../catalogue.ts';
import { plural } from '../../plural.ts';

/** Words of this screen. */
export const network: Catalogue['screens']['network'] = {
  hint: 'Jede Verbindung ins Netzwerk und Anrufe am Eingang „Netzwerkverbindung“. Sonst keine zu Handys.',
  switch: {
    title: 'Offline-Schalter',
    on: 'An: keine Netzwerkverbindung wird geöffnet',
    off: 'Aus: das Netzwerk darf benutzt werden',
    explain:
      'Ist der Schalter an, öffnet PC Agent keine Verbindung zu irgendeinem Server, bis Sie ihn ausschalten, auch nach einem Neustart.',
    turnOn: 'Offline gehen',
    turnOff: 'Netzwerk erlauben',
    goesOn: 'Geht weiter',
    rests: 'Ruht, bis der Schalter aus ist',
    works: [
      'Handys an einem Kabel, einer seriellen Leitung oder einer Verbindung vor Ort',
      'Bestand, Installieren und Entfernen durch diesen Computer, mit Paketen, die hier sind',
      'Demo-Handys und die Demo, die auf diesem Computer bleiben',
      'Journal, Pakete und Hilfe',
    ],
    waits: [
      'Weiterleiten von Sitzungen zu einem entfernten DM-Server',
      'Holen von Paketen von einer Adresse',
      'Testen von Serverprofilen',
    ],
    reports: (count, text) =>
      count === 0
        ? 'Berichte an DM-Server, die im Ausgang warten'
        : plural('de', count, {
            one: `Berichte an DM-Server: ${text} wartet im Ausgang`,
            other: `Berichte an DM-Server: ${text} warten im Ausgang`,
          }),
  },
  emptyTitle: 'Keine Verbindung wurde geöffnet',
  empty:
    'PC Agent hat seit seinem Start keine Netzwerkverbindung geöffnet. Jede wird hier stehen, mit dem, der sie wollte.',
  connections: 'Verbindungen',
  recent: (text) => `Die letzten ${text}; ältere stehen nicht mehr hier.`,
  totals: {
    title: 'Nach Host',
    host: 'Host',
    connections: 'Verbindungen',
    only: (host) => `Nur ${host} zeigen`,
    sum: 'Alle Hosts',
  },
  columns: {
    at: 'Wann',
    host: 'Host und Port',
    purpose: 'Wofür',
    initiator: 'Wer sie wollte',
    out: 'Gesendet',
    in: 'Empfangen',
  },
  filter: 'Nach Host, Zweck oder Auftraggeber filtern',
  clear: 'Filter löschen',
  shown: (count, text, all) =>
    plural('de', count, { one: `${text} von ${all} Verbindungen`, other: `${text} von ${all} Verbindungen` }),
  noneShown: 'Keine Verbindung passt zum Filter.',
  purposes: {
    'dm-session': 'DM-Sitzung',
    job: 'Auftrag beim DM-Server',
    trigger: 'Warten auf einen Ruf des DM-Servers',
    fetch: 'Herunterladen eines Pakets',
    'handset-call': 'Anruf eines Handys',
    manifest: 'Liste von Paketen',
    packages: 'Liste von Paketen',
    report: 'Bericht an den DM-Server',
    reports: 'Berichte, die der DM-Server hat',
    test: 'Test eines Serverprofils',
  },
  initiators: {
    operator: 'Sie',
    outbox: 'Ausgang',
    relay: 'Weiterleitung',
    handset: 'Das Handy',
    server: 'Eigener Server dieses Computers',
    'dms-test': 'Test eines Serverprofils',
    'virtual-handset': 'Virtuelles Handy',
    demo: 'Demo',
    plan: 'Installationsplan',
    inventory: 'Bestand',
    install: 'Installieren',
    remove: 'Entfernen',
  },
  say: {
    on: 'Offline: Es wird keine Netzwerkverbindung geöffnet.',
    off: 'Das Netzwerk darf wieder benutzt werden.',
  },
};
