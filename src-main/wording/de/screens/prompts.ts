import type { Catalogue } from '../../catalogue.ts';
import { plural } from '../../plural.ts';

const LANGUAGE = 'de';

/** Words of the questions that virtual handsets ask, and of those that come while a phone is paired. */
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
  pairing: {
    title: (name) => `Mit ${name} koppeln`,
    confirm: {
      text: 'Zeigt das Handy dieselbe Zahl?',
      hint: 'Zeigt es eine andere Zahl oder keine, ist vielleicht jemand dazwischen: Sagen Sie, dass sie abweicht.',
      yes: 'Sie ist dieselbe',
      no: 'Sie weicht ab',
    },
    allow: {
      text: 'Darf dieses Handy gekoppelt werden?',
      hint: 'Erlauben Sie es nur, wenn Sie oder wer das Handy hält, gerade darum gebeten haben.',
      yes: 'Erlauben',
      no: 'Ablehnen',
    },
    'enter-pin': {
      text: 'Wählen Sie eine PIN',
      hint: 'Geben Sie danach am Handy dieselbe PIN ein. Eine längere ist sicherer.',
      label: 'PIN, 1 bis 16 Zeichen',
      fault: 'Eine PIN hat 1 bis 16 Zeichen.',
    },
    'enter-passkey': {
      text: 'Geben Sie die Zahl ein, die das Handy zeigt',
      hint: 'Zeigt das Handy keine Zahl, brechen Sie die Kopplung ab und beginnen Sie neu.',
      label: 'Zahl am Handy, bis zu sechs Ziffern',
      fault: 'Geben Sie bis zu sechs Ziffern ein.',
    },
    show: {
      text: 'Geben Sie das am Handy ein',
      hint: 'Dieses Fenster schließt sich von selbst, sobald das Handy es hat.',
    },
    left: (text) => `Noch ${text}`,
    over: 'Die Zeit ist um.',
    send: 'Koppeln',
    cancel: 'Kopplung abbrechen',
  },
};
