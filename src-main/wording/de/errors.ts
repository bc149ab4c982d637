import type { Catalogue } from '../catalogue.ts';

const SAFE = 'Das Handy ist sicher; nichts darauf wurde geändert.';
const KEPT = 'Das Handy ist sicher; was vorher fertig war, bleibt.';
const HALF =
  'Das Handy darf getrennt werden, aber der letzte Schritt ist vielleicht nicht fertig. Der Bestand gibt Gewissheit.';
const NONE = 'Kein Handy ist betroffen.';

const AGAIN = 'Starten Sie die Sitzung neu.';
const CABLE = 'Prüfen Sie Kabel oder Bluetooth, dann starten Sie die Sitzung neu.';
const SUPPORT_HANDSET = 'Behalten Sie die Nachricht mit ihren Bytes für den Hersteller des Handys.';
const SUPPORT_SENDER = 'Behalten Sie die Nachricht mit ihren Bytes für den Betreiber des Absenders.';
const ADMIN = 'Fragen Sie die Verwaltung des DM-Servers.';
const CHECK_CREDENTIALS = 'Prüfen Sie Benutzer, Passwort und Servername auf beiden Seiten.';
const CHECK_NET = 'Prüfen Sie Netz und Adresse und versuchen Sie es noch einmal.';
const CHECK_SOURCE = 'Prüfen Sie die Adresse; stimmt sie, fragen Sie den Betreiber dieses Servers.';
const CHECK_DESCRIPTOR = 'Fragen Sie, wer die Beschreibung gemacht hat, oder wählen Sie eine andere Quelle.';
const REPLACE = 'Entfernen Sie es und holen Sie es noch einmal von einer Quelle, der Sie trauen.';
const OPEN_NEW = 'Drücken Sie Enter im Terminal von PC Agent und öffnen Sie die neue Adresse.';

const DEMO = 'Starten Sie die Vorführung neu.';
const REQUEST = 'Berichtigen Sie die Anfrage; /api/v1/openapi.json beschreibt, was es gibt.';

const say = (what: string, phoneSafe: string, next: string) => ({ what, phoneSafe, next });

