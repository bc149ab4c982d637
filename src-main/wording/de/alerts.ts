import type { Catalogue } from '../catalogue.ts';

export const alerts: Catalogue['alerts'] = {
  byCode: {
    1100: 'zeigt einen Text auf dem Handy',
    1101: 'bittet die Person am Handy um Bestätigung',
    1102: 'bittet die Person am Handy um einen Text',
    1103: 'bittet die Person am Handy um eine Auswahl',
    1104: 'bittet die Person am Handy um mehrere Auswahlen',
    1200: 'Sitzung auf Wunsch des Servers',
    1201: 'Sitzung auf Wunsch des Handys',
    1222: 'nächste Nachricht, bitte',
    1223: 'Sitzung abgebrochen',
    1224: 'ein Ereignis auf dem Handy',
    1225: 'das Ende eines großen Objekts fehlt',
    1226: 'Bericht',
  },
  unknown: (code) => `Alert ${code}`,
};
