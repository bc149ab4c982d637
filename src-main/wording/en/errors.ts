const SAFE = 'The handset is safe; nothing was changed on it.';
const KEPT = 'The handset is safe; what was finished before stays as it is.';
const HALF = 'The handset is safe to unplug, but the last step may not be finished. Ask for the inventory to be sure.';
const NONE = 'No handset is involved.';

const AGAIN = 'Start the session again.';
const CABLE = 'Check the cable or the Bluetooth link, then start the session again.';
const SUPPORT_HANDSET = 'Keep the message with its bytes and give it to the maker of the handset.';
const SUPPORT_SENDER = 'Keep the message with its bytes and give it to whoever runs its sender.';
const ADMIN = 'Ask the administrator of the DM server.';
const CHECK_CREDENTIALS = 'Check user, password and server name on both sides.';
const OPEN_NEW = 'Press Enter in the terminal where PC Agent runs and open the new address.';

const DEMO = 'Start the demo again.';
const REQUEST = 'Correct the request; /api/v1/openapi.json describes what is served.';

const say = (what: string, phoneSafe: string, next: string) => ({ what, phoneSafe, next });

/** What happened, whether the phone is safe, what to do next. */
export const errors = {
  byCode: {
    'bearer/address-invalid': say('This is not an address of a handset.', NONE, 'Write it as tcp:HOST:PORT.'),
    'bearer/busy': say('Another program uses the link to the handset.', SAFE, 'Close that program, then try again.'),
    'bearer/driver-missing': say(
      'The driver for this link is missing.',
      SAFE,
      'Install the driver, then attach the handset again.',
    ),
    'bearer/lost': say('The link to the handset broke.', HALF, CABLE),
    'bearer/no-obex': say(
      'The handset has no OBEX on this serial line.',
      SAFE,
      'Try another of its ports, or set it to data connection on its screen.',
    ),
    'bearer/not-a-tty': say('This is not a serial port.', NONE, 'Name a serial port, such as serial:/dev/ttyACM0.'),
    'bearer/permission-denied': say(
      'You have no right to open this port.',
      SAFE,
      'Ask to be added to the group of the port, on Debian dialout, then log in again.',
    ),
    'bearer/not-built': say('This kind of link is not in this version.', NONE, 'Use a tcp: address.'),
    'bearer/timeout': say('The handset did not answer in time.', KEPT, CABLE),
    'bearer/unavailable': say(
      'The handset cannot be reached.',
      SAFE,
      'Check that it is switched on and attached, then try again.',
    ),

    'obex/aborted': say('The transfer was broken off.', KEPT, AGAIN),
    'obex/connection-id-missing': say('The handset gave no connection number.', SAFE, SUPPORT_HANDSET),
    'obex/disconnected': say('The handset ended the OBEX connection.', KEPT, AGAIN),
    'obex/header-length': say('A header of a packet has a wrong length.', KEPT, SUPPORT_HANDSET),
    'obex/header-too-long': say('A header of a packet is too long.', KEPT, SUPPORT_HANDSET),
    'obex/header-truncated': say('A header of a packet ended too early.', KEPT, SUPPORT_HANDSET),
    'obex/object-too-long': say('The message is longer than PC Agent accepts.', KEPT, SUPPORT_SENDER),
    'obex/out-of-step': say('The handset answered something that was not asked.', KEPT, AGAIN),
    'obex/packet-length': say('A packet has a wrong length.', KEPT, SUPPORT_HANDSET),
    'obex/packet-too-long': say('A packet is longer than was agreed.', KEPT, SUPPORT_HANDSET),
    'obex/packet-truncated': say('A packet of the handset ended too early.', HALF, CABLE),
    'obex/response': say(
      'The handset refused the transfer.',
      KEPT,
      'Look up the answer’s number below, then try again.',
    ),
    'obex/timeout': say('The handset did not answer in time.', KEPT, CABLE),
    'obex/who-mismatch': say(
      'Something other than device management answered.',
      SAFE,
      'Switch on device management on the handset.',
    ),

    'wbxml/bad-entity': say('A message has a character that does not exist.', KEPT, SUPPORT_SENDER),
    'wbxml/bad-text': say('A message has a text that is not readable.', KEPT, SUPPORT_SENDER),
    'wbxml/bad-version': say('A message is in an unknown version of WBXML.', KEPT, SUPPORT_SENDER),
    'wbxml/integer-too-long': say('A number in a message does not end.', KEPT, SUPPORT_SENDER),
    'wbxml/not-text': say('A message has bytes where a text belongs.', KEPT, SUPPORT_SENDER),
    'wbxml/string-table': say('A message points outside its table of texts.', KEPT, SUPPORT_SENDER),
    'wbxml/too-deep': say('A message is nested too deeply.', KEPT, SUPPORT_SENDER),
    'wbxml/too-large': say('A message is too large.', KEPT, SUPPORT_SENDER),
    'wbxml/trailing': say('There is something after the end of a message.', KEPT, SUPPORT_SENDER),
    'wbxml/truncated': say('A message ended too early.', KEPT, SUPPORT_SENDER),
    'wbxml/unexpected-token': say('A message has a token where none may be.', KEPT, SUPPORT_SENDER),
    'wbxml/unknown-tag': say(
      'A message cannot be written in WBXML: a name is not in its tables.',
      KEPT,
      SUPPORT_SENDER,
    ),
    'wbxml/unsupported': say(
      'A message uses a part of WBXML that device management does not use.',
      KEPT,
      SUPPORT_SENDER,
    ),
    'wbxml/unsupported-charset': say('A message is in an unknown character set.', KEPT, SUPPORT_SENDER),

    'xml/bad-text': say('A message has characters that XML cannot hold.', KEPT, SUPPORT_SENDER),
    'xml/entity-declaration': say('A message declares entities, which is not allowed.', KEPT, SUPPORT_SENDER),
    'xml/malformed': say('A message is not well-formed XML.', KEPT, SUPPORT_SENDER),
    'xml/not-text': say('A message has bytes where XML needs a text.', KEPT, SUPPORT_SENDER),
    'xml/too-deep': say('A message is nested too deeply.', KEPT, SUPPORT_SENDER),
    'xml/too-large': say('A message is too large.', KEPT, SUPPORT_SENDER),
    'xml/truncated': say('A message ended too early.', KEPT, SUPPORT_SENDER),
    'xml/unknown-tag': say('A message has a name that is not known.', KEPT, SUPPORT_SENDER),
    'xml/unsupported-charset': say('A message is in an unknown character set.', KEPT, SUPPORT_SENDER),

    'syncml/bad-base64': say('A value is not base64, although it says so.', KEPT, SUPPORT_SENDER),
    'syncml/bad-number': say('A message has a text where a number belongs.', KEPT, SUPPORT_SENDER),
    'syncml/content-type': say('The content type is not that of a DM message.', KEPT, SUPPORT_SENDER),
    'syncml/header-invalid': say('The header of a message is incomplete.', KEPT, SUPPORT_SENDER),
    'syncml/missing-element': say('A message lacks a required part.', KEPT, SUPPORT_SENDER),
    'syncml/not-a-message': say('This is not a DM message.', KEPT, SUPPORT_SENDER),
    'syncml/too-large': say('A message is too large.', KEPT, SUPPORT_SENDER),
    'syncml/unknown-format': say('This is neither WBXML nor XML.', NONE, 'Choose a file that holds a DM message.'),

    'dm/aborted': say(
      'One side broke off the session.',
      KEPT,
      'Look at the last messages for the reason, then start again.',
    ),
    'dm/auth-refused': say('Handset and server do not accept each other’s credentials.', SAFE, CHECK_CREDENTIALS),
    'dm/cancelled': say('The session was stopped.', KEPT, AGAIN),
    'dm/failed': say('The session failed.', KEPT, AGAIN),
    'dm/final-missing': say('A side never said that it had finished.', KEPT, SUPPORT_SENDER),
    'dm/large-object-incomplete': say('A package did not arrive whole.', SAFE, 'Send the package again.'),
    'dm/message-too-large': say(
      'A message is larger than its receiver allows.',
      KEPT,
      'Raise the message size or send smaller parts.',
    ),
    'dm/msgid-wrong': say('A message has a wrong number.', KEPT, AGAIN),
    'dm/msgref-wrong': say('An answer points to a message that was never sent.', KEPT, AGAIN),
    'dm/notification-digest': say(
      'The handset did not believe the call: its digest is wrong.',
      SAFE,
      CHECK_CREDENTIALS,
    ),
    'dm/notification-field': say('The call to a session has a wrong field.', SAFE, ADMIN),
    'dm/notification-ignored': say('The handset did not react to the call to a session.', SAFE, AGAIN),
    'dm/notification-repeated': say(
      'The handset was called to a session that is open already.',
      KEPT,
      'Wait until the session is over.',
    ),
    'dm/notification-server': say('The handset does not know the server that called it.', SAFE, CHECK_CREDENTIALS),
    'dm/notification-session': say('The call names no valid session.', SAFE, ADMIN),
    'dm/notification-too-large': say('The call to a session is too long.', SAFE, ADMIN),
    'dm/notification-truncated': say('The call to a session ended too early.', SAFE, ADMIN),
    'dm/notification-version': say('The call to a session is of an unknown version.', SAFE, ADMIN),
    'dm/out-of-turn': say('A message came when it was not its sender’s turn.', KEPT, AGAIN),
    'dm/server-not-authenticated': say('The server did not prove who it is.', SAFE, CHECK_CREDENTIALS),
    'dm/server-refused': say('The handset does not accept the server’s credentials.', SAFE, CHECK_CREDENTIALS),
    'dm/session-cut': say('The server left before the session was over.', HALF, AGAIN),
    'dm/session-unknown': say('A message belongs to a session that was never begun.', KEPT, AGAIN),
    'dm/session-wrong': say('A message belongs to another session.', KEPT, AGAIN),
    'dm/status': say('A command was refused.', KEPT, 'Look up the status below.'),
    'dm/status-missing': say('A command was not answered.', HALF, SUPPORT_HANDSET),
    'dm/status-unexpected': say('An answer points to a command that was never sent.', KEPT, AGAIN),
    'dm/version': say('Handset and server speak different versions of device management.', SAFE, ADMIN),

    'dms/answer-empty': say('The DM server’s answer is empty.', KEPT, ADMIN),
    'dms/answer-too-large': say('The DM server’s answer is too large.', KEPT, ADMIN),
    'dms/answer-unexpected': say('The DM server answered with something else than a DM message.', KEPT, ADMIN),
    'dms/closed': say('The DM server closed the connection.', KEPT, AGAIN),
    'dms/host-refused': say('The DM server was asked for under a foreign name.', NONE, REQUEST),
    'dms/http-status': say('The DM server answered with an error.', KEPT, ADMIN),
    'dms/internal': say('The DM server met an error of its own.', KEPT, ADMIN),
    'dms/job-failed': say(
      'The DM server calls its work failed.',
      KEPT,
      'Look at the result below, then ask for the inventory.',
    ),
    'dms/job-open': say('The session is over and the DM server has not settled its work.', HALF, ADMIN),
    'dms/listen-failed': say('The DM server cannot use its port.', NONE, 'Choose another port, or 0 for any free one.'),
    'dms/method-not-allowed': say('The DM server does not accept this kind of request.', NONE, REQUEST),
    'dms/no-notification': say('The DM server has the work and does not ask for a session.', SAFE, ADMIN),
    'dms/not-found': say('The DM server does not have what was asked for.', NONE, REQUEST),
    'dms/origin-refused': say('A web page tried to talk to the DM server and was refused.', NONE, REQUEST),
    'dms/profile-exists': say('There is a profile of that name.', NONE, 'Choose another name.'),
    'dms/profile-invalid': say(
      'This is not the address of a DM server.',
      NONE,
      'Write http://HOST:PORT/PATH or https.',
    ),
    'dms/profile-unknown': say('There is no such profile.', NONE, 'Run pc-agent dms list to see which there are.'),
    'dms/refused': say('The DM server refused the request.', NONE, REQUEST),
    'dms/request-empty': say('A request to the DM server was empty.', KEPT, SUPPORT_SENDER),
    'dms/request-invalid': say('A request to the DM server is not valid.', NONE, REQUEST),
    'dms/request-not-json': say('A request to the DM server is not JSON.', NONE, REQUEST),
    'dms/request-too-large': say('A request to the DM server is too large.', KEPT, REQUEST),
    'dms/state-invalid': say('The virtual DM server’s stored state cannot be read.', NONE, 'Remove its state folder.'),
    'dms/timeout': say(
      'The DM server did not answer in time.',
      KEPT,
      'Try again; if it stays, ask the administrator of the DM server.',
    ),
    'dms/unreachable': say(
      'The DM server cannot be reached.',
      KEPT,
      'Check the network and the server’s address, then try again.',
    ),

    'net/offline': say('PC Agent is set to stay offline.', NONE, 'Switch the network on in the settings.'),
    'net/url-invalid': say(
      'This is not a web address that PC Agent may use.',
      NONE,
      'Write it as http://HOST:PORT/PATH or with https.',
    ),

    'relay/aborted': say('One side broke off the session.', KEPT, AGAIN),
    'relay/cancelled': say('Relaying was stopped.', HALF, AGAIN),
    'relay/ended-early': say('The session ended before it was finished.', HALF, AGAIN),
    'relay/failed': say('Relaying failed.', KEPT, AGAIN),
    'relay/notification-ignored': say('The handset did not react to the call to a session.', SAFE, CHECK_CREDENTIALS),
    'relay/respuri-refused': say(
      'The server wants the answer sent to a place that is not allowed.',
      KEPT,
      'If the place is right, allow it with --allow-origin.',
    ),
    'relay/stalled': say('Neither side said anything for too long.', KEPT, CABLE),
    'relay/timeout': say('One side did not answer in time.', KEPT, CABLE),

    'store/busy': say(
      'Another program keeps the database locked.',
      KEPT,
      'Close the program that has the database open, then try again.',
    ),
    'store/closed': say('PC Agent is ending and takes nothing more.', KEPT, 'Start PC Agent again.'),
    'store/corrupt': say(
      'The database is damaged, or is not one of PC Agent.',
      NONE,
      'Keep a copy of its folder for support, move the database away, and start PC Agent again.',
    ),
    'store/full': say('The disk of the database is full.', KEPT, 'Make room on that disk, then try again.'),
    'store/newer': say('A newer PC Agent wrote the database.', NONE, 'Install the newer PC Agent again.'),
    'store/read-only': say(
      'The database cannot be written.',
      KEPT,
      'Check the permissions of its folder and that the disk is not mounted read-only.',
    ),
    'store/unreadable': say(
      'The database cannot be opened, or its disk failed.',
      KEPT,
      'Check the path and the disk, then start PC Agent again.',
    ),

    'journal/cut-short': say('PC Agent ended before the session did.', HALF, AGAIN),

    'settings/invalid': say(
      'A stored setting or state is not valid.',
      NONE,
      'Correct or remove the file that is named in the details.',
    ),
    'settings/unreadable': say(
      'A stored setting or state cannot be read.',
      NONE,
      'Check the permissions of the file that is named in the details.',
    ),

    'host/cancelled': say('It was broken off.', KEPT, AGAIN),
    'host/contract': say('The running PC Agent is of another version.', NONE, 'End it, then try again.'),
    'host/leaving': say('PC Agent is about to end.', KEPT, 'Try again in a moment.'),
    'host/lost': say(
      'PC Agent ended or was killed in the middle.',
      HALF,
      'Start it again; what it had confirmed is kept.',
    ),
    'host/misread': say('PC Agent answered something that is not in its contract.', KEPT, 'Start PC Agent again.'),
    'host/no-page': say(
      'The running PC Agent serves no page.',
      NONE,
      'Wait until it has ended, then run pc-agent serve.',
    ),
    'host/not-running': say('No PC Agent runs.', NONE, 'Run pc-agent serve or npm start.'),
    'host/params-invalid': say(
      'A request has a part that is not right.',
      NONE,
      'Correct the part that is named below.',
    ),
    'host/running': say(
      'Another PC Agent holds the data folder.',
      NONE,
      'Use that one, or end it; its number is below.',
    ),
    'host/silent': say('The running PC Agent does not answer.', KEPT, 'Wait a moment; if that does not help, end it.'),
    'host/socket-failed': say(
      'PC Agent cannot use its own socket.',
      NONE,
      'Check the rights of the folder that is named below.',
    ),
    'host/socket-unsafe': say(
      'The folder of PC Agent’s socket belongs to somebody else.',
      NONE,
      'Remove that folder or set PC_AGENT_HOME to a shorter path.',
    ),
    'host/too-many-requests': say('Too much was asked for at once.', KEPT, 'Wait until something of it is done.'),
    'host/unexpected': say('PC Agent met an error of its own.', HALF, 'Copy the details and ask for support.'),
    'host/unknown-request': say('PC Agent does not know this request.', NONE, 'Use the same version on both sides.'),

    'handset/calls-only': say(
      'This handset has a network link: it calls, and cannot be called.',
      SAFE,
      'Let it call pc-agent relay --listen.',
    ),
    'handset/id-invalid': say('The handset did not say who it is.', SAFE, SUPPORT_HANDSET),
    'handset/id-unknown': say('It is not known which handset this is.', SAFE, 'Name it with --device.'),
    'handset/nowhere': say('It is not known where this handset is.', NONE, 'Name its address once.'),
    'handset/unknown': say('This handset was never met.', NONE, 'Name its address once, such as tcp:HOST:PORT.'),

    'cli/cancelled': say('It was stopped.', KEPT, AGAIN),
    'cli/ended-early': say('PC Agent had to end before it was finished.', HALF, AGAIN),
    'cli/file-unreadable': say('A file cannot be read.', NONE, 'Check the path and its permissions.'),
    'cli/listen-invalid': say(
      'This is not an address to listen on.',
      NONE,
      'Write it as HOST:PORT; port 0 takes any free one.',
    ),
    'cli/not-built': say('This is not in this version.', NONE, 'Look at --help for what is.'),
    'cli/output-closed': say('Nobody reads the output any more.', KEPT, AGAIN),
    'cli/page-missing': say('The page is not built.', NONE, 'Run npm start, which builds it.'),
    'cli/port-busy': say('The page’s port is taken.', NONE, 'Leave the port out, then any free one is used.'),
    'cli/unexpected': say('PC Agent met an error of its own.', HALF, 'Copy the details and ask for support.'),
    'cli/usage': say('The command line is not right.', NONE, 'Look at --help.'),

    'demo/cancelled': say('The demo was stopped.', NONE, DEMO),
    'demo/fault-unnoticed': say(
      'A fault was asked for, and nobody noticed it.',
      NONE,
      'Choose a fault that such a session can show.',
    ),
    'demo/install-failed': say('The package was not installed.', SAFE, 'Look at the handset’s report for the reason.'),
    'demo/not-transparent': say(
      'What the handset received is not what the server sent.',
      KEPT,
      'Do not use this installation; keep the record and ask for support.',
    ),
    'demo/peer-ended': say('The virtual handset or the virtual server ended too early.', NONE, DEMO),
    'demo/peer-silent': say('The virtual handset or the virtual server did not answer in time.', NONE, DEMO),

    'virtual/stalled': say('The virtual server held back its answer, as it was told to.', NONE, DEMO),
    'virtual/vanished': say('The virtual handset dropped the link, as it was told to.', NONE, DEMO),

    'page/bad-request': say('The page asked for something that does not exist.', NONE, 'Reload the page.'),
    'page/contract': say(
      'Page and program are of different versions.',
      NONE,
      'Reload the page; if that does not help, start PC Agent again.',
    ),
    'page/failed': say('The message could not be shown.', NONE, 'Reload the page.'),
    'page/message-gone': say(
      'The bytes of this message are no longer kept.',
      NONE,
      'Start the session again to see them.',
    ),
    'page/no-session': say('This page is not signed in.', NONE, OPEN_NEW),
    'page/not-found': say('There is no such page.', NONE, OPEN_NEW),
    'page/token-spent': say('This address was used already, or is too old.', NONE, OPEN_NEW),
    'page/unreachable': say(
      'PC Agent does not answer.',
      'The handset is safe as long as it is not working. PC Agent may still be running.',
      'Check that PC Agent runs; this page tries again by itself.',
    ),
    'page/wrong-host': say('The page was asked for under a foreign name.', NONE, OPEN_NEW),
    'page/wrong-origin': say('Another page tried to talk to PC Agent and was refused.', NONE, OPEN_NEW),
  },
  byFamily: {
    bearer: say('Something is wrong with the link to the handset.', HALF, CABLE),
    obex: say('Handset and PC Agent do not understand each other (OBEX).', KEPT, SUPPORT_HANDSET),
    wbxml: say('A message cannot be read (WBXML).', KEPT, SUPPORT_SENDER),
    xml: say('A message cannot be read (XML).', KEPT, SUPPORT_SENDER),
    syncml: say('A message is not valid SyncML.', KEPT, SUPPORT_SENDER),
    dm: say('The device management session went wrong.', KEPT, AGAIN),
    dms: say('Something is wrong with the DM server.', KEPT, ADMIN),
    relay: say('Relaying went wrong.', KEPT, AGAIN),
    cli: say('The command could not be carried out.', NONE, 'Look at --help.'),
    demo: say('The demo went wrong.', NONE, DEMO),
    virtual: say('A virtual side went wrong.', NONE, AGAIN),
    page: say('The page could not be served.', NONE, OPEN_NEW),
    net: say('Something is wrong with the network.', KEPT, 'Check the network, then try again.'),
    settings: say('A setting is not valid.', NONE, 'Correct the setting that is named below.'),
    store: say('Something is wrong with the database.', KEPT, 'Check the disk, then start PC Agent again.'),
    journal: say('Something is wrong with the journal.', KEPT, 'Check the disk, then start PC Agent again.'),
    host: say('Something is wrong with PC Agent itself.', KEPT, 'Start PC Agent again.'),
    handset: say('The handset cannot be told.', NONE, 'Name its address.'),
  },
  unknown: say(
    'Something went wrong that PC Agent has no words for.',
    HALF,
    'Copy the code and the details, and ask for support.',
  ),
};