export const errors: Catalogue['errors'] = {
  byCode: {
    'air/blocked': say(
      'Der Bluetooth-Funk dieses Computers ist ausgeschaltet.',
      SAFE,
      'Schalten Sie ihn mit seiner Taste oder in den Einstellungen des Systems ein, oder mit rfkill unblock bluetooth.',
    ),
    'air/busy': say(
      'Der Bluetooth-Adapter ist mit etwas anderem beschäftigt.',
      SAFE,
      'Warten Sie, bis das vorbei ist, und versuchen Sie es noch einmal.',
    ),
    'air/failed': say(
      'Der Bluetooth-Dienst konnte das nicht tun.',
      SAFE,
      'Versuchen Sie es noch einmal; sonst schalten Sie Bluetooth in den Einstellungen des Systems aus und ein.',
    ),
    'air/no-adapter': say(
      'Dieser Computer hat keinen Bluetooth-Adapter.',
      SAFE,
      'Stecken Sie einen an, oder nehmen Sie ein Kabel.',
    ),
    'air/no-service': say(
      'Der Bluetooth-Dienst dieses Computers läuft nicht.',
      SAFE,
      'Installieren Sie BlueZ, wenn es fehlt, und starten Sie es mit systemctl start bluetooth.',
    ),
    'air/no-sockets': say(
      'Der Kernel dieses Systems kann nicht über Bluetooth sprechen.',
      SAFE,
      'Stecken Sie einen Bluetooth-Adapter an, wenn keiner da ist; sonst nehmen Sie einen Kernel mit Bluetooth (Modul rfcomm) oder ein Kabel.',
    ),
    'air/not-powered': say(
      'Der Bluetooth-Adapter dieses Computers ist ausgeschaltet.',
      SAFE,
      'Schalten Sie Bluetooth in den Einstellungen des Systems ein, oder mit bluetoothctl power on.',
    ),
    'air/not-supported': say(
      'Auf diesem System sucht und koppelt PC Agent Handys nicht selbst.',
      SAFE,
      'Koppeln Sie das Handy in den Einstellungen des Systems; nennen Sie dann seine Adresse oder seinen Anschluss.',
    ),
    'air/pairing-cancelled': say('Die Kopplung wurde abgebrochen.', SAFE, 'Beginnen Sie noch einmal.'),
    'air/pairing-failed': say(
      'Handy und Computer konnten nicht gekoppelt werden.',
      SAFE,
      'Geben Sie an beiden dieselben Ziffern ein; löschen Sie eine alte Kopplung am Handy und versuchen Sie es wieder.',
    ),
    'air/pairing-refused': say(
      'Die Kopplung wurde abgelehnt.',
      SAFE,
      'Beginnen Sie noch einmal und stimmen Sie auf beiden Seiten zu.',
    ),
    'air/pairing-timeout': say(
      'Beim Koppeln des Handys hat niemand geantwortet.',
      SAFE,
      'Beginnen Sie noch einmal, mit dem Handy in der Hand.',
    ),
    'air/permission-denied': say(
      'Sie dürfen Bluetooth auf diesem Computer nicht benutzen.',
      SAFE,
      'Melden Sie sich am Computer selbst an, oder lassen Sie sich in die Gruppe bluetooth aufnehmen.',
    ),
    'air/phone-unknown': say(
      'Ein solches Handy ist nicht in der Nähe.',
      SAFE,
      'Machen Sie es in seinen Bluetooth-Einstellungen sichtbar und suchen Sie noch einmal.',
    ),
    'air/phone-unreachable': say(
      'Das Handy war über Bluetooth nicht zu erreichen.',
      SAFE,
      'Bringen Sie es in die Nähe, schalten Sie sein Bluetooth ein und versuchen Sie es noch einmal.',
    ),
    'air/record-refused': say(
      'Der Bluetooth-Dienst macht unseren Dienst nicht bekannt.',
      SAFE,
      'Handys, die ihn suchen, finden ihn nicht; wer seinen Kanal kennt, erreicht ihn.',
    ),

    'bearer/address-invalid': say(
      'Das ist keine Adresse eines Handys.',
      NONE,
      'Schreiben Sie tcp:HOST:PORT, serial:PFAD, usb:VID:PID oder bluetooth:ADRESSE.',
    ),
    'bearer/ambiguous': say(
      'Mehrere Handys passen zu dieser Adresse.',
      NONE,
      'Hängen Sie den Anschluss an die Adresse an, etwa usb:0421:0123@1-2; die Anschlüsse stehen unten.',
    ),
    'bearer/busy': say(
      'Ein anderes Programm benutzt die Verbindung zum Handy.',
      SAFE,
      'Schließen Sie dieses Programm und versuchen Sie es noch einmal.',
    ),
    'bearer/child-lost': say(
      'Der Teil von PC Agent, der Kabel öffnet, ist stehen geblieben.',
      HALF,
      'Er startet von selbst wieder; bleibt er öfter stehen, starten Sie PC Agent neu.',
    ),
    'bearer/descriptor-invalid': say(
      'Das Handy beschreibt seine USB-Funktionen so, dass sie nicht zu lesen sind.',
      SAFE,
      'Stecken Sie es aus und wieder ein; hilft das nicht, versuchen Sie Bluetooth oder seinen seriellen Anschluss.',
    ),
    'bearer/driver-missing': say(
      'Diesem Computer fehlt der Treiber für das Handy.',
      SAFE,
      'Der Doktor (pc-agent doctor) nennt den Treiber und kann ihn laden, oder er sagt, wie er installiert wird.',
    ),
    'bearer/lost': say('Die Verbindung zum Handy ist abgerissen.', HALF, CABLE),
    'bearer/modem-manager': say(
      'Der Modemdienst dieses Computers probiert das Handy gerade aus.',
      SAFE,
      'Warten Sie eine Viertelminute; der Doktor (pc-agent doctor) kann dafür sorgen, dass er das Handy in Ruhe lässt.',
    ),
    'bearer/module-missing': say(
      'PC Agent kann seinen Teil für diese Art von Verbindung nicht laden.',
      SAFE,
      'Installieren Sie PC Agent neu; andere Arten von Verbindung arbeiten wie zuvor.',
    ),
    'bearer/no-look-up': say(
      'Dieser Computer kann die Dienste von Handys über Bluetooth nicht nachschlagen.',
      NONE,
      'Hängen Sie den Kanal an die Adresse an, etwa bluetooth:00:1A:89:10:20:30@13.',
    ),
    'bearer/no-obex': say(
      'Das Handy bietet an diesem Anschluss kein OBEX an.',
      SAFE,
      'Nehmen Sie einen anderen Anschluss des Handys oder stellen Sie es auf Datenverbindung.',
    ),
    'bearer/no-service': say(
      'Das Handy bietet über Bluetooth keine Geräteverwaltung an.',
      SAFE,
      'Schalten Sie sie in den Verbindungseinstellungen des Handys ein oder nehmen Sie ein Kabel.',
    ),
    'bearer/not-a-tty': say(
      'Das ist kein serieller Anschluss.',
      NONE,
      'Nennen Sie einen seriellen Anschluss, etwa serial:/dev/ttyACM0.',
    ),
    'bearer/permission-denied': say(
      'Sie dürfen diesen Anschluss nicht öffnen.',
      SAFE,
      'Der Doktor (pc-agent doctor) zeigt, welches Recht fehlt, und kann es Ihnen geben.',
    ),
    'bearer/not-built': say(
      'Diese Art von Verbindung ist nicht in dieser Version.',
      NONE,
      'Verwenden Sie eine Adresse mit tcp:, serial:, usb: oder bluetooth:.',
    ),
    'bearer/not-paired': say(
      'Das Handy und dieser Computer sind nicht gekoppelt.',
      SAFE,
      'Koppeln Sie sie in PC Agent (pc-agent bluetooth pair ADRESSE); waren sie es schon, muss zuerst jedes das andere vergessen.',
    ),
    'bearer/records-invalid': say(
      'Das Handy beschreibt seine Bluetooth-Dienste so, dass sie nicht zu lesen sind.',
      SAFE,
      'Schalten Sie sein Bluetooth aus und wieder ein; sonst hängen Sie den Kanal an die Adresse an oder nehmen ein Kabel.',
    ),
    'bearer/timeout': say('Das Handy hat nicht rechtzeitig geantwortet.', KEPT, CABLE),
    'bearer/unavailable': say(
      'Das Handy ist nicht erreichbar.',
      SAFE,
      'Prüfen Sie, ob es an und angeschlossen ist, und versuchen Sie es noch einmal.',
    ),
    'bearer/unusable': say(
      'Das Handy ist angeschlossen, aber dieser Computer kann es nicht öffnen.',
      SAFE,
      'Stecken Sie es ab und wieder an; der Doktor (pc-agent doctor) zeigt, was das System sagt.',
    ),

    'doctor/consent-needed': say(
      'Ohne Zustimmung ändert der Doktor nichts.',
      NONE,
      'Lesen Sie, was er täte, und geben Sie den Befehl noch einmal mit --yes.',
    ),
    'doctor/declined': say(
      'Die Rechte eines Administrators wurden nicht gegeben.',
      SAFE,
      'Wenden Sie das Mittel noch einmal an, wenn Sie es wollen.',
    ),
    'doctor/failed': say(
      'Das Mittel ließ sich nicht anwenden.',
      SAFE,
      'Lesen Sie, was das System sagt; die gezeigten Befehle gehen auch von Hand.',
    ),
    'doctor/no-agent': say(
      'Niemand konnte nach dem Passwort eines Administrators gefragt werden.',
      SAFE,
      'Geben Sie die gezeigten Befehle als Administrator ein oder rufen Sie pc-agent doctor als Administrator auf.',
    ),
    'doctor/no-usb': say(
      'Dieser Computer zeigt kein USB.',
      NONE,
      'Reichen Sie USB in den Container oder die virtuelle Maschine durch; sonst suchen Sie es in der Firmware.',
    ),
    'doctor/not-here': say(
      'Auf diesem System kann der Doktor das nicht.',
      NONE,
      'Geben Sie die gezeigten Befehle ein.',
    ),
    'doctor/nothing-to-undo': say(
      'Davon hat der Doktor nichts zurückzunehmen.',
      NONE,
      'Lassen Sie den Doktor noch einmal nachsehen (pc-agent doctor): Er nennt, was er angewendet hat.',
    ),
    'doctor/remedy-changed': say(
      'Das Mittel tut nicht mehr, was gezeigt wurde: Etwas anderes ist angeschlossen, oder der Computer hat sich geändert.',
      NONE,
      'Sehen Sie noch einmal nach, und wenden Sie es an, wie es dann gezeigt wird.',
    ),
    'doctor/remedy-manual': say('Dieses Mittel ist für einen Menschen.', NONE, 'Tun Sie, was dabei steht.'),
    'doctor/remedy-unknown': say(
      'Nichts, was jetzt gefunden wird, hat dieses Mittel.',
      NONE,
      'Lassen Sie den Doktor noch einmal nachsehen (pc-agent doctor): Er nennt die Mittel von jetzt.',
    ),
    'doctor/rules-absent': say(
      'Diesem Programm fehlen seine udev-Regeln.',
      NONE,
      'Installieren Sie PC Agent noch einmal.',
    ),
    'doctor/rules-differ': say(
      'Die installierten udev-Regeln sind nicht die dieser Version.',
      NONE,
      'Wenden Sie das Mittel an: Es setzt die Regeln dieser Version ein und bewahrt die alten auf.',
    ),
    'doctor/rules-missing': say(
      'Die udev-Regeln, mit denen Sie Handys öffnen dürfen, sind nicht installiert.',
      NONE,
      'Wenden Sie das Mittel an: Es installiert sie.',
    ),
    'doctor/rules-overridden': say(
      'Eine andere udev-Regel nimmt das Recht zurück, Handys zu öffnen.',
      NONE,
      'Bitten Sie den Administrator, diese Regel zu ändern; Datei und Zeile stehen dabei.',
    ),
    'doctor/still-trouble': say(
      'Das Mittel ist angewendet, aber die Störung ist noch da.',
      SAFE,
      'Sehen Sie den Befund noch einmal an: Vielleicht folgt ein anderes Mittel, etwa eine neue Anmeldung.',
    ),
    'doctor/trouble': say('Der Doktor hat eine Störung gefunden.', SAFE, 'Wenden Sie die gezeigten Mittel an.'),

    'obex/aborted': say('Die Übertragung wurde abgebrochen.', KEPT, AGAIN),
    'obex/connection-id-missing': say('Das Handy hat keine Verbindungsnummer genannt.', SAFE, SUPPORT_HANDSET),
    'obex/disconnected': say('Das Handy hat die OBEX-Verbindung beendet.', KEPT, AGAIN),
    'obex/header-length': say('Ein Kopf eines Pakets hat eine falsche Länge.', KEPT, SUPPORT_HANDSET),
    'obex/header-too-long': say('Ein Kopf eines Pakets ist zu lang.', KEPT, SUPPORT_HANDSET),
    'obex/header-truncated': say('Ein Kopf eines Pakets endete zu früh.', KEPT, SUPPORT_HANDSET),
    'obex/object-too-long': say('Die Nachricht ist länger, als PC Agent annimmt.', KEPT, SUPPORT_SENDER),
    'obex/out-of-step': say('Das Handy hat auf etwas geantwortet, das nicht gefragt war.', KEPT, AGAIN),
    'obex/packet-length': say('Ein Paket hat eine falsche Länge.', KEPT, SUPPORT_HANDSET),
    'obex/packet-too-long': say('Ein Paket ist länger als vereinbart.', KEPT, SUPPORT_HANDSET),
    'obex/packet-truncated': say('Ein Paket des Handys endete zu früh.', HALF, CABLE),
    'obex/response': say(
      'Das Handy hat die Übertragung abgelehnt.',
      KEPT,
      'Schlagen Sie die Nummer der Antwort nach und versuchen Sie es noch einmal.',
    ),
    'obex/timeout': say('Das Handy hat nicht rechtzeitig geantwortet.', KEPT, CABLE),
    'obex/who-mismatch': say(
      'Etwas anderes als die Geräteverwaltung hat geantwortet.',
      SAFE,
      'Schalten Sie die Geräteverwaltung am Handy ein.',
    ),

    'wbxml/bad-entity': say('Eine Nachricht hat ein Zeichen, das es nicht gibt.', KEPT, SUPPORT_SENDER),
    'wbxml/bad-version': say('Eine Nachricht hat eine unbekannte WBXML-Version.', KEPT, SUPPORT_SENDER),
    'wbxml/integer-too-long': say('Eine Zahl in einer Nachricht endet nicht.', KEPT, SUPPORT_SENDER),
    'wbxml/string-table': say('Eine Nachricht zeigt neben ihre Texttabelle.', KEPT, SUPPORT_SENDER),
    'wbxml/too-deep': say('Eine Nachricht ist zu tief geschachtelt.', KEPT, SUPPORT_SENDER),
    'wbxml/too-large': say('Eine Nachricht ist zu groß.', KEPT, SUPPORT_SENDER),
    'wbxml/trailing': say('Nach dem Ende einer Nachricht steht noch etwas.', KEPT, SUPPORT_SENDER),
    'wbxml/truncated': say('Eine Nachricht endete zu früh.', KEPT, SUPPORT_SENDER),
    'wbxml/unexpected-token': say('Eine Nachricht hat ein Zeichen an falscher Stelle.', KEPT, SUPPORT_SENDER),
    'wbxml/unknown-tag': say(
      'Eine Nachricht lässt sich nicht als WBXML schreiben: Ein Name fehlt in den Tabellen.',
      KEPT,
      SUPPORT_SENDER,
    ),
    'wbxml/unsupported': say(
      'Eine Nachricht benutzt einen Teil von WBXML, den die Geräteverwaltung nicht kennt.',
      KEPT,
      SUPPORT_SENDER,
    ),

    'xml/bad-text': say('Eine Nachricht hat Zeichen, die XML nicht fasst.', KEPT, SUPPORT_SENDER),
    'xml/entity-declaration': say('Eine Nachricht vereinbart Entitäten, was nicht erlaubt ist.', KEPT, SUPPORT_SENDER),
    'xml/malformed': say('Eine Nachricht ist kein wohlgeformtes XML.', KEPT, SUPPORT_SENDER),
    'xml/not-text': say('Eine Nachricht hat Bytes, wo XML einen Text braucht.', KEPT, SUPPORT_SENDER),
    'xml/too-deep': say('Eine Nachricht ist zu tief geschachtelt.', KEPT, SUPPORT_SENDER),
    'xml/too-large': say('Eine Nachricht ist zu groß.', KEPT, SUPPORT_SENDER),
    'xml/truncated': say('Eine Nachricht endete zu früh.', KEPT, SUPPORT_SENDER),
    'xml/unknown-tag': say('Eine Nachricht hat einen unbekannten Namen.', KEPT, SUPPORT_SENDER),
    'xml/unsupported-charset': say('Eine Nachricht hat einen unbekannten Zeichensatz.', KEPT, SUPPORT_SENDER),

    'syncml/bad-base64': say('Ein Wert ist kein Base64, obwohl er es behauptet.', KEPT, SUPPORT_SENDER),
    'syncml/bad-number': say('Eine Nachricht hat einen Text, wo eine Zahl stehen muss.', KEPT, SUPPORT_SENDER),
    'syncml/content-type': say('Der Inhaltstyp ist nicht der einer DM-Nachricht.', KEPT, SUPPORT_SENDER),
    'syncml/header-invalid': say('Der Kopf einer Nachricht ist unvollständig.', KEPT, SUPPORT_SENDER),
    'syncml/missing-element': say('Einer Nachricht fehlt ein nötiger Teil.', KEPT, SUPPORT_SENDER),
    'syncml/not-a-message': say('Das ist keine DM-Nachricht.', KEPT, SUPPORT_SENDER),
    'syncml/too-large': say('Eine Nachricht ist zu groß.', KEPT, SUPPORT_SENDER),
    'syncml/unknown-format': say(
      'Das ist weder WBXML noch XML.',
      NONE,
      'Wählen Sie eine Datei mit einer DM-Nachricht.',
    ),

    'dm/answer-wrong': say('Das ist keine Antwort auf diese Frage.', SAFE, 'Beantworten Sie, was gefragt ist.'),
    'dm/aborted': say(
      'Eine Seite hat die Sitzung abgebrochen.',
      KEPT,
      'Suchen Sie den Grund in den letzten Nachrichten und starten Sie neu.',
    ),
    'dm/auth-refused': say(
      'Handy und Server nehmen die Anmeldedaten der Gegenseite nicht an.',
      SAFE,
      CHECK_CREDENTIALS,
    ),
    'dm/cancelled': say('Die Sitzung wurde angehalten.', KEPT, AGAIN),
    'dm/endless': say('Der Server ist nie zu einem Ende gekommen.', KEPT, SUPPORT_SENDER),
    'dm/failed': say('Die Sitzung ist fehlgeschlagen.', KEPT, AGAIN),
    'dm/final-missing': say('Eine Seite hat nie gesagt, dass sie fertig ist.', KEPT, SUPPORT_SENDER),
    'dm/header-refused': say('Eine Nachricht hat einen falschen Kopf.', KEPT, SUPPORT_SENDER),
    'dm/large-object-incomplete': say(
      'Ein Paket ist nicht ganz angekommen.',
      SAFE,
      'Senden Sie das Paket noch einmal.',
    ),
    'dm/message-too-large': say(
      'Eine Nachricht ist größer, als ihr Empfänger erlaubt.',
      KEPT,
      'Erhöhen Sie die Nachrichtengröße oder senden Sie kleinere Teile.',
    ),
    'dm/msgid-wrong': say('Eine Nachricht hat eine falsche Nummer.', KEPT, AGAIN),
    'dm/msgref-wrong': say('Eine Antwort zeigt auf eine Nachricht, die nie gesendet wurde.', KEPT, AGAIN),
    'dm/not-permitted': say(
      'Das Handy gibt diesem Server nicht das Recht zu dem, was er wollte.',
      KEPT,
      'Geben Sie dem Konto des Servers auf dem Handy das Recht, oder nehmen Sie einen Server, der es hat.',
    ),
    'dm/notification-digest': say(
      'Das Handy glaubt dem Ruf nicht: Seine Prüfsumme ist falsch.',
      SAFE,
      CHECK_CREDENTIALS,
    ),
    'dm/notification-field': say('Der Ruf zu einer Sitzung hat ein falsches Feld.', SAFE, ADMIN),
    'dm/other-handset': say(
      'An dieser Adresse antwortet ein anderes Handy als das gemeinte.',
      SAFE,
      'Schließen Sie das richtige Handy an oder nennen Sie dieses.',
    ),
    'dm/timeout': say('Das Handy hat nicht rechtzeitig geantwortet.', HALF, CABLE),
    'dm/notification-ignored': say(
      'Das Handy hat auf den Ruf zu einer Sitzung nicht reagiert.',
      SAFE,
      'Starten Sie die Sitzung neu; wurde das Handy zurückgesetzt oder hatte es das Konto dieses PCs nie, bringen Sie es darauf (pc-agent bootstrap).',
    ),
    'dm/notification-repeated': say(
      'Das Handy wurde zu einer Sitzung gerufen, die schon offen ist.',
      KEPT,
      'Warten Sie, bis die Sitzung zu Ende ist.',
    ),
    'dm/notification-server': say('Das Handy kennt den Server nicht, der es gerufen hat.', SAFE, CHECK_CREDENTIALS),
    'dm/notification-session': say('Der Ruf nennt keine gültige Sitzung.', SAFE, ADMIN),
    'dm/notification-too-large': say('Der Ruf zu einer Sitzung ist zu lang.', SAFE, ADMIN),
    'dm/notification-truncated': say('Der Ruf zu einer Sitzung endete zu früh.', SAFE, ADMIN),
    'dm/notification-version': say('Der Ruf zu einer Sitzung hat eine unbekannte Version.', SAFE, ADMIN),
    'dm/out-of-turn': say('Eine Nachricht kam, als ihr Absender nicht an der Reihe war.', KEPT, AGAIN),
    'dm/results-too-large': say('Das Handy hat mehr gesendet, als eine Sitzung annimmt.', KEPT, SUPPORT_HANDSET),
    'dm/server-not-authenticated': say('Der Server hat sich nicht ausgewiesen.', SAFE, CHECK_CREDENTIALS),
    'dm/server-refused': say('Das Handy nimmt die Anmeldedaten des Servers nicht an.', SAFE, CHECK_CREDENTIALS),
    'dm/session-cut': say('Der Server ging, bevor die Sitzung zu Ende war.', HALF, AGAIN),
    'dm/session-unknown': say('Eine Nachricht gehört zu einer Sitzung, die nie begonnen hat.', KEPT, AGAIN),
    'dm/session-wrong': say('Eine Nachricht gehört zu einer anderen Sitzung.', KEPT, AGAIN),
    'dm/status': say('Ein Befehl wurde abgelehnt.', KEPT, 'Schlagen Sie den Status unten nach.'),
    'dm/status-missing': say('Ein Befehl wurde nicht beantwortet.', HALF, SUPPORT_HANDSET),
    'dm/status-unexpected': say('Eine Antwort zeigt auf einen Befehl, der nie gesendet wurde.', KEPT, AGAIN),
    'dm/value-changed': say('Ein Wert wurde während der Übertragung kürzer.', SAFE, AGAIN),
    'dm/target-wrong': say('Eine Nachricht ist für ein anderes Handy bestimmt.', KEPT, SUPPORT_SENDER),
    'dm/too-many-alerts': say(
      'Das Handy hat mehr Meldungen gesendet, als eine Sitzung annimmt.',
      KEPT,
      SUPPORT_HANDSET,
    ),
    'dm/too-many-statuses': say('Das Handy hat einen Befehl wieder und wieder beantwortet.', KEPT, SUPPORT_HANDSET),
    'dm/version': say('Handy und Server sprechen verschiedene Versionen der Geräteverwaltung.', SAFE, ADMIN),

    'dms/answer-empty': say('Die Antwort des DM-Servers ist leer.', KEPT, ADMIN),
    'dms/answer-malformed': say('Die Antwort des DM-Servers ist kein HTTP.', KEPT, ADMIN),
    'dms/answer-too-large': say('Die Antwort des DM-Servers ist zu groß.', KEPT, ADMIN),
    'dms/answer-truncated': say('Der DM-Server hat mitten in seiner Antwort abgebrochen.', KEPT, AGAIN),
    'dms/answer-unexpected': say(
      'Der DM-Server hat mit etwas anderem als einer DM-Nachricht geantwortet.',
      KEPT,
      ADMIN,
    ),
    'dms/closed': say('Der DM-Server hat die Verbindung geschlossen.', KEPT, AGAIN),
    'dms/host-refused': say('Der DM-Server wurde unter fremdem Namen verlangt.', NONE, REQUEST),
    'dms/http-status': say('Der DM-Server hat mit einem Fehler geantwortet.', KEPT, ADMIN),
    'dms/internal': say('Der DM-Server ist auf einen eigenen Fehler gestoßen.', KEPT, ADMIN),
    'dms/job-failed': say(
      'Der DM-Server nennt seinen Auftrag fehlgeschlagen.',
      KEPT,
      'Sehen Sie das Ergebnis unten an und fragen Sie den Bestand ab.',
    ),
    'dms/job-open': say('Die Sitzung ist vorbei, der DM-Server hat seinen Auftrag nicht abgeschlossen.', HALF, ADMIN),
    'dms/listen-failed': say(
      'Der DM-Server kann seinen Port nicht benutzen.',
      NONE,
      'Wählen Sie einen anderen Port oder 0 für einen freien.',
    ),
    'dms/method-not-allowed': say('Der DM-Server nimmt diese Art von Anfrage nicht an.', NONE, REQUEST),
    'dms/no-notification': say('Der DM-Server hat den Auftrag und ruft zu keiner Sitzung.', SAFE, ADMIN),
    'dms/no-work': say('Der DM-Server hat jetzt keine Arbeit für dieses Handy.', SAFE, 'Es ist nichts zu tun.'),
    'dms/not-found': say('Der DM-Server hat nicht, was verlangt wurde.', NONE, REQUEST),
    'dms/origin-refused': say('Eine Webseite wollte mit dem DM-Server reden und wurde abgewiesen.', NONE, REQUEST),
    'dms/profile-exists': say('Ein Profil dieses Namens gibt es schon.', NONE, 'Wählen Sie einen anderen Namen.'),
    'dms/profile-invalid': say(
      'Das ist keine Adresse eines DM-Servers.',
      NONE,
      'Schreiben Sie http://HOST:PORT/PFAD oder https.',
    ),
    'dms/profile-unknown': say(
      'Dieses Profil gibt es nicht.',
      NONE,
      'Rufen Sie pc-agent dms list auf, das zeigt alle.',
    ),
    'dms/refused': say('Der DM-Server hat die Anfrage abgelehnt.', NONE, REQUEST),
    'dms/request-empty': say('Eine Anfrage an den DM-Server war leer.', KEPT, SUPPORT_SENDER),
    'dms/request-invalid': say('Eine Anfrage an den DM-Server ist ungültig.', NONE, REQUEST),
    'dms/request-not-json': say('Eine Anfrage an den DM-Server ist kein JSON.', NONE, REQUEST),
    'dms/request-too-large': say('Eine Anfrage an den DM-Server ist zu groß.', KEPT, REQUEST),
    'dms/state-invalid': say(
      'Der gespeicherte Zustand des virtuellen DM-Servers ist unlesbar.',
      NONE,
      'Entfernen Sie seinen Zustandsordner.',
    ),
    'dms/report-rejected': say('Der DM-Server hat einen Bericht abgelehnt.', KEPT, ADMIN),
    'dms/report-unsupported': say(
      'Der DM-Server nimmt keine Berichte an; er sieht das Ergebnis im nächsten Bestand.',
      KEPT,
      'Es ist nichts zu tun; der Bericht bleibt im Ausgang.',
    ),
    'dms/timeout': say(
      'Der DM-Server hat nicht rechtzeitig geantwortet.',
      KEPT,
      'Versuchen Sie es noch einmal; sonst fragen Sie die Verwaltung des DM-Servers.',
    ),
    'dms/tls-failed': say(
      'Dem DM-Server ist nicht zu trauen: Sein Zertifikat wird nicht angenommen.',
      KEPT,
      'Prüfen Sie die Uhr dieses Rechners und die Adresse und fragen Sie die Verwaltung des DM-Servers.',
    ),
    'dms/unreachable': say(
      'Der DM-Server ist nicht erreichbar.',
      KEPT,
      'Prüfen Sie das Netz und die Adresse des Servers und versuchen Sie es noch einmal.',
    ),

    'listening/caller-unknown': say(
      'Ein solcher Anrufer ist nicht bekannt.',
      NONE,
      'Sehen Sie die Liste der Anrufer an.',
    ),
    'listening/everywhere': say(
      'Dieser Eingang ist für eine Schnittstelle dieses Computers, nicht für alle zugleich.',
      NONE,
      'Nennen Sie eine Schnittstelle, etwa usb0, oder ihre Adresse.',
    ),
    'listening/failed': say(
      'Ein Eingang für Handys ließ sich nicht öffnen.',
      SAFE,
      'PC Agent versucht es von selbst wieder; was das System sagte, steht dabei.',
    ),
    'listening/handset-busy': say(
      'Ein Handy rief an, während eine andere Sitzung mit ihm lief.',
      SAFE,
      'Beginnen Sie die Sitzung am Handy neu, wenn die andere zu Ende ist.',
    ),
    'listening/interface-absent': say(
      'Die Schnittstelle, an der Handys anrufen sollen, ist nicht da.',
      SAFE,
      'Schließen Sie Handy oder Netz an; PC Agent nimmt Anrufe an, sobald die Schnittstelle zurück ist.',
    ),
    'listening/network-off': say(
      'Der Eingang für Handys mit einer Netzverbindung ist nicht offen, also kann keines darüber laden.',
      NONE,
      'Schalten Sie erst diesen Eingang ein: pc-agent listen on network SCHNITTSTELLE.',
    ),
    'listening/no-host': say(
      'Handys werden eingelassen, sobald PC Agent läuft.',
      NONE,
      'Starten Sie PC Agent (npm start oder pc-agent serve).',
    ),
    'listening/no-record': say(
      'Handys finden diesen Eingang über Bluetooth nicht von selbst.',
      SAFE,
      'Geben Sie Adresse und Kanal am Handy ein, oder fragen Sie den Doktor nach dem Grund (pc-agent doctor).',
    ),
    'listening/no-server': say(
      'Ein Handy ruft an, und es gibt kein Profil eines DM-Servers für seine Sitzung.',
      SAFE,
      'Fügen Sie einen DM-Server hinzu (pc-agent dms add), dann beginnen Sie die Sitzung am Handy neu.',
    ),
    'listening/no-session': say(
      'Aus einem Anruf wurde keine Sitzung.',
      SAFE,
      'Lassen Sie den Anrufer zu, dann rufen Sie noch einmal an.',
    ),
    'listening/other-port': say(
      'Der übliche Port war nicht zu haben; Handys werden an einem anderen eingelassen.',
      SAFE,
      'Geben Sie am Handy den Port ein, der angezeigt wird.',
    ),
    'listening/place-invalid': say(
      'Hier kann PC Agent keine Anrufe annehmen.',
      NONE,
      'Nennen Sie eine serielle Schnittstelle, eine Netzschnittstelle oder eine Adresse dieses Computers.',
    ),
    'listening/port-taken': say(
      'Ein anderes Programm hat diesen Port.',
      SAFE,
      'Beenden Sie es, oder nennen Sie einen anderen Port.',
    ),

    'net/answer-malformed': say('Die Antwort des Servers ergibt keinen Sinn.', NONE, CHECK_SOURCE),
    'net/answer-too-large': say('Die Antwort des Servers ist zu groß.', NONE, CHECK_SOURCE),
    'net/answer-truncated': say(
      'Der Server hat mitten in seiner Antwort abgebrochen.',
      NONE,
      'Versuchen Sie es noch einmal; ein Abruf geht dort weiter, wo er abbrach.',
    ),
    'net/http-status': say('Der Server hat mit einem Fehler geantwortet.', NONE, CHECK_SOURCE),
    'net/offline': say('PC Agent soll ohne Netz bleiben.', NONE, 'Schalten Sie das Netz in den Einstellungen ein.'),
    'net/timeout': say('Der Server hat nicht rechtzeitig geantwortet.', NONE, CHECK_NET),
    'net/tls-failed': say(
      'Dem Server ist nicht zu trauen: Sein Zertifikat wird nicht angenommen.',
      NONE,
      'Prüfen Sie die Uhr dieses Rechners und die Adresse.',
    ),
    'net/unreachable': say('Der Server ist nicht erreichbar.', NONE, CHECK_NET),
    'net/url-invalid': say(
      'Das ist keine Netzadresse, die PC Agent benutzen darf.',
      NONE,
      'Schreiben Sie http://HOST:PORT/PFAD oder https.',
    ),

    'dlota/aborted': say('Das Handy hat den Download abgebrochen.', KEPT, 'Starten Sie den Download neu.'),
    'dlota/address-invalid': say('Die Adresse des Downloads ist keine, bei der man fragen kann.', SAFE, CHECK_SOURCE),
    'dlota/answer-malformed': say('Die Antwort des Download-Servers ergibt keinen Sinn.', SAFE, CHECK_SOURCE),
    'dlota/cancelled': say(
      'Der Benutzer hat den Download abgelehnt oder angehalten.',
      SAFE,
      'Fragen Sie den Benutzer und starten Sie den Download neu.',
    ),
    'dlota/digest-mismatch': say(
      'Was geladen wurde, ist nicht, was die Beschreibung nennt: der Inhalt ist ein anderer.',
      SAFE,
      CHECK_DESCRIPTOR,
    ),
    'dlota/element-invalid': say('Die Download-Beschreibung enthält etwas Unbrauchbares.', SAFE, CHECK_DESCRIPTOR),
    'dlota/element-missing': say(
      'In der Download-Beschreibung fehlt, was ein Download braucht.',
      SAFE,
      CHECK_DESCRIPTOR,
    ),
    'dlota/element-repeated': say(
      'Die Download-Beschreibung sagt mehrmals, was es nur einmal geben kann.',
      SAFE,
      CHECK_DESCRIPTOR,
    ),
    'dlota/http-status': say('Der Download-Server antwortete mit einem Fehler.', SAFE, CHECK_SOURCE),
    'dlota/lost': say(
      'Die Verbindung brach während des Downloads ab und kam nicht wieder.',
      SAFE,
      'Prüfen Sie das Netz und versuchen Sie es noch einmal.',
    ),
    'dlota/malformed': say('Die Download-Beschreibung ist nicht lesbar.', SAFE, CHECK_DESCRIPTOR),
    'dlota/memory-full': say(
      'Das Handy hat keinen Platz für den Download.',
      SAFE,
      'Schaffen Sie Platz auf dem Handy und versuchen Sie es noch einmal.',
    ),
    'dlota/not-installed': say(
      'Das Handy hat das Paket geladen und nicht installiert.',
      KEPT,
      'In der Nachricht stehen Code und Worte des Handys.',
    ),
    'dlota/offer-expired': say(
      'Kein Handy hat das Paket rechtzeitig geholt und das gesagt.',
      SAFE,
      'Bieten Sie es noch einmal an und geben Sie dem Handy die Adresse.',
    ),
    'dlota/redirect-refused': say(
      'Der Download-Server schickt im Kreis, zu oft oder dorthin weiter, wohin er nicht darf.',
      SAFE,
      CHECK_SOURCE,
    ),
    'dlota/server-failed': say(
      'Das Paket konnte dem Handy nicht angeboten werden.',
      SAFE,
      'Schließen Sie andere Programme und versuchen Sie es noch einmal.',
    ),
    'dlota/size-mismatch': say(
      'Was geladen wurde, ist anders groß, als die Beschreibung sagt.',
      SAFE,
      CHECK_DESCRIPTOR,
    ),
    'dlota/timeout': say('Der Download-Server hat nicht rechtzeitig geantwortet.', SAFE, CHECK_NET),
    'dlota/too-large': say('Die Download-Beschreibung ist größer als jede echte.', SAFE, CHECK_DESCRIPTOR),
    'dlota/type-mismatch': say(
      'Was geladen wurde, ist von anderer Art, als die Beschreibung sagt.',
      SAFE,
      CHECK_DESCRIPTOR,
    ),
    'dlota/type-refused': say(
      'Das Handy kann Inhalt dieser Art nicht verwenden.',
      SAFE,
      'Wählen Sie ein Paket für dieses Handy.',
    ),
    'dlota/unreachable': say('Der Download-Server ist nicht erreichbar.', SAFE, CHECK_NET),
    'dlota/version': say(
      'Die Download-Beschreibung ist von einer Version, die nicht verstanden wird.',
      SAFE,
      'Bitten Sie den Betreiber des Servers um eine Beschreibung der Version 1.0.',
    ),

    'provisioning/mac-wrong': say(
      'Das Handy bekam Einstellungen, die nicht vom Richtigen stammen, oder niemand gab die richtige PIN ein.',
      SAFE,
      'Senden Sie sie noch einmal, mit der PIN, die am Handy eingegeben wird, oder der IMSI seiner SIM.',
    ),
    'provisioning/malformed': say(
      'Die Einstellungen, die kamen, sind nicht, was sie sein sollen.',
      SAFE,
      'Geben Sie die Datei dem, der sie gemacht hat.',
    ),
    'provisioning/no-account': say(
      'Es gibt kein Konto eines DM-Servers.',
      SAFE,
      'Bringen Sie eines auf das Handy: pc-agent bootstrap.',
    ),
    'provisioning/not-signed': say(
      'Das Handy hat schon ein Konto dieses Servers und ersetzt es nur durch unterschriebene Einstellungen.',
      SAFE,
      'Senden Sie sie unterschrieben, mit einer PIN oder der IMSI.',
    ),
    'provisioning/not-taken': say(
      'Das Handy hat das Konto bekommen und antwortet nicht darauf.',
      'Das Handy ist sicher; ein Konto, das es vorher hatte, gilt noch.',
      'Sehen Sie auf das Handy: vielleicht muss dort die PIN eingegeben werden. Dann senden Sie das Konto noch einmal.',
    ),
    'provisioning/secret-missing': say(
      'Es fehlt, womit die Einstellungen unterschrieben werden.',
      SAFE,
      'Geben Sie eine PIN an, oder die IMSI der SIM des Handys.',
    ),
    'provisioning/too-large': say(
      'Die Einstellungen, die kamen, sind größer, als ein Handy sie nimmt.',
      SAFE,
      'Geben Sie die Datei dem, der sie gemacht hat.',
    ),
    'relay/cancelled': say('Das Weiterleiten wurde angehalten.', HALF, AGAIN),
    'relay/ended-early': say('Die Sitzung endete, bevor sie fertig war.', HALF, AGAIN),
    'relay/ended-unread': say(
      'Die Sitzung ist vorbei, und niemand konnte lesen, ob sie gelang.',
      HALF,
      'Fragen Sie den Bestand ab, um sicher zu sein.',
    ),
    'relay/notification-ignored': say(
      'Das Handy hat auf den Ruf zu einer Sitzung nicht reagiert.',
      SAFE,
      CHECK_CREDENTIALS,
    ),
    'relay/respuri-refused': say(
      'Der Server will die Antwort an einen Ort, der nicht erlaubt ist.',
      KEPT,
      'Ist der Ort richtig, erlauben Sie ihn mit --allow-origin.',
    ),
    'relay/stalled': say('Keine Seite hat lange etwas gesagt.', KEPT, CABLE),
    'relay/timeout': say('Eine Seite hat nicht rechtzeitig geantwortet.', KEPT, CABLE),

    'cache/absent': say(
      'Das Paket ist nicht im Paketspeicher.',
      SAFE,
      'Rufen Sie pc-agent packages list auf, das zeigt alle.',
    ),
    'cache/damaged': say('Ein Paket im Paketspeicher ist beschädigt.', SAFE, REPLACE),
    'cache/digest-mismatch': say('Die Bytes eines Pakets sind nicht die, die es sein müssten.', SAFE, REPLACE),
    'cache/empty': say('Die Datei ist leer.', SAFE, 'Wählen Sie die Datei, die das Paket enthält.'),
    'cache/full': say(
      'Der Datenträger des Paketspeichers ist voll.',
      SAFE,
      'Entfernen Sie Pakete oder schaffen Sie dort Platz und versuchen Sie es noch einmal.',
    ),
    'cache/in-use': say(
      'Ein unerledigter Auftrag braucht das Paket.',
      SAFE,
      'Warten Sie das Ende des Auftrags ab und versuchen Sie es noch einmal.',
    ),
    'cache/manifest-entry-absent': say(
      'Die Paketliste nennt dieses Paket nicht.',
      NONE,
      'Prüfen Sie die Adresse des Pakets, und ob die Liste die richtige ist.',
    ),
    'cache/manifest-invalid': say('Das ist keine Paketliste.', NONE, 'Prüfen Sie die Adresse der Liste.'),
    'cache/needed-by-archive': say(
      'Ohne das Paket lässt sich ein Archiv oder eine Momentaufnahme nicht zurückbringen.',
      SAFE,
      'Entfernen Sie zuerst das Archiv oder die Momentaufnahme, wenn niemand sie mehr braucht.',
    ),
    'cache/package-invalid': say(
      'Die Angaben zum Paket stimmen nicht.',
      NONE,
      'Berichtigen Sie das unten genannte Feld.',
    ),
    'cache/piece-invalid': say(
      'Ein Stück der Datei kam beschädigt an.',
      SAFE,
      'Fügen Sie die Datei noch einmal hinzu.',
    ),
    'cache/quarantined': say('Das Paket war beschädigt und wurde aus dem Verkehr gezogen.', SAFE, REPLACE),
    'cache/read-only': say(
      'Der Paketspeicher lässt sich nicht beschreiben.',
      SAFE,
      'Prüfen Sie die Rechte seines Ordners und ob der Datenträger schreibgeschützt ist.',
    ),
    'cache/replace-refused': say(
      'Ein geprüftes Paket ist da, und für das neue bürgt niemand.',
      NONE,
      'Nennen Sie die SHA-256-Prüfsumme des neuen oder entfernen Sie zuerst das alte.',
    ),
    'cache/size-mismatch': say('Ein Paket ist kürzer oder länger, als es sein müsste.', SAFE, REPLACE),
    'cache/source-unreadable': say('Die Datei des Pakets ist nicht lesbar.', NONE, 'Prüfen Sie Pfad und Rechte.'),
    'cache/too-large': say('Das Paket ist größer, als PC Agent annimmt.', SAFE, 'Wählen Sie ein kleineres Paket.'),
    'cache/too-many-uploads': say(
      'Es werden zu viele Dateien gleichzeitig hinzugefügt.',
      SAFE,
      'Warten Sie, bis eine davon da ist, und fügen Sie die Datei noch einmal hinzu.',
    ),
    'cache/unreadable': say(
      'Der Datenträger des Paketspeichers hat versagt.',
      SAFE,
      'Prüfen Sie den Datenträger und rufen Sie pc-agent packages verify auf.',
    ),
    'cache/upload-unknown': say(
      'Diese Datei wird nicht mehr hinzugefügt: Es wurde aufgegeben, oder zwei Minuten lang kam nichts.',
      SAFE,
      'Fügen Sie die Datei noch einmal hinzu.',
    ),
    'cache/unverified': say(
      'Für dieses Paket bürgt niemand.',
      SAFE,
      'Holen Sie es mit seiner Prüfsumme, oder nehmen Sie --allow-unverified, wenn Sie seine Herkunft kennen.',
    ),

    'archive/component-absent': say(
      'Diese Komponente ist nicht auf dem Handy.',
      SAFE,
      'Fragen Sie den Bestand ab, er zeigt alle.',
    ),
    'archive/other-model': say(
      'Die archivierte Komponente gehört zu einem anderen Modell als das Handy.',
      SAFE,
      'Bringen Sie sie auf ein Handy ihres eigenen Modells.',
    ),
    'archive/own-server-only': say(
      'Archive und Momentaufnahmen sind keine Arbeit eines DM-Servers im Netz.',
      SAFE,
      'Lassen Sie --dms weg.',
    ),
    'archive/package-absent': say(
      'Das Paket der Komponente ist nicht im Paketspeicher; sie ließe sich nicht zurückbringen.',
      SAFE,
      'Holen Sie das Paket in dieser Version und archivieren Sie dann die Komponente.',
    ),
    'archive/pending': say(
      'Das Handy hat noch nicht gesagt, ob die Komponente entfernt ist.',
      HALF,
      'Fragen Sie den Bestand des Handys ab und versuchen Sie es noch einmal.',
    ),
    'archive/too-many': say('Es gibt zu viele Archive.', SAFE, 'Entfernen Sie die, die niemand mehr braucht.'),
    'archive/unknown': say(
      'Dieses Archiv gibt es nicht.',
      SAFE,
      'Rufen Sie pc-agent archive list auf, das zeigt alle.',
    ),

    'snapshot/data-invalid': say(
      'Etwas an den Komponenten ist zu lang, nicht druckbar oder doppelt.',
      SAFE,
      'Sehen Sie sich das unten genannte Feld an.',
    ),
    'snapshot/differs': say(
      'Das Handy hat nicht das, was die Momentaufnahme sagt.',
      SAFE,
      'Rufen Sie pc-agent snapshots restore auf, das bringt sie zurück.',
    ),
    'snapshot/exists': say(
      'Eine Momentaufnahme dieses Namens gibt es schon.',
      NONE,
      'Wählen Sie einen anderen Namen oder entfernen Sie die alte.',
    ),
    'snapshot/file-invalid': say(
      'Das ist keine Datei mit einer Momentaufnahme.',
      NONE,
      'Wählen Sie eine Datei, die pc-agent snapshots export gemacht hat.',
    ),
    'snapshot/other-model': say(
      'Die Momentaufnahme gehört zu einem anderen Modell als das Handy.',
      SAFE,
      'Bringen Sie sie auf ein Handy ihres eigenen Modells.',
    ),
    'snapshot/package-absent': say(
      'Für eine Komponente der Momentaufnahme fehlt das Paket im Paketspeicher.',
      SAFE,
      'Holen Sie das Paket in dieser Version und versuchen Sie es noch einmal.',
    ),
    'snapshot/still-different': say(
      'Eine Komponente ist nicht so wie in der Momentaufnahme, obwohl alles getan wurde.',
      KEPT,
      'Vergleichen Sie das Handy mit der Momentaufnahme und sehen Sie sich seinen Bestand an.',
    ),
    'snapshot/too-many': say('Es gibt zu viele Momentaufnahmen.', SAFE, 'Entfernen Sie die, die niemand mehr braucht.'),
    'snapshot/unknown': say(
      'Diese Momentaufnahme gibt es nicht.',
      SAFE,
      'Rufen Sie pc-agent snapshots list auf, das zeigt alle.',
    ),

    'store/busy': say(
      'Ein anderes Programm sperrt die Datenbank.',
      KEPT,
      'Schließen Sie das Programm, das sie geöffnet hat, und versuchen Sie es noch einmal.',
    ),
    'store/closed': say('PC Agent wird beendet und nimmt nichts mehr an.', KEPT, 'Starten Sie PC Agent neu.'),
    'store/corrupt': say(
      'Die Datenbank ist beschädigt oder keine von PC Agent.',
      NONE,
      'Behalten Sie eine Kopie ihres Ordners, verschieben Sie die Datenbank und starten Sie PC Agent neu.',
    ),
    'store/full': say(
      'Der Datenträger der Datenbank ist voll.',
      KEPT,
      'Schaffen Sie dort Platz und versuchen Sie es noch einmal.',
    ),
    'store/newer': say(
      'Ein neuerer PC Agent hat die Datenbank geschrieben.',
      NONE,
      'Installieren Sie den neueren PC Agent wieder.',
    ),
    'store/read-only': say(
      'Die Datenbank lässt sich nicht beschreiben.',
      KEPT,
      'Prüfen Sie die Rechte ihres Ordners und ob der Datenträger schreibgeschützt ist.',
    ),
    'store/unreadable': say(
      'Die Datenbank lässt sich nicht öffnen, oder ihr Datenträger hat versagt.',
      KEPT,
      'Prüfen Sie Pfad und Datenträger und starten Sie PC Agent neu.',
    ),

    'journal/absent': say(
      'Das Protokoll hat keine solche Sitzung.',
      NONE,
      'Wählen Sie eine Sitzung aus der Liste; die der Vorführung werden nicht aufbewahrt.',
    ),
    'journal/message-unknown': say(
      'Die Sitzung hat keine solche Nachricht.',
      NONE,
      'Öffnen Sie die Sitzung noch einmal.',
    ),
    'journal/session-unknown': say(
      'Diese Sitzung gibt es nicht mehr.',
      NONE,
      'Suchen Sie sie in der Liste der Sitzungen.',
    ),
    'journal/cut-short': say('PC Agent wurde vor der Sitzung beendet.', HALF, AGAIN),

    'shell/electron-ended': say(
      'Das Fenster von PC Agent ist von selbst zu Ende gegangen.',
      KEPT,
      'Starten Sie PC Agent neu.',
    ),
    'shell/refused': say('Das Fenster hat etwas verlangt, das es nicht bekommt.', KEPT, 'Starten Sie PC Agent neu.'),
    'settings/invalid': say(
      'Eine gespeicherte Einstellung ist ungültig.',
      NONE,
      'Berichtigen oder entfernen Sie die Datei, die in den Einzelheiten steht.',
    ),
    'settings/unreadable': say(
      'Eine gespeicherte Einstellung ist nicht lesbar.',
      NONE,
      'Prüfen Sie die Rechte der Datei, die in den Einzelheiten steht.',
    ),

    'host/cancelled': say('Es wurde abgebrochen.', KEPT, AGAIN),
    'host/contract': say(
      'Der laufende PC Agent hat eine andere Version.',
      NONE,
      'Beenden Sie ihn und versuchen Sie es noch einmal.',
    ),
    'host/leaving': say('PC Agent ist dabei zu enden.', KEPT, 'Versuchen Sie es gleich noch einmal.'),
    'host/lost': say(
      'PC Agent endete mittendrin oder wurde beendet.',
      HALF,
      'Starten Sie ihn neu; was er bestätigt hatte, ist noch da.',
    ),
    'host/misread': say('PC Agent hat etwas geantwortet, das nicht vereinbart ist.', KEPT, 'Starten Sie PC Agent neu.'),
    'host/no-page': say(
      'Der laufende PC Agent hat keine Seite.',
      NONE,
      'Warten Sie sein Ende ab und rufen Sie pc-agent serve auf.',
    ),
    'host/not-running': say('Es läuft kein PC Agent.', NONE, 'Rufen Sie pc-agent serve oder npm start auf.'),
    'host/params-invalid': say(
      'Ein Teil einer Anfrage stimmt nicht.',
      NONE,
      'Berichtigen Sie den Teil, der unten steht.',
    ),
    'host/running': say(
      'Ein anderer PC Agent hält den Datenordner.',
      NONE,
      'Benutzen oder beenden Sie ihn; seine Nummer steht unten.',
    ),
    'host/silent': say(
      'Der laufende PC Agent antwortet nicht.',
      KEPT,
      'Warten Sie etwas; hilft das nicht, beenden Sie ihn.',
    ),
    'host/socket-failed': say(
      'PC Agent kann seinen eigenen Socket nicht benutzen.',
      NONE,
      'Prüfen Sie die Rechte des Ordners, der unten steht.',
    ),
    'host/socket-unsafe': say(
      'Der Ordner für den Socket gehört jemand anderem.',
      NONE,
      'Entfernen Sie ihn oder setzen Sie PC_AGENT_HOME auf einen kürzeren Pfad.',
    ),
    'host/task-open': say('Diese Arbeit ist noch nicht zu Ende.', KEPT, 'Brechen Sie sie zuerst ab, oder warten Sie.'),
    'host/task-unknown': say(
      'Diese Arbeit steht nicht mehr auf der Liste.',
      KEPT,
      'Sehen Sie im Journal nach, was daraus wurde.',
    ),
    'host/too-many-requests': say(
      'Es wurde zu viel auf einmal verlangt.',
      KEPT,
      'Warten Sie, bis etwas davon fertig ist.',
    ),
    'host/unexpected': say(
      'PC Agent ist auf einen eigenen Fehler gestoßen.',
      HALF,
      'Kopieren Sie die Einzelheiten und fragen Sie um Hilfe.',
    ),
    'host/unknown-request': say(
      'PC Agent kennt diese Anfrage nicht.',
      NONE,
      'Benutzen Sie auf beiden Seiten dieselbe Version.',
    ),

    'handset/alias-invalid': say(
      'Dieser Name geht nicht für ein Handy.',
      NONE,
      'Geben Sie ihm eine Zeile mit höchstens 60 Buchstaben, Ziffern oder Zeichen, ohne Doppelpunkt.',
    ),
    'handset/alias-taken': say('Ein anderes Handy heißt schon so.', NONE, 'Wählen Sie einen anderen Namen.'),
    'handset/busy': say(
      'Mit diesem Handy läuft gerade eine Sitzung.',
      'Lassen Sie das Handy verbunden, bis die Sitzung zu Ende ist.',
      'Warten Sie das Ende der Sitzung ab oder brechen Sie sie ab, dann versuchen Sie es noch einmal.',
    ),
    'handset/calls-only': say(
      'Dieses Handy hat einen Netzzugang: Es ruft an und kann nicht angerufen werden.',
      SAFE,
      'Lassen Sie es pc-agent relay --listen anrufen.',
    ),
    'handset/id-invalid': say('Das Handy hat nicht gesagt, wer es ist.', SAFE, SUPPORT_HANDSET),
    'handset/id-unknown': say('Es ist nicht bekannt, welches Handy das ist.', SAFE, 'Nennen Sie es mit --device.'),
    'handset/ids-differ': say(
      'Das sind zwei Handys: Jedes hat seine eigene Nummer genannt.',
      NONE,
      'Verbinden Sie nur eine Karte, die noch keine Nummer hat.',
    ),
    'handset/name-ambiguous': say(
      'Mehrere Handys hören auf diesen Namen.',
      NONE,
      'Nennen Sie die ganze DevId, oder geben Sie einem von ihnen einen anderen Namen.',
    ),
    'handset/nowhere': say('Es ist nicht bekannt, wo dieses Handy ist.', NONE, 'Nennen Sie einmal seine Adresse.'),
    'handset/not-virtual': say(
      'Das ist kein virtuelles Handy.',
      SAFE,
      'Um es von der Liste zu nehmen, lassen Sie es vergessen.',
    ),
    'handset/tree-damaged': say(
      'Was ein virtuelles Handy von seinem Verwaltungsbaum aufbewahrt hat, ist beschädigt.',
      NONE,
      'Holen Sie seinen Ordner aus einer Kopie zurück oder löschen Sie ihn: das Handy beginnt dann wie neu.',
    ),
    'handset/tree-unwritable': say(
      'Ein virtuelles Handy kann seinen Verwaltungsbaum nicht auf der Platte aufbewahren.',
      NONE,
      'Sehen Sie nach, ob die Platte voll ist und ob in seinen Ordner geschrieben werden darf.',
    ),
    'handset/unknown': say(
      'Dieses Handy war noch nie da.',
      NONE,
      'Nennen Sie einmal seine Adresse, etwa tcp:HOST:PORT.',
    ),

    'job/attempts-spent': say(
      'Der Auftrag wurde mehrmals versucht, und jedes Mal endete PC Agent.',
      KEPT,
      'Geben Sie ihn noch einmal auf.',
    ),
    'job/cancelled': say(
      'Der Auftrag wurde abgebrochen, bevor das Handy etwas geändert hatte.',
      SAFE,
      'Geben Sie ihn noch einmal auf, wenn er gebraucht wird.',
    ),
    'job/component-missing': say('Der Auftrag nennt die Komponente nicht, die weg soll.', NONE, REQUEST),
    'job/data-invalid': say('Der Auftrag ist unvollständig.', NONE, 'Berichtigen Sie das unten genannte Feld.'),
    'job/ended': say('Dieser Auftrag ist schon beendet.', NONE, 'Geben Sie ihn noch einmal auf.'),
    'job/failed': say(
      'Der Auftrag ist fehlgeschlagen.',
      KEPT,
      'Lesen Sie den Bestand des Handys und geben Sie ihn noch einmal auf.',
    ),
    'job/expired': say('Der Auftrag hat nicht rechtzeitig begonnen.', SAFE, 'Geben Sie ihn noch einmal auf.'),
    'job/interrupted': say(
      'PC Agent endete mitten im Auftrag.',
      HALF,
      'Es ist nichts zu tun; er geht mit der nächsten Sitzung weiter.',
    ),
    'job/invalid': say('Der Auftrag ist ungültig.', NONE, REQUEST),
    'job/package-missing': say('Der Auftrag nennt das Paket nicht, das installiert werden soll.', NONE, REQUEST),
    'job/package-unknown': say('Der DM-Server hat das bestellte Paket nicht.', NONE, REQUEST),
    'job/postponed': say('Der Auftrag wurde am Handy verschoben.', SAFE, 'Geben Sie ihn später noch einmal auf.'),
    'job/query-invalid': say('Die Frage nach Aufträgen ist ungültig.', NONE, REQUEST),
    'job/refused': say(
      'Der Auftrag wurde am Handy abgelehnt.',
      SAFE,
      'Fragen Sie seinen Benutzer und geben Sie ihn noch einmal auf.',
    ),
    'job/running': say('Dieser Auftrag läuft schon.', KEPT, 'Warten Sie, bis er beendet ist.'),
    'job/too-many': say('Zu viele Aufträge warten.', NONE, 'Lassen Sie erst einige davon erledigen.'),
    'job/unknown': say('Diesen Auftrag gibt es nicht.', NONE, 'Sehen Sie in die Liste der Aufträge.'),
    'job/waiting': say(
      'Der Auftrag wartet auf das Handy.',
      KEPT,
      'Lassen Sie das Handy eingeschaltet; der Auftrag geht mit der nächsten Sitzung weiter.',
    ),

    'fumo/absent': say('Die Firmware dieses Handys lässt sich nicht verwalten.', SAFE, SUPPORT_HANDSET),
    'fumo/busy': say(
      'Das Handy arbeitet gerade an seiner Firmware.',
      'Lassen Sie das Handy eingeschaltet.',
      'Versuchen Sie es nach einer Weile noch einmal.',
    ),
    'fumo/no-way': say('Das Handy nimmt Firmware nicht auf diesem Weg an.', SAFE, SUPPORT_HANDSET),
    'fumo/operation-failed': say(
      'Das Handy konnte seine Firmware nicht aktualisieren.',
      KEPT,
      'Sehen Sie auf den Ergebniscode unten und auf die Version der Firmware.',
    ),

    'offline/needs-missing': say(
      'Das Paket braucht eine andere Komponente, die nicht auf dem Handy ist.',
      SAFE,
      'Installieren Sie zuerst, was unten genannt ist, oder ein Paket, das beides bringt.',
    ),
    'offline/not-installed': say(
      'Die Komponente ist nicht auf dem Handy.',
      SAFE,
      'Suchen Sie im Bestand nach ihrer Kennung.',
    ),
    'offline/nothing-to-do': say('Das Handy hat schon, was gewünscht war.', SAFE, 'Es ist nichts zu tun.'),
    'offline/package-damaged': say(
      'Das Paket ist beschädigt oder hat ein neueres Format.',
      SAFE,
      'Holen Sie das Paket neu oder eine neuere Version von PC Agent.',
    ),
    'offline/too-large': say('Das Handy nimmt kein Paket dieser Größe an.', SAFE, 'Wählen Sie ein kleineres Paket.'),
    'offline/wrong-firmware': say(
      'Das Paket führt nicht von der Firmware weiter, die das Handy hat.',
      SAFE,
      'Wählen Sie ein Paket für die Version, die es hat.',
    ),
    'offline/wrong-kind': say(
      'Das Paket ist Firmware, wo Software gewünscht war, oder umgekehrt.',
      SAFE,
      'Wählen Sie ein anderes Paket oder den anderen Befehl.',
    ),
    'offline/wrong-model': say('Das Paket ist für ein anderes Modell.', SAFE, 'Wählen Sie ein Paket für dieses Handy.'),

    'scomo/absent': say('Die Software dieses Handys lässt sich nicht verwalten.', SAFE, SUPPORT_HANDSET),
    'scomo/completion-awaited': say(
      'Das Handy arbeitet und hat noch nicht gesagt, wie es ausging.',
      'Lassen Sie das Handy eingeschaltet.',
      'Lesen Sie nach einer Weile den Bestand.',
    ),
    'scomo/consent-impossible': say(
      'Zustimmung ist Pflicht, und das Handy kann niemanden fragen.',
      SAFE,
      'Fragen Sie selbst und geben Sie den Auftrag ohne Pflicht zur Zustimmung auf.',
    ),
    'scomo/declined': say('Der Benutzer des Handys hat Nein gesagt.', SAFE, 'Es ist nichts zu tun.'),
    'scomo/operation-failed': say(
      'Das Handy konnte es nicht ausführen.',
      KEPT,
      'Sehen Sie auf den Ergebniscode unten und lesen Sie den Bestand.',
    ),
    'scomo/postponed': say(
      'Der Benutzer des Handys hat nicht entschieden.',
      SAFE,
      'Versuchen Sie es später noch einmal.',
    ),
    'scomo/refused': say('Das Handy hat einen Schritt abgelehnt.', KEPT, SUPPORT_HANDSET),
    'scomo/storage-full': say(
      'Auf dem Handy ist nicht genug Platz.',
      SAFE,
      'Schaffen Sie Platz auf dem Handy und versuchen Sie es noch einmal.',
    ),

    'cli/cancelled': say('Es wurde angehalten.', KEPT, AGAIN),
    'cli/ended-early': say('PC Agent musste vorzeitig enden.', HALF, AGAIN),
    'cli/file-unreadable': say('Eine Datei ist nicht lesbar.', NONE, 'Prüfen Sie Pfad und Rechte.'),
    'cli/listen-invalid': say(
      'Auf dieser Adresse kann niemand lauschen.',
      NONE,
      'Schreiben Sie HOST:PORT; Port 0 nimmt einen freien.',
    ),
    'cli/not-built': say('Das ist nicht in dieser Version.', NONE, 'Was es gibt, steht in --help.'),
    'cli/output-closed': say('Niemand liest die Ausgabe mehr.', KEPT, AGAIN),
    'cli/page-missing': say('Die Seite ist nicht gebaut.', NONE, 'Rufen Sie npm start auf, das baut sie.'),
    'cli/port-busy': say(
      'Der Port der Seite ist besetzt.',
      NONE,
      'Lassen Sie den Port weg, dann wird ein freier genommen.',
    ),
    'cli/unexpected': say(
      'PC Agent ist auf einen eigenen Fehler gestoßen.',
      HALF,
      'Kopieren Sie die Einzelheiten und fragen Sie um Hilfe.',
    ),
    'cli/usage': say('Die Befehlszeile stimmt nicht.', NONE, 'Sehen Sie in --help nach.'),

    'demo/cancelled': say('Die Vorführung wurde angehalten.', NONE, DEMO),
    'demo/fault-unnoticed': say(
      'Ein Fehler war bestellt, und niemand hat ihn bemerkt.',
      NONE,
      'Wählen Sie einen Fehler, der in einer solchen Sitzung auffallen kann.',
    ),
    'demo/install-failed': say('Das Paket wurde nicht installiert.', SAFE, 'Der Bericht des Handys nennt den Grund.'),
    'demo/not-transparent': say(
      'Das Handy hat nicht empfangen, was der Server gesendet hat.',
      KEPT,
      'Benutzen Sie diese Installation nicht; behalten Sie die Aufzeichnung und fragen Sie um Hilfe.',
    ),
    'demo/peer-ended': say('Das virtuelle Handy oder der virtuelle Server endete zu früh.', NONE, DEMO),
    'demo/peer-silent': say(
      'Das virtuelle Handy oder der virtuelle Server hat nicht rechtzeitig geantwortet.',
      NONE,
      DEMO,
    ),
    'demo/running': say('Die Vorführung läuft schon.', NONE, 'Warten Sie, bis sie zu Ende ist.'),
    'demo/reports-wrong': say('Der DM-Server hat nicht jeden Bericht genau einmal.', KEPT, DEMO),

    'prompt/answer-invalid': say(
      'Das ist keine Antwort auf diese Frage.',
      KEPT,
      'Sehen Sie nach, wonach das Handy fragt und wie lang die Antwort sein darf, und antworten Sie noch einmal.',
    ),
    'prompt/gone': say(
      'Das Handy fragt das nicht mehr.',
      KEPT,
      'Die Sitzung sagt, wie die Frage ausging. Geben Sie die Arbeit neu in Auftrag, wenn sie noch gewünscht ist.',
    ),

    'virtual/fault-unknown': say(
      'Das virtuelle Handy kennt diesen Fehler nicht, oder der Fehler nimmt diesen Wert nicht.',
      NONE,
      'Die Namen und ihre Werte nennt pc-agent virtual catalogue.',
    ),
    'virtual/not-heard': say(
      'Das virtuelle Handy hat nicht bestätigt, dass es das gehört hat.',
      NONE,
      'Versuchen Sie es noch einmal; geht es wieder nicht, beenden Sie es und starten Sie ein anderes.',
    ),
    'virtual/not-running': say(
      'Das ist kein virtuelles Handy, das bei PC Agent läuft.',
      NONE,
      'Welche laufen, zeigt pc-agent virtual list; oder starten Sie eines.',
    ),
    'virtual/profile-invalid': say(
      'Die Datei beschreibt keine Art von virtuellem Handy.',
      NONE,
      'Berichtigen Sie, was die Meldung nennt; ein Beispiel steht in der README.',
    ),
    'virtual/profile-unknown': say(
      'Eine Art von virtuellem Handy mit diesem Namen gibt es nicht.',
      NONE,
      'Die Namen nennt pc-agent virtual catalogue.',
    ),
    'virtual/start-failed': say(
      'Das virtuelle Handy ist nicht gestartet.',
      NONE,
      'Versuchen Sie es noch einmal; geht es wieder nicht, starten Sie PC Agent neu.',
    ),
    'virtual/too-many': say(
      'Mehr virtuelle Handys können nicht zugleich laufen.',
      NONE,
      'Beenden Sie eines, das nicht gebraucht wird, und starten Sie dann ein anderes.',
    ),
    'virtual/stalled': say('Der virtuelle Server hat seine Antwort zurückgehalten, wie verlangt.', NONE, AGAIN),
    'virtual/vanished': say('Das virtuelle Handy hat die Verbindung fallen lassen, wie verlangt.', NONE, AGAIN),

    'notification/query-invalid': say('Die Frage nach einem Ruf zu einer Sitzung ist ungültig.', NONE, REQUEST),

    'package/absent': say('Der DM-Server hat dieses Paket nicht.', NONE, REQUEST),
    'package/changed': say('Das Paket wurde während der Übertragung geändert.', SAFE, AGAIN),
    'package/folder-unreadable': say(
      'Der Paketordner des virtuellen DM-Servers ist nicht lesbar.',
      NONE,
      'Prüfen Sie den Pfad, den --packages nennt, und seine Rechte.',
    ),
    'package/query-invalid': say('Die Frage nach einer Download-Beschreibung ist ungültig.', NONE, REQUEST),
    'package/range-outside': say(
      'Das Paket ist kürzer als der Teil, der verlangt wurde.',
      NONE,
      'Holen Sie das Paket von vorn.',
    ),

    'approval/invalid': say('Das Urteil über eine Freigabe ist ungültig.', NONE, REQUEST),
    'approval/not-awaited': say(
      'Auf diese Freigabe wartet niemand.',
      NONE,
      'Sehen Sie den Auftrag an; vielleicht ist er schon entschieden.',
    ),
    'approval/same-authority': say(
      'Wer einen Auftrag gibt, kann ihn nicht selbst freigeben.',
      NONE,
      'Lassen Sie eine andere Stelle entscheiden.',
    ),
    'comparison/invalid': say('Der Wunsch, Fehlendes zu installieren, ist ungültig.', NONE, REQUEST),
    'comparison/not-read': say(
      'Der DM-Server hat den Bestand dieses Handys nie gelesen.',
      SAFE,
      'Lassen Sie den Bestand lesen und vergleichen Sie dann.',
    ),
    'comparison/query-invalid': say('Die Frage nach einem Vergleich ist ungültig.', NONE, REQUEST),
    'device/invalid': say('Das kann keine Kennung eines Handys sein.', NONE, REQUEST),
    'device/query-invalid': say('Die Frage nach Handys ist ungültig.', NONE, REQUEST),
    'device/unknown': say(
      'Der DM-Server kennt kein solches Handy.',
      NONE,
      'Lassen Sie das Handy zuerst eine Sitzung mit ihm führen.',
    ),
    'events/query-invalid': say('Die Frage nach Ereignissen ist ungültig.', NONE, REQUEST),
    'events/too-many-listeners': say(
      'Dem DM-Server hören schon zu viele zu.',
      NONE,
      'Schließen Sie einen anderen Zuhörer und versuchen Sie es noch einmal.',
    ),
    'order/too-many': say(
      'Der DM-Server hat zu viele Bestellungen für Modelle.',
      NONE,
      'Schließen Sie einige davon ab.',
    ),
    'order/unknown': say('Diese Bestellung gibt es nicht.', NONE, 'Sehen Sie in der Liste der Bestellungen nach.'),
    'rule/invalid': say('Die Regel ist ungültig.', NONE, REQUEST),
    'rule/model-invalid': say('Das kann kein Name eines Modells sein.', NONE, REQUEST),
    'rule/package-unknown': say('Der DM-Server hat ein Paket der Regel für dieses Modell nicht.', NONE, REQUEST),
    'rule/too-many': say('Der DM-Server hat zu viele Regeln.', NONE, 'Löschen Sie einige davon.'),
    'rule/unknown': say('Für dieses Modell gibt es keine Regel.', NONE, 'Sehen Sie in der Liste der Regeln nach.'),
    'schedule/invalid': say('Der Zeitplan ist ungültig.', NONE, REQUEST),
    'schedule/package-unknown': say('Der DM-Server hat ein Paket des Zeitplans nicht.', NONE, REQUEST),
    'schedule/too-many': say('Der DM-Server hat zu viele Zeitpläne.', NONE, 'Löschen Sie einige davon.'),
    'schedule/unknown': say('Diesen Zeitplan gibt es nicht.', NONE, 'Sehen Sie in der Liste der Zeitpläne nach.'),

    'report/absent': say(
      'Kein Bericht mit diesem Schlüssel wartet.',
      KEPT,
      'Sehen Sie in die Liste der Berichte; vielleicht wurde er inzwischen bestätigt.',
    ),
    'report/invalid': say('Der Bericht ist ungültig.', KEPT, REQUEST),
    'report/key-invalid': say('Der Schlüssel des Berichts ist ungültig.', KEPT, REQUEST),
    'report/key-missing': say('Der Bericht hat keinen Schlüssel.', KEPT, REQUEST),
    'report/key-reused': say('Der Schlüssel des Berichts gehört zu einem anderen Bericht.', KEPT, REQUEST),
    'report/query-invalid': say('Die Frage nach Berichten ist ungültig.', NONE, REQUEST),
    'report/store-full': say(
      'Der DM-Server bewahrt keine weiteren Berichte auf.',
      KEPT,
      'Starten Sie den virtuellen DM-Server mit leerem Zustandsordner.',
    ),

    'page/bad-request': say('Die Seite hat etwas verlangt, das es nicht gibt.', NONE, 'Laden Sie die Seite neu.'),
    'page/contract': say(
      'Seite und Programm haben verschiedene Versionen.',
      NONE,
      'Laden Sie die Seite neu; hilft das nicht, starten Sie PC Agent neu.',
    ),
    'page/failed': say('Die Nachricht ließ sich nicht zeigen.', NONE, 'Laden Sie die Seite neu.'),
    'page/no-session': say('Diese Seite ist nicht angemeldet.', NONE, OPEN_NEW),
    'page/not-found': say('Diese Seite gibt es nicht.', NONE, OPEN_NEW),
    'page/token-spent': say('Diese Adresse wurde schon benutzt oder ist zu alt.', NONE, OPEN_NEW),
    'page/unreachable': say(
      'PC Agent antwortet nicht.',
      'Das Handy ist sicher, solange es nicht arbeitet. PC Agent läuft vielleicht noch.',
      'Prüfen Sie, ob PC Agent läuft; diese Seite versucht es von selbst wieder.',
    ),
    'page/wrong-host': say('Die Seite wurde unter fremdem Namen verlangt.', NONE, OPEN_NEW),
    'page/wrong-origin': say('Eine andere Seite wollte mit PC Agent reden und wurde abgewiesen.', NONE, OPEN_NEW),
  },
  byFamily: {
    air: say('Mit Bluetooth stimmt etwas nicht.', SAFE, 'Fragen Sie den Doktor (pc-agent doctor).'),
    bearer: say('Mit der Verbindung zum Handy stimmt etwas nicht.', HALF, CABLE),
    doctor: say(
      'Der Doktor konnte nicht arbeiten.',
      NONE,
      'Lassen Sie den Doktor noch einmal nachsehen (pc-agent doctor).',
    ),
    obex: say('Handy und PC Agent verstehen einander nicht (OBEX).', KEPT, SUPPORT_HANDSET),
    wbxml: say('Eine Nachricht ist unlesbar (WBXML).', KEPT, SUPPORT_SENDER),
    xml: say('Eine Nachricht ist unlesbar (XML).', KEPT, SUPPORT_SENDER),
    syncml: say('Eine Nachricht ist kein gültiges SyncML.', KEPT, SUPPORT_SENDER),
    dm: say('In der Verwaltungssitzung ging etwas schief.', KEPT, AGAIN),
    dms: say('Mit dem DM-Server stimmt etwas nicht.', KEPT, ADMIN),
    dlota: say('Mit einem Download stimmt etwas nicht.', SAFE, 'Starten Sie den Download neu.'),
    provisioning: say('Mit Einstellungen für ein Handy stimmt etwas nicht.', SAFE, 'Senden Sie sie noch einmal.'),
    relay: say('Beim Weiterleiten ging etwas schief.', KEPT, AGAIN),
    job: say('Mit einem Auftrag stimmt etwas nicht.', KEPT, 'Geben Sie ihn noch einmal auf.'),
    offline: say('Das Paket passt nicht zum Handy.', SAFE, 'Wählen Sie ein anderes Paket.'),
    fumo: say(
      'Das Handy konnte seine Firmware nicht aktualisieren.',
      KEPT,
      'Sehen Sie auf die Version seiner Firmware.',
    ),
    scomo: say('Das Handy konnte seine Software nicht ändern.', KEPT, 'Lesen Sie seinen Bestand.'),
    shell: say('Mit dem Fenster von PC Agent stimmt etwas nicht.', KEPT, 'Starten Sie PC Agent neu.'),
    cli: say('Der Befehl ließ sich nicht ausführen.', NONE, 'Sehen Sie in --help nach.'),
    demo: say('Bei der Vorführung ging etwas schief.', NONE, DEMO),
    virtual: say('Auf einer virtuellen Seite ging etwas schief.', NONE, AGAIN),
    notification: say('Eine Anfrage an den DM-Server ist ungültig.', NONE, REQUEST),
    package: say('Mit einem Paket des DM-Servers stimmt etwas nicht.', NONE, REQUEST),
    approval: say('Mit einer Freigabe stimmt etwas nicht.', NONE, REQUEST),
    comparison: say('Der Vergleich war nicht möglich.', NONE, REQUEST),
    device: say('Der DM-Server kann dieses Handy nicht bestimmen.', NONE, REQUEST),
    events: say('Die Ereignisse ließen sich nicht verfolgen.', NONE, REQUEST),
    order: say('Mit einer Bestellung für ein Modell stimmt etwas nicht.', NONE, REQUEST),
    rule: say('Mit einer Regel stimmt etwas nicht.', NONE, REQUEST),
    schedule: say('Mit einem Zeitplan stimmt etwas nicht.', NONE, REQUEST),
    report: say('Der DM-Server hat einen Bericht nicht angenommen.', KEPT, REQUEST),
    page: say('Die Seite ließ sich nicht zeigen.', NONE, OPEN_NEW),
    listening: say('Mit einem Eingang für Handys stimmt etwas nicht.', SAFE, 'Sehen Sie pc-agent listen list an.'),
    net: say('Mit dem Netz stimmt etwas nicht.', KEPT, 'Prüfen Sie das Netz und versuchen Sie es noch einmal.'),
    settings: say('Eine Einstellung ist ungültig.', NONE, 'Berichtigen Sie die unten genannte Einstellung.'),
    cache: say(
      'Mit dem Paketspeicher stimmt etwas nicht.',
      SAFE,
      'Prüfen Sie den Datenträger und rufen Sie pc-agent packages verify auf.',
    ),
    archive: say('So lässt sich das Archiv nicht benutzen.', SAFE, 'Rufen Sie pc-agent archive list auf.'),
    snapshot: say('So lässt sich die Momentaufnahme nicht benutzen.', SAFE, 'Rufen Sie pc-agent snapshots list auf.'),
    store: say(
      'Mit der Datenbank stimmt etwas nicht.',
      KEPT,
      'Prüfen Sie den Datenträger und starten Sie PC Agent neu.',
    ),
    journal: say(
      'Mit dem Journal stimmt etwas nicht.',
      KEPT,
      'Prüfen Sie den Datenträger und starten Sie PC Agent neu.',
    ),
    host: say('Mit PC Agent selbst stimmt etwas nicht.', KEPT, 'Starten Sie PC Agent neu.'),
    handset: say('Das Handy ist nicht zu bestimmen.', NONE, 'Nennen Sie seine Adresse.'),
    prompt: say(
      'Eine Antwort hat das Handy nicht erreicht.',
      KEPT,
      'Antworten Sie noch einmal, wenn das Handy noch fragt.',
    ),
  },
  unknown: say(
    'Etwas ging schief, wofür PC Agent keine Worte hat.',
    HALF,
    'Kopieren Sie Code und Einzelheiten und fragen Sie um Hilfe.',
  ),
};
