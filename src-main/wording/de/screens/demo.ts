import type { Catalogue } from '../../catalogue.ts';
import { plural } from '../../plural.ts';

/** Words of the demo: its screen, and what the command says of its result. */
export const demo: Catalogue['screens']['demo'] = {
  hint: 'Handy und DM-Server sind virtuell: Kein echtes Handy wird berührt.',
  run: 'Demo starten',
  runAgain: 'Demo noch einmal starten',
  running: 'Die Demo läuft',
  about: {
    title: 'Was die Demo tut',
    text: 'Ein virtuelles Handy und ein virtueller DM-Server laufen in eigenen Prozessen. PC Agent arbeitet zwischen ihnen wie mit echten, mit einem eigenen Datenordner auf Zeit: Ihre Handys, Pakete und Ihr Journal bleiben, wie sie sind.',
  },
  empty: {
    title: 'PC Agent bei der Arbeit sehen',
    text: 'Ein virtuelles Handy und ein virtueller DM-Server laufen in eigenen Prozessen mit einem Datenordner auf Zeit: Sie brauchen weder Handy noch Netz noch sonst etwas. Es dauert weniger als eine Minute.',
  },
  acts: 'Akte',
  act: {
    relay: {
      title: 'Weiterleiten',
      text: 'Der DM-Server installiert ein Paket über PC Agent, der jedes Byte unverändert weitergibt.',
    },
    cache: { title: 'Vorrat', text: 'PC Agent holt Pakete vom DM-Server und hebt sie auf diesem Computer auf.' },
    bootstrap: {
      title: 'Konto',
      text: 'PC Agent richtet auf dem Handy das Konto seines eigenen DM-Servers ein; der Besitzer des Handys lässt es mit einer PIN zu.',
    },
    offline: {
      title: 'Offline',
      text: 'Der DM-Server ist weg: PC Agent installiert aus seinem Vorrat und berichtet, sobald der Server wieder da ist.',
    },
  },
  sessions: {
    title: 'Sitzungen',
    empty: 'Hier erscheinen die Sitzungen, sobald sie beginnen.',
    session: 'Sitzung',
    phase: 'Phase',
    toServer: 'Zum Server',
    toHandset: 'Zum Handy',
    state: 'Stand',
  },
  latest: (id) => `Schritte der Sitzung ${id}`,
  errors: 'Probleme',
  result: {
    title: 'Ergebnis',
    okHeading: 'Fertig: Das Paket ist installiert',
    okPlain: 'Fertig',
    failedHeading: 'Die Demo ist fehlgeschlagen',
    transparentYes: 'Unverändert weitergegeben',
    transparentNo: 'Nicht unverändert weitergegeben',
    transparentNull: 'Nichts zu vergleichen',
    transparentYesText: (messages) =>
      `${messages} einzeln verglichen: Der SHA-256 in der eigenen Aufzeichnung des Handys ist derselbe wie in der des Servers. Das Wort von PC Agent zählt nicht. Der Ruf wird nicht verglichen; er nimmt einen anderen Weg.`,
    transparentNoText:
      'Die eigene Aufzeichnung des Handys und die des Servers unterscheiden sich: Ein SHA-256 ist anders, oder auf einer Seite fehlt eine Nachricht.',
    transparentNullText: 'Keine Nachricht wurde auf beiden Seiten aufgezeichnet; es lässt sich nichts sagen.',
    comparedMessages: (count) =>
      plural('de', count, { one: `${count} Nachricht wurde`, other: `${count} Nachrichten wurden` }),
    components: 'Software auf dem Handy',
    component: 'Komponente',
    before: 'Vorher',
    after: 'Nachher',
    change: 'Änderung',
    absent: 'nicht da',
    added: 'Neu',
    removed: 'Entfernt',
    changed: 'Geändert',
    same: 'Gleich',
    active: 'aktiv',
    inactive: 'inaktiv',
    noComponents: 'Keine Software wurde gemeldet.',
    alerts: 'Berichte des Handys',
    noAlerts: 'Das Handy hat keinen Bericht gesendet.',
    offline: 'Arbeit ohne Netz',
    noOffline: 'Ohne Netz wurde nichts installiert.',
    fromCache: (names) => `Ohne Netz installiert: ${names}.`,
    reportDelivered: (count) =>
      plural('de', count, {
        one: 'Der DM-Server hat den Bericht darüber, einmal.',
        other: `Der DM-Server hat ${count} Berichte darüber.`,
      }),
    handset: (device) => `Handy ${device}`,
  },
  say: {
    act: (name) => `Akt ${name} beginnt.`,
    ok: 'Die Demo ist fertig.',
    failed: 'Die Demo ist fehlgeschlagen.',
  },
};
