import type { Catalogue } from '../catalogue.ts';

export const steps: Catalogue['steps'] = {
  call: 'Server ruft das Handy',
  'sign-in': 'Handy und Server weisen sich aus',
  identify: 'Server fragt, welches Handy es ist',
  inventory: 'Server fragt nach dem Bestand',
  read: 'Server liest den Baum des Handys',
  deliver: 'Server sendet das Paket',
  download: 'Handy holt das Paket',
  install: 'Handy installiert das Paket',
  activate: 'Handy aktiviert eine Komponente',
  deactivate: 'Handy deaktiviert eine Komponente',
  remove: 'Handy entfernt Software',
  change: 'Server ändert Einstellungen',
  'ask-person': 'Server fragt die Person am Handy',
  report: 'Handy meldet das Ergebnis',
  abort: 'Sitzung wird abgebrochen',
};
