import type { Catalogue } from '../../catalogue.ts';
import { plural } from '../../plural.ts';

/** Words of this screen. */
export const settings: Catalogue['screens']['settings'] = {
  language: {
    title: 'Sprache',
    hint: 'Dieses Fensters. Die Befehlszeile spricht Englisch.',
    names: { en: 'English', de: 'Deutsch' },
  },
  appearance: {
    title: 'Aussehen',
    hint: 'Hell oder dunkel.',
    choices: { auto: 'Wie das System', light: 'Hell', dark: 'Dunkel' },
  },
  bodies: {
    title: 'Rohe Nachrichten',
    hint: 'Wie lange die Bytes von DM-Nachrichten aufbewahrt werden. Sie enthalten Zugangsdaten: Nur Ihr Benutzerkonto kann sie lesen, und jede Ansicht und jeder Export verdeckt sie. Was gesagt wurde, bleibt in jedem Fall im Journal.',
    legend: 'Rohe Nachrichten aufbewahren',
    off: 'Nicht aufbewahren',
    keep: 'Eine Weile aufbewahren',
    days: 'Tage',
    megabytes: 'Höchstens, in MB',
    save: 'Speichern',
    saved: 'Gespeichert.',
    removes: 'Mit dem Speichern werden die jetzt aufbewahrten entfernt.',
    shorter: 'Mit dem Speichern werden ältere und überzählige entfernt.',
    errors: {
      days: 'Geben Sie eine Zahl von 0 bis 3.650 an.',
      megabytes: 'Geben Sie eine Zahl von 0 bis 1.000.000 an.',
    },
    now: (days, size) =>
      plural('de', days, {
        one: `Jetzt: ${days} Tag, höchstens ${size}.`,
        other: `Jetzt: ${days} Tage, höchstens ${size}.`,
      }),
    nowOff: 'Jetzt: nicht aufbewahrt.',
    unknown: 'PC Agent sagt nicht, wie lange er sie aufbewahrt.',
  },
  storage: {
    title: 'Speicherplatz',
    hint: 'Wo Pakete liegen und wie viel Platz ist.',
    folder: 'Ordner',
    packages: 'Pakete',
    packagesOf: (count, text, size) =>
      plural('de', count, { one: `${text} Paket, ${size}`, other: `${text} Pakete, ${size}` }),
    free: 'Frei auf diesem Datenträger',
    freeOf: (free, total) => `${free} von ${total}`,
    where: 'Wo Einstellungen und Journal liegen',
  },
  network: {
    title: 'Netzwerk',
    hint: 'Der Offline-Schalter und jede Verbindung, die geöffnet wurde.',
    on: 'Der Offline-Schalter ist an: Es wird keine Netzwerkverbindung geöffnet.',
    off: 'Der Offline-Schalter ist aus: PC Agent darf das Netzwerk benutzen, wenn Sie etwas verlangen, das es braucht.',
    link: 'Netzwerkbuch öffnen',
  },
  demo: {
    title: 'Demo-Handy',
    hint: 'Ein virtuelles Handy zum Ausprobieren. Kein echtes wird berührt, und es endet mit PC Agent.',
    start: 'Demo-Handy starten',
    another: 'Noch ein Demo-Handy starten',
    choose: 'Art wählen …',
    stop: 'Beenden',
    stopNamed: (name) => `${name} beenden`,
    none: 'Kein Demo-Handy läuft.',
    started: 'Das Demo-Handy läuft und ist unter den Handys.',
    stopped: (name) => `${name} wurde beendet.`,
    see: 'Unter den Handys ansehen',
  },
  about: {
    title: 'Über PC Agent',
    hint: 'Dieser PC Agent.',
    version: 'Version',
    contract: 'Vertrag',
    process: 'Prozess',
    started: 'Gestartet',
    licences: 'Lizenzen',
    licencesText:
      'PC Agent enthält quelloffene Bestandteile, jeden unter seiner eigenen Lizenz; die Lizenztexte liegen dem Programm bei, im Ordner jedes Bestandteils.',
    telemetry: 'Telemetrie',
    telemetryText: 'Es gibt keine: Nichts wird irgendwohin geschickt, solange Sie keinen Server einrichten.',
  },
};
