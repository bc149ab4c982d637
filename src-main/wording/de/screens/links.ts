import type { Catalogue } from '../../catalogue.ts';

/** What a card says of the ways to a handset: things nobody knows yet, cards that are alike, links that were lost. */
export const links: Catalogue['screens']['links'] = {
  like: {
    maybe: (other) => `Vielleicht dasselbe Handy wie ${other}`,
    why: {
      'serial-number': 'Die Seriennummer stimmt überein.',
      'model-and-place': 'Modell und Anschluss stimmen überein.',
      model: 'Das Modell stimmt überein.',
    },
    same: 'Dasselbe Handy',
    sameAs: (other) => `Dasselbe Handy wie ${other}`,
    different: 'Verschiedene Handys',
    differentFrom: (other) => `Verschiedene Handys: nicht ${other}`,
    isDifferent: (other) => `${other} ist ein anderes Handy. Es wird nicht wieder vorgeschlagen.`,
    join: {
      title: 'Aus diesen beiden Karten eine machen?',
      text: 'Die Wege, der Name und die Geschichte beider kommen auf eine Karte. Sie lassen sich nicht wieder trennen.',
      both: 'Die beiden Karten',
      consent: 'Sie sind ein Handy',
      done: (name) => `Es ist jetzt eine Karte: ${name}`,
    },
  },
  continued: {
    lost: {
      usb: 'USB-Kabel verloren',
      serial: 'Serielles Kabel verloren',
      tcp: 'Netzwerkverbindung verloren',
      http: 'Netzwerkverbindung verloren',
      bluetooth: 'Bluetooth verloren',
      other: 'Verbindung verloren',
    },
    over: {
      usb: 'ging über USB weiter',
      serial: 'ging seriell weiter',
      tcp: 'ging über das Netzwerk weiter',
      http: 'ging über die Netzwerkverbindung weiter',
      bluetooth: 'ging über Bluetooth weiter',
      other: 'ging weiter',
    },
    back: 'ging nach dem Wiederanschließen weiter',
    resumed: (size) => `Download ab ${size} fortgesetzt`,
    repeated: 'letzte Nachricht wiederholt',
    'new-session': 'neue Sitzung begonnen',
    line: (lost, on, how) => `${lost} – ${on}, ${how}`,
    title: 'Wie es weiterging',
    more: (text) => `Insgesamt ${text} Verluste der Verbindung`,
  },
  way: {
    better: (over, than) => `Über ${over}: schneller und beständiger als ${than}.`,
    away: (over, other) => `Über ${over}, denn ${other} ist nicht da.`,
    unusable: (over, other) => `Über ${over}, denn ${other} lässt sich nicht verwenden.`,
    untilOver: (over, then) => `Über ${over}, bis diese Sitzung zu Ende ist, dann über ${then}.`,
    megabyte: (time) => `1 MB dauert ${time}`,
    there: (other, time) => `, über ${other} ${time}`,
    left: (time) => `Noch etwa ${time} bei der Geschwindigkeit, die dieser Weg bisher hatte.`,
    unmeasured: 'Wie schnell er ist, zeigt sich mit dem ersten Paket.',
  },
  offer: {
    over: {
      usb: 'Oder schließen Sie sein USB-Kabel an: Die Arbeit geht darüber von selbst weiter.',
      serial: 'Oder schließen Sie sein serielles Kabel an: Die Arbeit geht darüber von selbst weiter.',
      bluetooth:
        'Oder schalten Sie am Handy Bluetooth ein und lassen Sie es in der Nähe: Die Arbeit geht über Bluetooth von selbst weiter.',
      tcp: 'Oder verbinden Sie es wieder mit dem Netz: Die Arbeit geht darüber von selbst weiter.',
      http: 'Oder verbinden Sie es wieder mit dem Netz: Die Arbeit geht darüber von selbst weiter.',
    },
    takes: (size, time) => `${size} dauern dort etwa ${time}`,
    instead: (lost, time) => `, über ${lost} etwa ${time}`,
    unmeasured: 'Wie lange es dort dauert, ist noch nicht bekannt.',
  },
  say: {
    attached: (name) => `${name} ist angeschlossen.`,
    ready: (name) => `${name} ist bereit.`,
    gone: (name) => `${name} ist nicht mehr angeschlossen.`,
    unusable: (name, why) => `${name} lässt sich nicht verwenden. ${why}`,
    several: (came, went) => `${came} angeschlossen, ${went} nicht mehr angeschlossen.`,
  },
};
