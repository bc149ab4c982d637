import type { Catalogue } from '../../catalogue.ts';
import { plural } from '../../plural.ts';

/** Words of the dialogs of virtual handsets. */
export const virtual: Catalogue['screens']['virtual'] = {
  faults: {
    title: (name) => `Störungen von ${name}`,
    intro:
      'Was hier eingeschaltet ist, macht das virtuelle Handy ab jetzt falsch. Kein echtes Handy ist beteiligt; sind die Störungen gelöscht, ist es wieder gesund.',
    search: 'Störungen suchen',
    searchHint: 'Etwa cable, reboot oder nonce',
    list: 'Störungen',
    count: (count, text) => plural('de', count, { one: `${text} Störung`, other: `${text} Störungen` }),
    noMatch: 'Keine Störung passt.',
    none: 'Dieses virtuelle Handy kennt keine Störungen.',
    value: 'Wert',
    valueOf: (fault) => `Wert von ${fault}`,
    valueHint: (what) => `${what}; leer: seine Vorgabe`,
    set: (count, text) => plural('de', count, { one: `${text} eingeschaltet`, other: `${text} eingeschaltet` }),
    apply: 'Anwenden',
    clear: 'Alle löschen',
    applied: (name, count, text) =>
      plural('de', count, {
        one: `${name} macht ab jetzt ${text} Sache falsch.`,
        other: `${name} macht ab jetzt ${text} Sachen falsch.`,
      }),
    cleared: (name) => `${name} macht nichts mehr falsch.`,
  },
  start: {
    title: 'Ein Demo-Handy nach Wahl starten',
    intro: 'Jede Art verhält sich wie Handys, die es gibt. Es ist ein virtuelles und endet mit PC Agent.',
    kind: 'Art des Handys',
    standard: 'Wie der Standard es sagt',
    model: 'Modell',
    modelHint: 'Was es zu sein angibt; leer: Virtual Handset',
    start: 'Demo-Handy starten',
    noKinds: 'Nur die gewöhnliche Art kann gestartet werden.',
  },
};
