import type { Catalogue } from '../catalogue.ts';

export const events: Catalogue['events'] = {
  listening: (address) => `Bereit unter ${address}`,
  handset: (device, state, reason) => `Handy ${device}: ${state}${reason === undefined ? '' : ` (${reason})`}`,
  session: {
    started: (id) => `Sitzung ${id} beginnt`,
    running: (id) => `Sitzung ${id} läuft`,
    done: (id) => `Sitzung ${id} ist erledigt`,
    failed: (id) => `Sitzung ${id} ist fehlgeschlagen`,
    aborted: (id) => `Sitzung ${id} wurde abgebrochen`,
    'ended-unread': (id) => `Sitzung ${id} ist zu Ende; PC Agent konnte nicht lesen, was gesagt wurde`,
  },
  messageToDms: (size) => `Handy → Server, ${size}`,
  messageToHandset: (size) => `Server → Handy, ${size}`,
  package: (number) => `Schritt ${number} von 4`,
  phase: (phase, unplug) => `${phase} (${unplug})`,
  interruption: {
    lost: (handset) =>
      `Die Verbindung zu ${handset} ging verloren: Es wird auf das Handy gewartet, dann geht es weiter`,
    back: (handset) => `${handset} ist wieder da: Es geht weiter`,
    'given-up': (handset) => `${handset} kam nicht rechtzeitig zurück`,
  },
  continuation: {
    same: (over) => `Wieder über ${over}`,
    other: (from, over) => `${over} tritt an die Stelle von ${from}`,
    how: {
      resumed: (kept) => `Der Download geht dort weiter, wo er abbrach, ${kept} bleiben erhalten`,
      repeated: () => 'Die Sitzung geht weiter, ihre letzte Nachricht wurde noch einmal gesagt',
      'new-session': () => 'Eine neue Sitzung beginnt; was unterwegs war, wird von vorn gesendet',
    },
  },
  progress: (done, total, percent) => `${done} von ${total} gesendet (${percent} %)`,
  progressFetched: (done, total, percent) => `${done} von ${total} geholt (${percent} %)`,
  act: {
    started: (act) => `Akt „${act}“ beginnt`,
    done: (act) => `Akt „${act}“ ist erledigt`,
    failed: (act) => `Akt „${act}“ ist fehlgeschlagen`,
  },
  acts: { relay: 'Weiterleiten', cache: 'Vorrat', bootstrap: 'Konto', offline: 'ohne Netz' },
  prompt: (device, text) => `Handy ${device} fragt: ${text}`,
  promptDisplay: (device, text) => `Handy ${device} zeigt: ${text}`,
  promptDisplayEnd: (device) => `Handy ${device} hat den Text des Servers gezeigt`,
  promptEnd: {
    accept: (device) => `Am Handy ${device} wurde zugestimmt`,
    reject: (device) => `Am Handy ${device} wurde abgelehnt`,
    cancel: (device) => `Am Handy ${device} wurde abgebrochen`,
    text: (device) => `Am Handy ${device} wurde eine Antwort eingegeben`,
    chosen: (device) => `Am Handy ${device} wurde gewählt`,
    timeout: (device) => `Am Handy ${device} hat niemand geantwortet`,
    gone: (device) => `Handy ${device} fragt nicht mehr: Die Sitzung ist zu Ende`,
  },
  job: {
    line: (job, state) => `${job}: ${state}`,
    states: { queued: 'wartet auf das Handy', running: 'läuft', done: 'erledigt', failed: 'fehlgeschlagen' },
    approval: { awaited: 'wartet auf Freigabe', refused: 'Freigabe wurde verweigert' },
  },
  error: (what, code) => `${what} (${code})`,
  resultOk: 'Erledigt',
  resultFailed: (what, code) => `Fehlgeschlagen: ${what} (${code})`,
  resultWaiting: (what, code) => `Wartet: ${what} (${code})`,
  resultFailedPlain: 'Fehlgeschlagen',
};
