import type { Catalogue } from '../catalogue.ts';

const who = (way: 'to-dms' | 'to-handset') => (way === 'to-dms' ? 'Handy' : 'Server');

export const commands: Catalogue['commands'] = {
  nodes: {
    identity: 'seiner Identität',
    details: 'seinen Einzelheiten',
    deployed: 'der installierten Software',
    delivered: 'den vorhandenen Paketen',
    inventory: 'dem Bestand',
    packageContent: (name) => `Inhalt von Paket „${name}“`,
    packageEntry: (name) => `Paket „${name}“`,
    component: (name) => `Komponente „${name}“`,
    job: (name) => `Download „${name}“`,
    account: 'Verwaltungskonto',
    several: (node, more) => `${node} und ${more} weiteren`,
  },
  operations: {
    Install: (node) => `Server ordnet an: installieren, ${node}`,
    InstallInactive: (node) => `Server ordnet an: installieren ohne zu aktivieren, ${node}`,
    Remove: (node) => `Server ordnet an: entfernen, ${node}`,
    Activate: (node) => `Server ordnet an: aktivieren, ${node}`,
    Deactivate: (node) => `Server ordnet an: deaktivieren, ${node}`,
    Download: (node) => `Server ordnet an: holen, ${node}`,
    DownloadInstall: (node) => `Server ordnet an: holen und installieren, ${node}`,
    DownloadInstallInactive: (node) => `Server ordnet an: holen und installieren ohne zu aktivieren, ${node}`,
    Update: (node) => `Server ordnet an: Firmware aktualisieren, ${node}`,
    DownloadAndUpdate: (node) => `Server ordnet an: Firmware holen und aktualisieren, ${node}`,
  },
  get: (node) => `Server fragt nach ${node}`,
  identity: 'Handy sagt, wer es ist',
  add: (node) => `Server legt an: ${node}`,
  chunkFirst: (node, size) => `Server beginnt zu senden: ${node}, ${size}`,
  chunk: (node, size) => `Server sendet weitere ${size}: ${node}`,
  chunkLast: (node, size) => `Server sendet: ${node}, ${size}`,
  replace: (node, way) => `${who(way)} setzt: ${node}`,
  delete: (node) => `Server löscht: ${node}`,
  copy: (node) => `Server kopiert: ${node}`,
  exec: (node) => `Server startet: ${node}`,
  results: (node, size) => `Handy antwortet mit ${node}, ${size}`,
  resultsText: (node, text) => `Handy antwortet auf die Frage nach ${node}: „${text}“`,
  status: (answered, text, way) => `${who(way)} zu ${answered}: ${text}`,
  statusHeader: (text, way) => `${who(way)} zur Nachricht: ${text}`,
  challenge: (way) => `${who(way)} verlangt einen Ausweis der Gegenseite`,
  allAccepted: (count, way) =>
    count === 1 ? `${who(way)} hat 1 Befehl angenommen` : `${who(way)} hat ${count} Befehle angenommen`,
  alert: (text, way) => `${who(way)}: ${text}`,
  alertResult: (text) => `Handy meldet: ${text}`,
  group: (count, atomic) =>
    atomic
      ? `Server ordnet ${count} Befehle an, alle oder keinen`
      : `Server ordnet ${count} Befehle in dieser Folge an`,
  unknown: (name, way) => `${who(way)} sendet einen unbekannten Befehl „${name}“`,
  call: 'Server ruft das Handy zu einer Sitzung',
  signIn: 'Handy eröffnet die Sitzung',
  empty: (way) => `${who(way)} hat nichts mehr zu sagen`,
  unreadable: 'Eine Nachricht, die PC Agent nicht lesen kann; sie wird unverändert weitergegeben',
};
