import type { Catalogue } from '../../catalogue.ts';
import { plural } from '../../plural.ts';

const messagesText = (count: number, text: string) =>
  plural('de', count, { one: `${text} Nachricht`, other: `${text} Nachrichten` });

/** Words of the session screen. */
export const session: Catalogue['screens']['session'] = {
  title: 'Sitzung',
  heading: (handset) => `Sitzung mit ${handset}`,
  id: (id) => `Sitzung ${id}`,
  noId: 'Noch keine Sitzungsnummer',
  kinds: { relay: 'Weitergeleitet', 'management-server': 'Durch PC Agent selbst' },
  parts: { handset: 'Handy', agent: 'PC Agent', server: 'DM-Server' },
  unknownHandset: 'Unbekanntes Handy',
  agentRelays: 'gibt jedes Byte unverändert weiter',
  ownServer: 'PC Agent selbst',
  ownServerHint: 'Aus dem, was der PC hat, ohne Netz',
  toServer: 'Zum Server',
  toHandset: 'Zum Handy',
  messages: messagesText,
  states: {
    unread: 'Zu Ende; PC Agent konnte nicht lesen, was gesagt wurde',
  },
  times: { started: 'Begonnen', ended: 'Beendet', duration: 'Dauer', running: 'Läuft seit' },
  transfer: 'Paket ist unterwegs',
  transferDone: 'Paket gesendet',
  steps: 'Schritte',
  stepsEmpty: 'Hier erscheinen die Schritte, sobald Handy und Server miteinander reden.',
  stepState: { working: 'In Arbeit', done: 'Fertig', failed: 'Fehlgeschlagen' },
  evidence: {
    title: 'Unverändert weitergegeben?',
    yes: { ends: 'Jedes Byte unverändert', agent: 'Unverändert, sagt PC Agent selbst' },
    no: 'Nicht unverändert',
    open: 'Noch nichts zu vergleichen',
    nothing: 'Nichts zu vergleichen',
    none: 'Nichts wurde weitergeleitet',
    unknown: 'Nicht verglichen',
    compared: (count, text) => `${messagesText(count, text)} verglichen`,
    endsYes:
      'Der SHA-256 in der eigenen Aufzeichnung des Handys ist derselbe wie in der des Servers, Nachricht für Nachricht. Das Wort von PC Agent zählt hier nicht. Der Ruf wird nicht verglichen; er nimmt einen anderen Weg.',
    endsNo:
      'Die eigene Aufzeichnung des Handys und die des Servers unterscheiden sich: Ein SHA-256 ist anders, oder auf einer Seite fehlt eine Nachricht.',
    endsOpen: 'Noch steht keine Nachricht in beiden Aufzeichnungen, der des Handys und der des Servers.',
    agentYes:
      'Der SHA-256 von dem, was PC Agent annahm, ist derselbe wie von dem, was er weitergab, Nachricht für Nachricht. Das ist das eigene Wort von PC Agent: Was die beiden Enden aufgezeichnet haben, ist hier nicht bekannt.',
    agentNo:
      'Der SHA-256 von dem, was PC Agent annahm, ist ein anderer als von dem, was er weitergab. Trauen Sie dieser Sitzung nicht; exportieren Sie sie, und sagen Sie es dem, der sich um PC Agent kümmert.',
    agentOpen: 'PC Agent hat noch keine Nachricht weitergegeben.',
    ownServer: 'PC Agent war selbst der DM-Server dieser Sitzung, also wurde keine Nachricht weitergegeben.',
    journal: 'Der Vergleich bleibt nur, bis PC Agent endet. Der SHA-256 jeder Nachricht steht im Journal.',
  },
  timeline: {
    title: 'Nachrichten',
    hint: 'Pfeiltasten bewegen, Enter öffnet, Escape schließt.',
    label: (count) => `Nachrichten der Sitzung, ${count}`,
    empty: 'Noch keine Nachricht. Die erste ist der Ruf des Servers an das Handy.',
    emptyOver: 'Diese Sitzung endete, bevor es eine Nachricht gab.',
    dropped: (count, text) =>
      plural('de', count, {
        one: `${text} frühere Nachricht ist nicht mehr da.`,
        other: `${text} frühere Nachrichten sind nicht mehr da.`,
      }),
    follow: 'Neueste verfolgen',
    more: (text) => `${text} weitere`,
  },
  direction: { 'to-dms': 'Handy → Server', 'to-handset': 'Server → Handy' },
  package: (number) => `Schritt ${number} von 4`,
  packageCall: 'Ruf',
  unreadPackage: 'Unlesbar',
  detail: {
    title: (number) => `Nachricht ${number}`,
    views: 'Ansichten der Nachricht',
    words: 'In Worten',
    xml: 'XML',
    bytes: 'Bytes',
    facts: {
      direction: 'Richtung',
      time: 'Zeit',
      msgId: 'MsgID',
      from: 'Von',
      to: 'An',
      type: 'Inhaltstyp',
      sha256: 'SHA-256',
      size: 'Größe',
      credentials: 'Anmeldedaten',
    },
    credentials: {
      none: 'keine',
      basic: 'Benutzer und Passwort',
      md5: 'Prüfsumme (MD5)',
      mac: 'Prüfsumme der ganzen Nachricht (MAC)',
    },
    masked: (count, text) =>
      plural('de', count, { one: `${text} Geheimnis ist verdeckt.`, other: `${text} Geheimnisse sind verdeckt.` }),
    noCommands: 'Diese Nachricht enthält keinen Befehl.',
    noXml: 'Zu dieser Nachricht gibt es kein XML: PC Agent kann sie nicht lesen, oder sie ist ein Ruf.',
    bodyTitle: {
      removed: 'Bytes gelöscht',
      off: 'Bytes nicht aufgehoben',
      missing: 'Bytes fehlen',
      damaged: 'Bytes beschädigt',
    },
    body: {
      removed:
        'Die Bytes dieser Nachricht wurden gelöscht, als ihre Zeit um war, so wie es eingestellt ist. Größe und SHA-256 bleiben.',
      off: 'Die Bytes dieser Nachricht wurden nicht aufgehoben: So ist es eingestellt. Größe und SHA-256 bleiben.',
      missing:
        'Die Bytes dieser Nachricht sind von der Festplatte verschwunden, obwohl PC Agent sie aufgehoben hatte. Größe und SHA-256 bleiben.',
      damaged:
        'Die Bytes auf der Festplatte sind nicht die, die durchgingen: Ihr SHA-256 ist ein anderer. Sie werden nicht als die Nachricht gezeigt.',
    },
  },
  export: {
    open: 'Exportieren',
    title: 'Diese Sitzung exportieren',
    text: 'Die Sitzung und ihre Nachrichten als Datei. Passwörter, Prüfsummen und Nonces sind immer verdeckt.',
    unmask: 'Mit ganzen Gerätenummern (IMEI) echter Handys',
    unmaskHint: 'Sie gehören zum Handy eines Menschen. Lassen Sie es aus, wenn die Datei an andere geht.',
    json: 'Als JSON sichern',
    csv: 'Als CSV sichern',
    saving: 'Lese die Sitzung',
  },
  problem: 'Problem',
  back: 'Zum Journal',
  say: {
    phase: (phase, unplug) => `${phase}. ${unplug}.`,
    over: (state) => `Die Sitzung ist vorbei: ${state}.`,
  },
};
