import type { Catalogue } from '../../catalogue.ts';
import { plural } from '../../plural.ts';

const LANGUAGE = 'de';

/** Words of this screen. */
export const doctor: Catalogue['screens']['doctor'] = {
  hint: 'Findet heraus, warum sich Handys nicht verwenden lassen, und behebt es, wo es darf.',
  again: 'Noch einmal nachsehen',
  looking: 'Sehe nach diesem Computer und nach allem, was angeschlossen ist',
  trouble: (count, text) =>
    plural(LANGUAGE, count, { one: '1 Sache braucht Sie', other: `${text} Sachen brauchen Sie` }),
  well: 'Nichts hindert Handys daran, verwendet zu werden',
  wellHint: 'Ein Handy, das jetzt angeschlossen wird, lässt sich verwenden.',
  wellNothing: 'Zurzeit ist kein Handy am Kabel angeschlossen.',
  gone: 'Weshalb Sie gekommen sind, wird nicht mehr gefunden. So steht es jetzt.',
  noCables: {
    title: 'Dieser Computer hat keine Anschlüsse für Kabel',
    text: 'Das System zeigt weder USB noch einen seriellen Anschluss, wie in einem Container oder einer virtuellen Maschine. Alles andere geht wie bisher: Handys im Netzwerk und Demo-Handys.',
    mend: 'Falls er USB haben sollte: Reichen Sie es an diese Maschine durch, oder suchen Sie es in den Einstellungen der Firmware. Sehen Sie dann noch einmal nach.',
  },
  computer: 'Dieser Computer',
  at: (name, place) => `${name}, ${place}`,
  quiet: (count, text) => plural(LANGUAGE, count, { one: '1 weitere Prüfung', other: `${text} weitere Prüfungen` }),
  states: { good: 'Gut', trouble: 'Braucht Sie', unknown: 'Nicht sicher' },
  checks: {
    'usb-system': { name: 'USB', means: 'Ohne USB ist kein Handy über ein USB-Kabel erreichbar.' },
    'bearer-process': {
      name: 'Teil, der Kabel öffnet',
      means: 'Solange er nicht läuft, ist kein Handy über USB oder einen seriellen Anschluss erreichbar.',
    },
    'udev-rules': {
      name: 'Regeln für das Recht, Handys zu öffnen',
      means:
        'Solange sie nicht sind, wie sie sein sollen, darf vielleicht nur der Administrator ein Handy am USB-Kabel öffnen.',
    },
    permission: {
      name: 'Recht, es zu öffnen',
      means: 'PC Agent sieht es, aber das System lässt ihn nicht damit sprechen.',
    },
    holder: {
      name: 'Frei von anderen Programmen',
      means: 'Mit einem Handy kann nur ein Programm zur selben Zeit sprechen.',
    },
    'modem-manager': {
      name: 'Modemdienst',
      means: 'Der Modemdienst des Systems schickt eigene Befehle an jeden Anschluss, der ein Modem sein könnte.',
    },
    bluetooth: {
      name: 'Bluetooth',
      means: 'Ohne es werden Handys über Funk nicht gefunden, gekoppelt und gezeigt; Kabel gehen wie zuvor.',
    },
    rfcomm: {
      name: 'Teil, der über Funk spricht',
      means:
        'Ohne ihn ist ein Handy über Bluetooth nur durch einen Anschluss erreichbar, den das System aus ihm macht.',
    },
    driver: {
      name: 'Treiber',
      means: 'Ohne Treiber macht das System keinen Anschluss daraus, der sich öffnen ließe.',
    },
    service: {
      name: 'Was es anbietet',
      means: 'PC Agent braucht OBEX oder einen Modemanschluss, um mit einem Handy zu sprechen.',
    },
    'way-in': {
      name: 'Eingang für Handys',
      means: 'Solange er nicht offen ist, erreichen Handys, die selbst eine Sitzung beginnen, diesen Computer nicht.',
    },
  },
  facts: {
    title: 'Was zu sehen war',
    names: {
      access: 'Zugriff',
      adapters: 'Adapter',
      attached: 'Angeschlossene Geräte',
      buses: 'USB-Busse',
      carrier: 'Gesprochen durch',
      command: 'Befehl',
      driver: 'Treiber',
      error: 'Fehler',
      file: 'Datei',
      folder: 'Ordner',
      group: 'Gruppe',
      groups: 'Ihre Gruppen',
      holder: 'Benutzt von',
      interface: 'Schnittstelle',
      mode: 'Rechte',
      module: 'Kernelmodul',
      node: 'Gerätedatei',
      octets: 'Bytes',
      opened: 'Probeweise geöffnet',
      owner: 'Besitzer',
      phones: 'Bekannte Handys',
      pid: 'Prozessnummer',
      records: 'Dienstverzeichnis',
      rule: 'Regel',
      signing: 'Signatur',
      system: 'Das System sagt',
      user: 'Sie sind',
      way: 'Weg',
      why: 'Weil',
    },
  },
  remedy: {
    title: 'Was es behebt',
    byYou: 'Was Sie tun können',
    kinds: {
      'udev-rules':
        'Eine Regeldatei wird abgelegt: Die Person am Bildschirm und die Mitglieder der Gruppe dialout dürfen Handys öffnen, sonst niemand.',
      'udev-again': 'Das System geht seine Regeln für dieses Handy noch einmal durch.',
      'modem-manager':
        'Eine Regeldatei sagt dem Modemdienst, dass er dieses Handy in Ruhe lässt. Das Handy gibt diesem Computer dann kein mobiles Internet mehr. Es gilt ab dem nächsten Anschließen.',
      driver: 'Der Treiber wird geladen, bis dieser Computer neu startet.',
      group: 'Sie kommen in die Gruppe, die es öffnen darf. Es gilt, nachdem Sie sich ab- und wieder angemeldet haben.',
      login: 'Sie sind schon in der Gruppe, die es öffnen darf. Melden Sie sich ab und wieder an, damit es gilt.',
      holder:
        'Schließen Sie jenes Programm auf seine eigene Art. Hat es kein Fenster mehr, beenden Sie es mit diesen Befehlen.',
      'bluetooth-radio': 'Der Funk wird wieder eingeschaltet. Ein Notebook hat dafür vielleicht auch eine Taste.',
      'bluetooth-power': 'Der Adapter wird eingeschaltet.',
      'bluetooth-service': 'Der Bluetooth-Dienst des Systems wird gestartet, jetzt und mit dem Computer.',
      'rule-file': 'Der Administrator ändert die fremde Regel, die oben genannt ist.',
    },
    names: {
      'udev-rules': 'Regeldatei ablegen',
      'udev-again': 'Regeln noch einmal durchgehen lassen',
      'modem-manager': 'Modemdienst fernhalten',
      driver: 'Treiber laden',
    },
    other: 'Das tut der Doktor an Ihrem Computer.',
    windowsDriver:
      'Die Treiberdatei wird zu Windows hinzugefügt, das sie nur mit einem signierten Katalog daneben annimmt.',
    writes: 'Geschrieben wird nach',
    content: (file) => `Was in ${file} steht`,
    copyContent: 'Inhalt kopieren',
    runs: 'Befehle',
    copyCommands: 'Befehle kopieren',
    asAdministrator: 'Diese Befehle brauchen die Rechte eines Administrators.',
    byHand: 'Selbst in einem Terminal erledigen',
    administrator: 'Das System fragt nach dem Passwort eines Administrators. PC Agent bekommt es nie zu sehen.',
    apply: 'Anwenden …',
    undo: 'Rückgängig machen …',
    applied: 'Vom Doktor angewendet.',
    appliedTo: (path) => `Vom Doktor angewendet: ${path}`,
  },
  consent: {
    apply: (name) => `${name}?`,
    undo: (name) => `Rückgängig machen: ${name}?`,
    applyHint: 'Das geschieht an Ihrem Computer, und sonst nichts:',
    undoHint: 'Was der Doktor getan hat, wird zurückgenommen; eine Datei, die vorher da war, kommt wieder.',
    applyNow: 'Anwenden',
    undoNow: 'Rückgängig machen',
    afterwards: 'Danach wird das Handy ausprobiert, und Sie können es jederzeit rückgängig machen.',
    afterwardsComputer:
      'Danach wird ausprobiert, was angeschlossen ist, und Sie können es jederzeit rückgängig machen.',
    working: 'Wird erledigt. Beantworten Sie die Frage des Systems nach dem Passwort, falls es fragt.',
    stop: 'Abbrechen',
  },
  outcome: {
    applied: 'Das Mittel wurde angewendet, und es hat geholfen.',
    appliedText: 'Es wurde wirklich ausprobiert: Diese Störung ist weg.',
    later: 'Das Mittel wurde angewendet.',
    laterText: 'Ob es hilft, zeigt sich beim nächsten Handy, das angeschlossen wird.',
    undone: 'Das Mittel wurde zurückgenommen.',
    undoneText: 'Es ist wieder wie vorher.',
    said: (text) => `Das System sagte: ${text}`,
    dismiss: 'Ausblenden',
  },
  say: {
    well: 'Der Doktor hat nachgesehen: keine Störung gefunden.',
    trouble: (count, text) =>
      plural(LANGUAGE, count, {
        one: 'Der Doktor hat nachgesehen: 1 Sache braucht Sie.',
        other: `Der Doktor hat nachgesehen: ${text} Sachen brauchen Sie.`,
      }),
  },
};
