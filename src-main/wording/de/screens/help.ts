import type { Catalogue } from '../../catalogue.ts';
import { plural } from '../../plural.ts';

/** Words of this screen. */
export const help: Catalogue['screens']['help'] = {
  hint: 'Sie liegt ganz auf diesem Computer und geht auch offline.',
  search: 'Nach einem Fehlercode oder Wörtern suchen',
  searchHint: 'Etwa bearer/lost, Zertifikat oder 404',
  clear: 'Suche löschen',
  results: (count, text) => plural('de', count, { one: `${text} Treffer`, other: `${text} Treffer` }),
  noResults: 'Nichts passt.',
  noResultsHint: 'Versuchen Sie weniger Wörter oder nur den Teil des Codes vor dem Schrägstrich.',
  topicsTitle: 'Themen',
  codesTitle: 'Fehlercodes',
  codesHint: 'Jeder Fehler hat einen Code der Form Familie/Grund. Die Familie sagt, wo der Fehler liegt.',
  back: 'Alle Hilfe',
  codes: (count, text) => plural('de', count, { one: `${text} Code`, other: `${text} Codes` }),
  what: 'Was geschehen ist',
  family: 'Familie',
  siblings: 'Andere Codes dieser Familie',
  copyCode: 'Code kopieren',
  unknownTitle: 'Ein Code ohne eigene Seite',
  unknown: (code) => `Zu ${code} gibt es keine Seite. Das lässt sich aus seiner Familie sagen.`,
  unknownFamily: (code) => `Zu ${code} gibt es keine Seite, und auch seine Familie ist nicht bekannt.`,
  topics: {
    states: {
      title: 'Was die Zustandswörter bedeuten',
      hint: 'Bereit, Wartet auf Handy, Braucht Sie und die anderen',
      intro: 'Dieselben Wörter stehen überall für dasselbe.',
    },
    numbers: {
      title: 'Was die Nummern bedeuten',
      hint: 'Status, Meldungen und Ergebnisse von OMA DM',
      intro: 'Handys und Server antworten mit Nummern der OMA-Standards.',
      statuses: 'Status von Befehlen',
      alerts: 'Meldungen (Alerts)',
      results: 'Ergebnisse von Softwarearbeiten',
      number: 'Nummer',
      meaning: 'Bedeutung',
    },
    bearers: {
      title: 'Wege zum Handy',
      hint: 'Netzwerk, serielle Leitung, USB und Bluetooth',
      intro: 'Ein Träger ist der Weg, auf dem die Bytes zum Handy kommen.',
    },
    cables: {
      title: 'Handys am Kabel',
      hint: 'Eine Karte je Handy, Nummern der Anschlüsse, der Doktor und ein gezogenes Kabel',
      intro: 'Ein Handy, das angeschlossen wird, erscheint von selbst und wird gefragt, wer es ist.',
      told: [
        {
          term: 'Eine Karte je Handy',
          text: 'Ein Handy ist vielleicht auf mehreren Wegen zugleich erreichbar, etwa über USB und einen seriellen Anschluss. Sie stehen auf einer Karte, sobald das Handy auf jedem davon seine Nummer genannt hat.',
        },
        {
          term: 'Vielleicht dasselbe Handy',
          text: 'Zwei Karten gleichen sich, aber eines der Handys hat seine Nummer nicht genannt. Sie entscheiden: Dasselbe Handy macht eine Karte daraus, Verschiedene Handys behält beide, und es wird nicht wieder vorgeschlagen.',
        },
        {
          term: 'USB-Anschluss 1-2.3',
          text: 'Die Buchse, wie das System zählt: Bus 1, sein Anschluss 2 und Anschluss 3 des Hubs, der dort steckt. Die Nummer gehört zur Buchse, nicht zum Handy: Dasselbe Handy wird an jeder anderen erkannt.',
        },
        {
          term: 'Nicht verwendbar',
          text: 'Die Karte nennt einen Grund und was zu tun ist. Mehr sagt der Doktor: Er zeigt, was zu sehen war und was er genau schreiben oder ausführen würde, tut es, wenn Sie zustimmen, probiert das Handy wirklich aus und kann es zurücknehmen.',
        },
        {
          term: 'Das Kabel wird gezogen',
          text: 'Die Arbeit wartet auf das Handy oder geht auf einem anderen angeschlossenen Weg weiter. Ein Download geht dort weiter, wo er aufhörte; eine Sitzung wiederholt ihre letzte Nachricht, wenn das Handy die Sitzung behält; sonst beginnt eine neue Sitzung. Die Karte sagt, was geschah.',
        },
      ],
    },
    jobs: {
      title: 'Arbeit, die DM-Server haben',
      hint: 'Aufträge, Abgleichen, und worauf ein Auftrag wartet',
      intro:
        'Ein DM-Server kann ein Handy am Kabel nicht anrufen. Er hebt seine Arbeit auf, bis das Handy hier angeschlossen ist.',
      told: [
        {
          term: 'Aufträge',
          text: 'Jedes Serverprofil hat eine Liste der Aufträge, die andere diesem Server gaben: was zu tun ist, auf welchem Handy, und wie es steht. Die Liste ändert sich von selbst.',
        },
        {
          term: 'Abgleichen, Jetzt ausführen',
          text: 'PC Agent fragt den Server, welche Sitzungen er mit dem Handy will, und führt eine nach der anderen aus, bis er keine mehr will. Die Nachrichten bleiben, wie sie sind.',
        },
        {
          term: 'Wartet auf Handy',
          text: 'Schließen Sie das Handy an und wählen Sie Abgleichen auf seiner Karte oder Jetzt ausführen in der Liste.',
        },
        {
          term: 'Wartet auf Freigabe',
          text: 'Erst muss eine andere Stelle zustimmen. Bis dahin wird nichts ausgeführt.',
        },
        {
          term: 'N Aufträge warten bei …',
          text: 'Für diese Zeile auf einer Karte wird alle paar Minuten gefragt, nie bei eingeschaltetem Offline-Schalter. Auch ein Server, der seine Aufträge niemandem zeigt, lässt sich abgleichen.',
        },
      ],
    },
    faults: {
      title: 'Virtuelle Handys und ihre Störungen',
      hint: 'Ausprobieren, und was absichtlich schiefgeht',
      intro: 'Ein virtuelles Handy ist ein Handy aus Software. Mit ihm geht alles wie mit einem echten.',
      told: [
        {
          term: 'Demo-Handy',
          text: 'Starten Sie eines in den Einstellungen oder bei den Handys; in den Einstellungen lassen sich auch Art und Modell wählen.',
        },
        {
          term: 'Störungen …',
          text: 'Auf seiner Karte: was es ab jetzt falsch macht, etwa ein Kabel, das an einem Oktett gezogen wird, ein voller Speicher, jemand, der ablehnt. Manche haben einen Wert; leer ist die Vorgabe.',
        },
        {
          term: 'N Störungen gesetzt',
          text: 'Das Zeichen auf der Karte bleibt, solange eine Störung gesetzt ist. Alle löschen macht es wieder gesund.',
        },
        {
          term: 'Echte Handys',
          text: 'Auf einem echten Handy wird nie eine Störung gesetzt: Nur virtuelle kennen sie.',
        },
      ],
    },
    keyboard: {
      title: 'Tastatur',
      hint: 'Alles geht ohne Maus',
      intro: 'Jedes Bedienelement ist mit der Tastatur erreichbar und benutzbar.',
      everywhere: 'Überall',
      window: 'Im eigenen Fenster von PC Agent',
      windowHint: 'Auf dem Mac mit Cmd statt Strg. In einem Webbrowser gehören diese Tasten dem Browser.',
      key: 'Taste',
      does: 'Was sie tut',
    },
    places: {
      title: 'Wo Daten liegen',
      hint: 'Ordner von Einstellungen, Journal und Paketen',
      intro:
        'Alles liegt auf diesem Computer, lesbar nur für Ihr Benutzerkonto. Ist PC_AGENT_HOME gesetzt, liegt alles in jenem Ordner. Eine eigene Protokolldatei gibt es nicht: Das Journal hält fest, was war.',
      system: 'System',
      settings: 'Einstellungen',
      state: 'Datenbank und Journal',
      content: 'Pakete',
      now: 'Hier liegen die Pakete jetzt',
      secrets:
        'Bevor Sie etwas davon weitergeben: Rohe Nachrichten enthalten Zugangsdaten. Nehmen Sie den Export des Journals, der sie verdeckt.',
    },
  },
  states: {
    ready: 'Das Handy antwortet, und man kann mit ihm arbeiten.',
    waiting: 'PC Agent wartet auf das Handy oder auf den Menschen, der es hält.',
    working: 'Gerade wird etwas getan. Sehen Sie auf das Wort zum Kabel, bevor Sie es abziehen.',
    needsYou: 'Es geht nicht weiter, bis Sie etwas entscheiden oder tun.',
    done: 'Es endete, wie es sollte.',
    failed: 'Es endete ohne Erfolg. Der Fehler sagt, ob das Handy sicher ist.',
    skipped: 'Es war nicht nötig, etwa bei einem Paket, das das Handy schon hat.',
    away: 'Das Handy war schon einmal da und ist jetzt nicht angeschlossen.',
    unusable: 'Es ist angeschlossen und nicht zu gebrauchen; der Grund steht daneben.',
    refused: 'Der Mensch am Handy hat Nein gesagt.',
    postponed: 'Der Mensch am Handy hat es verschoben.',
    cancelled: 'Ein Mensch hat es abgebrochen.',
    expired: 'Es begann nicht in seiner Zeit.',
    queued: 'Es wartet, bis es an der Reihe ist.',
    verified: 'Die Bytes des Pakets sind die, die eine vertrauenswürdige Quelle genannt hat.',
    unverified: 'Niemand bürgt für das Paket. Es wird nicht installiert, wenn Sie es nicht erlauben.',
    quarantined: 'Das Paket wurde beschädigt gefunden und ist aus dem Verkehr.',
  },
  unplug: {
    safe: 'Das Kabel lässt sich ohne Schaden für das Handy abziehen.',
    unsafe: 'Lassen Sie das Kabel stecken: Das Handy arbeitet.',
  },
  bearers: {
    tcp: {
      text: 'Ein Handy, das OBEX über eine Netzwerkverbindung spricht, etwa ein virtuelles. Seine Adresse ist tcp:HOST:PORT.',
      hint: 'Braucht keine Rechte. Der Offline-Schalter lässt es in Ruhe.',
    },
    serial: {
      text: 'Ein Handy an einer seriellen Leitung oder an einem USB-Kabel, das sich so zeigt. Seine Adresse ist serial:PFAD, wenn nötig mit @TEMPO.',
      hint: 'Erscheint von selbst. Unter Linux braucht Ihr Konto das Recht, den Anschluss zu öffnen; der Doktor zeigt es.',
    },
    usb: {
      text: 'Ein Handy an einem USB-Kabel, das eine OBEX-Schnittstelle anbietet. Seine Adresse ist usb:HERSTELLER:PRODUKT, wenn nötig mit :SERIENNUMMER oder @ANSCHLUSS.',
      hint: 'Erscheint von selbst. Darf es nicht geöffnet werden, zeigt der Doktor, warum, und kann das Recht geben.',
    },
    bluetooth: {
      text: 'Ein Handy in der Nähe, das mit diesem Computer gekoppelt ist. Seine Adresse ist bluetooth:ADRESSE, bei Bedarf mit @KANAL.',
      hint: 'Finden und koppeln Sie es unter Bluetooth bei den Handys. Der Doktor zeigt, ob dieser Computer das kann.',
    },
    http: {
      text: 'Ein Handy mit eigenem Netzwerk, das sich an PC Agent wie an einen DM-Server wendet.',
      hint: 'Es ruft an und ist nicht anrufbar: Schalten Sie unter Eingänge die Netzwerkverbindung ein, und lassen Sie es einmal zu.',
    },
  },
  keys: {
    tab: { keys: ['Tab'], text: 'Zum nächsten Bedienelement' },
    back: { keys: ['Umschalt', 'Tab'], text: 'Zum Bedienelement davor' },
    enter: { keys: ['Eingabe'], text: 'Einem Link folgen oder einen Knopf drücken' },
    space: { keys: ['Leertaste'], text: 'Einen Knopf drücken, einen Schalter oder Haken setzen oder lösen' },
    arrows: { keys: ['↑ / ↓'], text: 'Etwas anderes aus einer Auswahl nehmen' },
    escape: { keys: ['Esc'], text: 'Einen Dialog schließen, ohne etwas zu tun' },
  },
  windowKeys: {
    go: {
      keys: ['Strg', '1 – 8'],
      text: 'Zu Handys, Pakete, Journal, Serverprofile, Eingänge, Netzwerkbuch, Vorführung, Doktor',
    },
    settings: { keys: ['Strg', ','], text: 'Zu den Einstellungen' },
    help: { keys: ['F1'], text: 'Zur Hilfe' },
    zoom: { keys: ['Strg', '+ / −'], text: 'Größer oder kleiner; Strg und 0 für die gewohnte Größe' },
  },
};
