import type { Catalogue } from '../../catalogue.ts';
import { plural } from '../../plural.ts';

const LANGUAGE = 'de';

/** Words of the questions that virtual handsets ask. */
export const prompts: Catalogue['screens']['prompts'] = {
  title: (name) => `${name} fragt`,
  screen:
    'Dieses Fenster ist der Bildschirm des Demo-Handys. Die Frage kommt vom Handy; kein echtes Handy wird berührt.',
  until: (text) => `Das Handy wartet noch ${text}.`,
  over: 'Das Handy wartet nicht mehr.',
  waits: 'Das Handy wartet, bis Sie antworten.',
  more: (count) =>
    plural(LANGUAGE, count, { one: '1 weitere Frage wartet.', other: `${count} weitere Fragen warten.` }),
  accept: 'Zustimmen',
  reject: 'Ablehnen',
  later: 'Später antworten',
  laterHint: '„Später antworten“ bricht diese Arbeit ohne Schaden ab; sie kann wieder angeordnet werden.',
  shows: (name) => `${name} zeigt einen Text`,
  shownFor: (text) => `Das Handy zeigt das noch ${text}.`,
  shownOut: 'Das Handy zeigt das nicht mehr.',
  ok: 'OK',
  send: 'Senden',
  answer: 'Ihre Antwort',
  hidden: 'Ein Geheimnis: Es geht an den Server und wird nirgends gezeigt.',
  most: (count) => plural(LANGUAGE, count, { one: 'Höchstens 1 Zeichen.', other: `Höchstens ${count} Zeichen.` }),
  forms: {
    alphanumeric: '',
    numeric: 'Eine Zahl, etwa -12.5, mit Punkt.',
    date: 'Ein Datum als Tag, Monat und Jahr ohne Leerzeichen: 31122026.',
    time: 'Eine Zeit als Stunden, Minuten und Sekunden ohne Leerzeichen: 235959.',
    phone: 'Eine Telefonnummer: Ziffern, + am Anfang; p, w und s für Pausen.',
    ip: 'Vier Zahlen mit Punkten dazwischen: 192.0.2.1.',
  },
  one: 'Wählen Sie eines',
  many: 'Wählen Sie, was zutrifft, oder nichts',
  suggested: 'Vom Server vorgeschlagen',
  faults: {
    kind: 'Das Handy will eine andere Art von Antwort.',
    long: 'Das ist länger, als der Server annimmt.',
    characters: {
      alphanumeric: 'Darin sind Zeichen, die nicht gesendet werden können.',
      numeric: 'Das ist keine Zahl.',
      date: 'Das ist kein Datum der Form 31122026.',
      time: 'Das ist keine Zeit der Form 235959.',
      phone: 'Das ist keine Telefonnummer.',
      ip: 'Das ist keine Adresse der Form 192.0.2.1.',
    },
    number: 'Das kann nicht gewählt werden.',
    count: 'Wählen Sie eines davon.',
  },
};
