import { plural } from '../../plural.ts';

/** Words of this screen. */
export const help = {
  hint: 'All of it lies on this computer and works offline.',
  search: 'Search for an error code or words',
  searchHint: 'Such as bearer/lost, certificate or 404',
  clear: 'Clear search',
  results: (count: number, text: string) => plural('en', count, { one: `${text} match`, other: `${text} matches` }),
  noResults: 'Nothing matches.',
  noResultsHint: 'Try fewer words, or only the part of the code before the slash.',
  topicsTitle: 'Topics',
  codesTitle: 'Error codes',
  codesHint: 'Every error has a code of the form family/reason. The family says where the fault lies.',
  back: 'All help',
  codes: (count: number, text: string) => plural('en', count, { one: `${text} code`, other: `${text} codes` }),
  what: 'What happened',
  family: 'Family',
  siblings: 'Other codes of this family',
  copyCode: 'Copy code',
  unknownTitle: 'A code without a page of its own',
  unknown: (code: string) => `There is no page for ${code}. This is what can be said from its family.`,
  unknownFamily: (code: string) => `There is no page for ${code}, and its family is not known either.`,
  topics: {
    states: {
      title: 'What the state words mean',
      hint: 'Ready, Waiting for phone, Needs you and the others',
      intro: 'The same words stand for the same thing on every screen.',
    },
    numbers: {
      title: 'What the numbers mean',
      hint: 'Statuses, alerts and result codes of OMA DM',
      intro: 'Handsets and servers answer with numbers of the OMA standards.',
      statuses: 'Statuses of commands',
      alerts: 'Alerts',
      results: 'Results of software operations',
      number: 'Number',
      meaning: 'Meaning',
    },
    bearers: {
      title: 'Ways to a handset',
      hint: 'Network, serial line, USB and Bluetooth',
      intro: 'A bearer is how the bytes reach a handset.',
    },
    cables: {
      title: 'Phones on a cable',
      hint: 'One card a phone, port numbers, the doctor, and a cable that is pulled',
      intro: 'A phone that is plugged in appears by itself, and is asked who it is.',
      told: [
        {
          term: 'One card a phone',
          text: 'A phone may be reached in several ways at once, such as USB and a serial port. They stand on one card as soon as the phone has said its number over each of them.',
        },
        {
          term: 'May be the same phone',
          text: 'Two cards are alike, but one of the phones has not said its number. You decide: Same phone makes one card of them, Different phones keeps both, and it is not proposed again.',
        },
        {
          term: 'USB port 1-2.3',
          text: 'The socket, as the system counts: bus 1, its port 2, and port 3 of the hub that is plugged in there. The number belongs to the socket, not to the phone: the same phone is known at any other.',
        },
        {
          term: 'Cannot be used',
          text: 'The card names one reason and what to do next. The doctor tells more: it shows what was seen, exactly what it would write or run, does it when you agree, tries the phone for real, and can take it back.',
        },
        {
          term: 'The cable is pulled',
          text: 'The work waits for the phone, or goes on over another way that is attached. A download goes on where it stopped; a session repeats its last message where the phone keeps the session; else a new session begins. The card says which.',
        },
      ],
    },
    jobs: {
      title: 'Work that DM servers have',
      hint: 'Jobs, Sync, and what a job waits for',
      intro: 'A DM server cannot call a phone on a cable. It keeps its work until the phone is attached here.',
      told: [
        {
          term: 'Jobs',
          text: 'Each server profile has a list of the jobs that others gave this server: what is to be done, on which phone, and how it stands. The list changes by itself.',
        },
        {
          term: 'Sync, Carry now',
          text: 'PC Agent asks the server which sessions it wants with the phone and carries one after the other, until it wants no more. The messages pass unchanged.',
        },
        {
          term: 'Waits for phone',
          text: 'Attach the phone, then choose Sync on its card or Carry now in the list.',
        },
        {
          term: 'Waits for approval',
          text: 'Another authority has to agree first. Nothing is carried until it does.',
        },
        {
          term: 'N jobs wait at …',
          text: 'This line on a card is asked for every few minutes, and never while the offline switch is on. A server that shows nobody its jobs can be synced all the same.',
        },
      ],
    },
    faults: {
      title: 'Virtual handsets and their faults',
      hint: 'Try things out, and what goes wrong on purpose',
      intro: 'A virtual handset is a phone made of software. Everything is done with it as with a real one.',
      told: [
        {
          term: 'Demo phone',
          text: 'Start one in Settings or among the handsets; in Settings you may also choose its kind and model.',
        },
        {
          term: 'Faults…',
          text: 'On its card: what it does wrong from now on, such as a cable that is pulled at an octet, a full memory, a person who refuses. Some take a value; empty is the default.',
        },
        {
          term: 'N faults set',
          text: 'The badge on its card stays as long as a fault is set. Clear all makes it well again.',
        },
        { term: 'Real phones', text: 'A fault is never set on a real phone: only virtual ones know them.' },
      ],
    },
    keyboard: {
      title: 'Keyboard',
      hint: 'Everything works without a mouse',
      intro: 'Every control can be reached and used by keyboard.',
      everywhere: 'Everywhere',
      window: 'In PC Agent’s own window',
      windowHint: 'On a Mac, use Cmd in place of Ctrl. In a web browser these keys belong to the browser.',
      key: 'Key',
      does: 'What it does',
    },
    places: {
      title: 'Where data lies',
      hint: 'Folders of settings, journal and packages',
      intro:
        'Everything lies on this computer, readable by your user account only. With PC_AGENT_HOME set, all of it lies in that folder. There is no log file apart: the journal is the record.',
      system: 'System',
      settings: 'Settings',
      state: 'Database and journal',
      content: 'Packages',
      now: 'Packages lie here now',
      secrets:
        'Before you give any of it away: raw messages hold credentials. Use the export of the journal, which masks them.',
    },
  },
  states: {
    ready: 'The handset answers and can be worked with.',
    waiting: 'PC Agent waits for the handset, or for the person who holds it.',
    working: 'Something is being done now. Look at the word on the cable before you unplug.',
    needsYou: 'It does not go on until you decide or do something.',
    done: 'It ended as it should.',
    failed: 'It ended without success. The error says whether the phone is safe.',
    skipped: 'It was not needed, such as a package that the handset has already.',
    away: 'The handset was met before and is not attached now.',
    unusable: 'It is attached and cannot be used; the reason stands beside it.',
    refused: 'The person at the handset said No.',
    postponed: 'The person at the handset put it off.',
    cancelled: 'A person broke it off.',
    expired: 'It did not begin in its time.',
    queued: 'It waits for its turn.',
    verified: 'The bytes of the package are those that a trusted source named.',
    unverified: 'Nobody vouches for the package. It is not installed unless you allow it.',
    quarantined: 'The package was found damaged and is out of use.',
  },
  unplug: {
    safe: 'The cable can be pulled without harm to the handset.',
    unsafe: 'Leave the cable in: the handset is at work.',
  },
  bearers: {
    tcp: {
      text: 'A handset that speaks OBEX over a network connection, such as a virtual one. Its address is tcp:HOST:PORT.',
      hint: 'Needs no rights. The offline switch leaves it alone.',
    },
    serial: {
      text: 'A handset on a serial line or on a USB cable that shows itself as one. Its address is serial:PATH, with @SPEED if need be.',
      hint: 'Appears by itself. On Linux your account needs the right to open the port; the doctor shows it.',
    },
    usb: {
      text: 'A handset on a USB cable that offers an OBEX interface. Its address is usb:VENDOR:PRODUCT, with :SERIALNUMBER or @PORT if need be.',
      hint: 'Appears by itself. When it may not be opened, the doctor shows why and can give the right.',
    },
    bluetooth: {
      text: 'A handset nearby that is paired with this computer. Its address is bluetooth:ADDRESS, with @CHANNEL if need be.',
      hint: 'Find and pair it under Bluetooth on the Handsets screen. The doctor shows whether this computer can do it.',
    },
    http: {
      text: 'A handset with a network of its own that posts to PC Agent as to a DM server.',
      hint: 'It calls and cannot be called: switch the network link on under Listening, and let it in once.',
    },
  },
  keys: {
    tab: { keys: ['Tab'], text: 'Go to the next control' },
    back: { keys: ['Shift', 'Tab'], text: 'Go to the control before' },
    enter: { keys: ['Enter'], text: 'Follow a link or press a button' },
    space: { keys: ['Space'], text: 'Press a button, turn a switch or box on or off' },
    arrows: { keys: ['↑ / ↓'], text: 'Choose another of several choices' },
    escape: { keys: ['Esc'], text: 'Close a dialog without doing anything' },
  },
  windowKeys: {
    go: {
      keys: ['Ctrl', '1 – 8'],
      text: 'Go to Handsets, Packages, Journal, Server profiles, Listening, Network ledger, Demo, Doctor',
    },
    settings: { keys: ['Ctrl', ','], text: 'Go to Settings' },
    help: { keys: ['F1'], text: 'Go to Help' },
    zoom: { keys: ['Ctrl', '+ / −'], text: 'Larger or smaller; Ctrl and 0 for the usual size' },
  },
};
