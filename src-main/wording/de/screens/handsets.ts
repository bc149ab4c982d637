import type { Catalogue } from '../../catalogue.ts';
import { plural } from '../../plural.ts';

const LANGUAGE = 'de';

/** Words of this screen. */
export const handsets: Catalogue['screens']['handsets'] = {
  hint: 'Handys an diesem Computer.',
  startDemo: 'Demo-Handy starten',
  tryDemo: 'Mit einem Demo-Handy ausprobieren',
  starting: 'Demo-Handy wird gestartet',
  addByAddress: 'Mit Adresse hinzufügen',
  empty: {
    title: 'Schließen Sie ein Handy an',
    text: 'Verbinden Sie es mit seinem USB- oder seriellen Kabel und schalten Sie es ein; es erscheint hier von selbst. Ein Handy in der Nähe koppeln Sie unter Bluetooth, eines im Netzwerk fügen Sie mit seiner Adresse hinzu. Ist keins zur Hand, probieren Sie es mit einem Demo-Handy: Kein echtes Handy wird berührt.',
  },
  add: {
    title: 'Handy mit seiner Adresse hinzufügen',
    label: 'Adresse',
    hint: 'tcp:HOST:PORT, serial:PFAD, etwa serial:/dev/ttyACM0, usb:HERSTELLER:PRODUKT oder bluetooth:ADRESSE',
    submit: 'Fragen, wer es ist',
    working: (address) => `Frage, wer an ${address} ist`,
    added: (name) => `${name} ist hinzugefügt.`,
  },
  sections: {
    here: 'Angeschlossen',
    away: 'Gerade nicht da',
  },
  section: (name, count) => `${name} (${count})`,
  batch: (working, done, needsYou) =>
    [
      working > 0 ? `${working} in Arbeit` : '',
      done > 0 ? `${done} fertig` : '',
      needsYou > 0 ? plural(LANGUAGE, needsYou, { one: '1 braucht Sie', other: `${needsYou} brauchen Sie` }) : '',
    ]
      .filter((part) => part !== '')
      .join(', '),
  unknownModel: 'Hersteller und Modell noch nicht bekannt',
  firmware: (version) => `Firmware ${version}`,
  speaksDm: {
    yes: 'Beherrscht Geräteverwaltung',
    no: 'Beherrscht keine Geräteverwaltung',
    unknown: 'Noch nicht bekannt, ob es Geräteverwaltung beherrscht',
  },
  way: {
    attached: 'angeschlossen',
    near: 'in Reichweite',
    away: 'nicht da',
    unusable: (why) => `Nicht verwendbar: ${why}`,
  },
  notLookedFor: 'Noch nicht gesucht',
  notLookedForHint: 'PC Agent weiß erst, ob es da ist, wenn es gefragt wird.',
  callsItself: 'Ruft selbst an',
  calledLast: (when) => `Ruft selbst an, zuletzt ${when}. Von hier aus ist es nicht zu erreichen.`,
  lastSeen: (when) => `Zuletzt gesehen ${when}`,
  awayHintAir: 'Schließen Sie es an, oder schalten Sie am Handy Bluetooth ein und lassen Sie es in der Nähe.',
  awayHint: 'Schließen Sie es an und schalten Sie es ein, um damit zu arbeiten.',
  unknownName: (port) => `Etwas an ${port}`,
  newThing: 'Noch nicht bekannt',
  newThingHint: 'Hier ist etwas angeschlossen. Fragen Sie es, wer es ist.',
  ask: 'Fragen, wer es ist',
  asking: 'Frage, wer es ist',
  held: (program, pid) => `${program} (Prozess ${pid}) benutzt es.`,
  heldNext: 'Schließen Sie dieses Programm und versuchen Sie es dann noch einmal.',
  queued: 'Beginnt gleich',
  interrupted: {
    title: 'Die Verbindung ging verloren.',
    plugIn: (name) => `Schließen Sie ${name} wieder an: Die Arbeit geht von selbst weiter.`,
    safeInstall: 'Das Handy ist sicher und nichts wurde installiert. Ein Paket, das unterwegs war, beginnt von vorn.',
    safe: 'Das Handy ist sicher. Was verlangt war, beginnt von vorn.',
    restart:
      'Startet das Handy neu, gehört das zum Aktualisieren: Lassen Sie es angeschlossen und warten Sie. Wurde das Kabel abgezogen, stecken Sie es wieder an.',
    waits: (text) => `PC Agent wartet noch ${text}.`,
    said: (name) => `${name}: Die Verbindung ging verloren. Das Handy ist sicher. Schließen Sie es wieder an.`,
  },
  noSession: 'Das Handy wird nicht benutzt.',
  phase: (phase) => `Phase: ${phase}`,
  transfer: (name) => `Fortschritt auf ${name}`,
  answerHere: 'Für das Demo-Handy antworten',
  answerThere: 'Sehen Sie auf das Handy: Sein Besitzer wird gefragt.',
  actions: {
    of: (name) => `Aktionen für ${name}`,
    install: 'Installieren …',
    software: 'Software',
    openSession: 'Sitzung öffnen',
    lastSession: 'Letzte Sitzung öffnen',
    rename: (name) => `${name} umbenennen`,
    forget: (name) => `${name} vergessen`,
    stop: 'Demo-Handy beenden',
    cancel: 'Arbeit abbrechen',
    tryAgain: 'Noch einmal versuchen',
    dismiss: 'Ausblenden',
    openDoctor: 'Doktor öffnen',
    readMore: 'Mehr dazu',
  },
  rename: {
    label: 'Name',
    save: 'Namen speichern',
    hint: 'Ein leerer Name bringt Hersteller und Modell zurück.',
  },
  forget: {
    title: (name) => `${name} vergessen?`,
    text: 'Es wird von dieser Liste genommen, mit dem Namen, den Sie ihm gegeben haben. Was damit gemacht wurde, bleibt im Journal, und es kommt wieder, wenn es angeschlossen wird. Auf dem Handy ändert sich nichts.',
    consent: (name) => `${name} vergessen`,
  },
  say: {
    phase: (name, phase, unplug) => `${name}: ${phase}. ${unplug}.`,
  },
};
