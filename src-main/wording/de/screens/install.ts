import type { Catalogue } from '../../catalogue.ts';
import { plural } from '../../plural.ts';

const LANGUAGE = 'de';

/** Words of this screen. */
export const install: Catalogue['screens']['install'] = {
  on: (name) => `Auf ${name} installieren`,
  steps: { choose: 'Pakete wählen', plan: 'Plan ansehen' },
  step: (number, text) => `Schritt ${number} von 2: ${text}`,
  choose: {
    search: 'Pakete suchen',
    empty: 'Es gibt noch kein Paket.',
    emptyLink: 'Paket hinzufügen',
    noMatch: 'Kein Paket hat das in seinem Namen.',
    suitable: 'Für dieses Handy',
    others: 'Für andere Modelle oder nicht verwendbar',
    forModel: (model) => `für ${model}`,
    forAny: 'für jedes Modell',
    otherModel: (model) => `Nur für ${model}`,
    quarantined: 'Aus dem Verkehr gezogen: kann nicht installiert werden.',
    more: (text) => `${text} weitere: Geben Sie einen Teil des Namens ein, um die Liste einzugrenzen.`,
    chosen: (count, size) => plural(LANGUAGE, count, { one: `1 Paket, ${size}`, other: `${count} Pakete, ${size}` }),
    none: 'Nichts gewählt',
    next: 'Plan machen',
  },
  making: (name) => `Frage ${name}, was darauf ist`,
  makingHint: 'Noch wird nichts geändert. Abziehen ist sicher.',
  plan: {
    items: 'Was geschehen wird',
    actions: { install: 'Installieren', update: 'Aktualisieren', skip: 'Überspringen', refuse: 'Ablehnen' },
    versions: (before, after) => `${before} → ${after}`,
    package: 'Paket',
    version: 'Version',
    size: 'Größe',
    why: 'Was und warum',
    phone: 'Handy',
    bytes: 'Zu senden, und wie lange',
    aboutTime: (text) => `etwa ${text}`,
    noEstimate: 'noch keine Schätzung',
    manager: 'Verwaltet von',
    ownServer: 'PC Agent selbst, aus dem, was dieser Computer aufbewahrt',
    report: 'Wer es erfährt',
    reportTo: (server) => `${server}, jetzt oder sobald er erreichbar ist`,
    reportNone: 'kein DM-Server',
    cable: 'Wenn das Kabel abgezogen wird',
    cableText: [
      'Jetzt: sicher, noch ist nichts auf dem Handy.',
      'Beim Senden: sicher; das Paket beginnt dann von vorn.',
      'Beim Installieren: nicht sicher. Die Karte sagt es jederzeit.',
    ],
    person: 'Wer gefragt wird',
    personText: 'Der Mensch am Handy wird dort gefragt, wenn es fragen kann.',
    personVirtual: 'Das Demo-Handy fragt in diesem Fenster.',
    nothing: (name) => `Nichts zu tun: ${name} hat es schon`,
    nothingText: 'Es wurde nichts geändert, und es ist nichts zu tun.',
    allRefused: (name) => `Nichts davon kann auf ${name} installiert werden`,
    unverified: (count) =>
      plural(LANGUAGE, count, {
        one: 'Für 1 dieser Pakete bürgt niemand. Trotzdem installieren.',
        other: `Für ${count} dieser Pakete bürgt niemand. Trotzdem installieren.`,
      }),
    tickFirst: 'Kreuzen Sie das Kästchen an, oder gehen Sie zurück und lassen Sie ungeprüfte Pakete weg.',
    back: 'Neu wählen',
    again: 'Plan neu machen',
    consent: (name) => `Auf ${name} installieren`,
    starting: (name) => `Beginne auf ${name}`,
  },
};
