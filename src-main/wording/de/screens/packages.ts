import type { Catalogue } from '../../catalogue.ts';
import { plural } from '../../plural.ts';

const packagesText = (count: number, text: string) =>
  plural('de', count, { one: `${text} Paket`, other: `${text} Pakete` });

/** Words of this screen. */
export const packages: Catalogue['screens']['packages'] = {
  hint: 'Was dieser Computer bereithält, um es mit oder ohne Netzwerk zu installieren.',
  add: 'Paket hinzufügen …',
  fetch: 'Von Adresse holen …',
  drop: 'Dateien loslassen, um sie hinzuzufügen',
  empty: {
    title: 'Noch keine Pakete',
    text: 'Fügen Sie eine Datei dieses Computers hinzu, ziehen Sie Dateien auf diese Ansicht, oder holen Sie ein Paket von einer Adresse.',
  },
  noneFound: {
    title: 'Kein Paket passt zum Filter',
    text: 'Ändern Sie den Text oder den Zustand, oder zeigen Sie wieder alle Pakete.',
  },
  table: 'Pakete auf diesem Computer',
  columns: {
    name: 'Name',
    version: 'Version',
    model: 'Modell',
    size: 'Größe',
    state: 'Zustand',
    source: 'Herkunft',
    added: 'Hinzugefügt',
  },
  anyModel: 'jedes Modell',
  filter: {
    label: 'Pakete filtern',
    text: 'Name, Kennung oder Modell',
    state: 'Zustand',
    all: 'Alle Zustände',
    clear: 'Alle Pakete zeigen',
  },
  count: packagesText,
  shown: (shown, count, text) =>
    plural('de', count, { one: `${shown} von ${text} Paket`, other: `${shown} von ${text} Paketen` }),
  storage: {
    title: 'Speicher',
    numbers: (used, free) => `${used} belegt · ${free} frei`,
    low: (free) => `Nur noch ${free} frei auf diesem Datenträger`,
    lowNext: 'Entfernen Sie Pakete, die niemand braucht, oder schaffen Sie Platz auf dem Datenträger.',
    folder: 'Ordner',
  },
  ready: {
    title: 'Bereit für offline?',
    hint: 'Geprüfte Pakete für das Modell des Handys lassen sich ohne Netzwerk installieren.',
    none: 'Es ist kein Handy verbunden.',
    count: (phone, count, text) =>
      count === 0 ? `${phone}: noch nichts` : `${phone}: ${packagesText(count, text)} bereit`,
    unknown: (phone) => `${phone}: Modell noch nicht bekannt`,
    unknownNext: 'Lesen Sie das Handy einmal in der Ansicht Handys aus, damit sein Modell bekannt ist.',
    nothing: 'Es gibt kein geprüftes Paket für das Modell dieses Handys.',
    yes: 'Bereit',
    no: 'Nicht bereit',
    noHandsets: 'Noch ist kein Handy bekannt. Verbinden Sie eines und lesen Sie es in der Ansicht Handys aus.',
  },
  verify: {
    one: 'Prüfen',
    all: 'Alle prüfen',
    running: (count, text) =>
      plural('de', count, { one: `${text} Paket wird geprüft`, other: `${text} Pakete werden geprüft` }),
    result: (verified, quarantined, text) =>
      quarantined === 0
        ? `${verified} in Ordnung, keines in Quarantäne`
        : `${verified} in Ordnung, ${text} in Quarantäne`,
    good: 'Gerade geprüft: Jedes Byte ist, wie es sein soll.',
    bad: 'Gerade geprüft: Das Paket ist nicht, wie es sein soll.',
    dismiss: 'Ausblenden',
  },
  detail: {
    close: 'Einzelheiten schließen',
    facts: 'Angaben',
    id: 'Kennung',
    version: 'Version',
    model: 'Modell',
    size: 'Größe',
    added: 'Hinzugefügt',
    verifiedAt: 'Zuletzt geprüft',
    source: 'Herkunft',
    sha256: 'SHA-256',
    copySha: 'SHA-256 kopieren',
    trust: {
      verified: 'Eine Prüfsumme, ein Verzeichnis oder Sie selbst stehen für dieses Paket ein.',
      unverified: 'Niemand steht für dieses Paket ein. Es wird nur installiert, wenn Sie es jedes Mal erlauben.',
      quarantined: 'Dieses Paket ist außer Gebrauch und wird an kein Handy gesendet.',
    },
    install: 'Installieren …',
    installOn: (phone) => `Auf ${phone} installieren …`,
    remove: 'Entfernen …',
  },
  quarantine: {
    reasons: {
      absent: 'Seine Datei ist vom Datenträger verschwunden.',
      'size-mismatch': 'Seine Datei ist kürzer oder länger, als sie sein soll.',
      'digest-mismatch': 'Seine Bytes wurden verändert, seit das Paket hinzugefügt wurde.',
    },
    other: (reason) => `Es wurde als falsch erkannt: ${reason}.`,
    next: 'Kein Handy kam zu Schaden. Entfernen Sie es und holen Sie es neu von seiner Herkunft.',
    again: 'Entfernen und neu holen …',
  },
  remove: {
    title: (name) => `${name} entfernen?`,
    text: 'Es wird von diesem Computer gelöscht. Handys, die es haben, behalten es.',
    textAgain:
      'Das beschädigte Paket wird von diesem Computer gelöscht; danach holen Sie es neu. Handys, die es haben, behalten es.',
    confirm: 'Paket entfernen',
    removed: (name) => `${name} wurde entfernt.`,
  },
  addDialog: {
    title: (count, text) => plural('de', count, { one: 'Ein Paket hinzufügen', other: `${text} Pakete hinzufügen` }),
    hint: 'Prüfen Sie die Angaben zu jeder Datei; Handys und Menschen sehen sie.',
    id: 'Kennung',
    name: 'Name',
    version: 'Version',
    model: 'Modell',
    modelHint: 'jedes Modell',
    replaces: (name) => `Tritt an die Stelle von ${name} mit derselben Kennung.`,
    sameId: 'Eine andere dieser Dateien hat dieselbe Kennung.',
    missing: 'Diese Angabe wird gebraucht.',
    tooMany: (most) => `Höchstens ${most} Dateien auf einmal. Die anderen wurden ausgelassen.`,
    drop: (file) => `${file} auslassen`,
    confirm: (count, text) => plural('de', count, { one: 'Paket hinzufügen', other: `${text} Pakete hinzufügen` }),
    stop: 'Hinzufügen anhalten',
    retry: 'Noch einmal versuchen',
    progress: (file) => `${file} wird hinzugefügt`,
    waiting: 'Wartet',
    added: (count, text) =>
      plural('de', count, { one: '1 Paket wurde hinzugefügt.', other: `${text} Pakete wurden hinzugefügt.` }),
    failed: (count, text) =>
      plural('de', count, {
        one: '1 Datei wurde nicht hinzugefügt.',
        other: `${text} Dateien wurden nicht hinzugefügt.`,
      }),
  },
  fetchDialog: {
    title: 'Ein Paket von einer Adresse holen',
    url: 'Adresse',
    urlHint: 'https://example.com/pakete/mail-2.1.pkg',
    check: 'Wer steht dafür ein?',
    checks: {
      sha256: 'Eine SHA-256-Prüfsumme, die ich habe',
      manifest: 'Ein Verzeichnis an einer anderen Adresse',
      none: 'Niemand',
    },
    sha256: 'SHA-256 (64 Ziffern und Buchstaben a bis f)',
    manifest: 'Adresse des Verzeichnisses',
    warning: 'Es wird als ungeprüft aufbewahrt',
    warningText:
      'Ohne Prüfsumme oder Verzeichnis kann niemand sagen, ob die Bytes stimmen. Sie müssen jede Installation eigens erlauben.',
    about: 'Kennung, Name, Version und Modell, wenn Sie sie selbst angeben möchten',
    badUrl: 'Das ist keine http- oder https-Adresse.',
    badSha: 'Eine SHA-256-Prüfsumme hat 64 hexadezimale Ziffern.',
    offline: 'Der Offline-Schalter ist an, es kann nichts geholt werden.',
    confirm: 'Paket holen',
  },
  fetching: {
    title: 'Wird geholt',
    label: (url) => `${url} wird geholt`,
    stop: 'Holen anhalten',
    done: (url) => `Geholt: ${url}`,
    failed: (url) => `Nicht geholt: ${url}`,
    cancelled: (url) => `Angehalten: ${url}`,
    dismiss: 'Ausblenden',
  },
};
