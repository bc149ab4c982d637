import { plural } from '../../plural.ts';

const LANGUAGE = 'en';

/** Words of this screen. */
export const doctor = {
  hint: 'Finds out what keeps phones on a cable from being used, and mends it where it may.',
  again: 'Look again',
  looking: 'Looking at this computer and at what is attached',
  trouble: (count: number, text: string) =>
    plural(LANGUAGE, count, { one: '1 thing needs you', other: `${text} things need you` }),
  well: 'Nothing keeps phones from being used',
  wellHint: 'A phone that is plugged in now can be used.',
  wellNothing: 'No phone is attached by cable at the moment.',
  gone: 'What you came for is not found any more. This is how it stands now.',
  noCables: {
    title: 'This computer has no ports for cables',
    text: 'The system shows neither USB nor a serial port, as in a container or a virtual machine. Everything else works as before: phones on the network and demo phones.',
    mend: 'If it should have USB: pass it on to this machine, or look for it in the settings of the firmware. Then look again.',
  },
  computer: 'This computer',
  at: (name: string, place: string) => `${name}, ${place}`,
  quiet: (count: number, text: string) =>
    plural(LANGUAGE, count, { one: '1 more check', other: `${text} more checks` }),
  states: { good: 'Good', trouble: 'Needs you', unknown: 'Not certain' },
  checks: {
    'usb-system': { name: 'USB', means: 'Without USB no phone can be reached by a USB cable.' },
    'bearer-process': {
      name: 'Part that opens cables',
      means: 'While it does not run, no phone is reached over USB or a serial port.',
    },
    'udev-rules': {
      name: 'Rules for the right to open phones',
      means:
        'As long as they are not as they should be, perhaps only the administrator may open a phone on a USB cable.',
    },
    permission: { name: 'Right to open it', means: 'PC Agent sees it, but the system does not let it speak with it.' },
    holder: { name: 'Free of other programs', means: 'Only one program at a time can speak with a phone.' },
    'modem-manager': {
      name: 'Modem service',
      means: 'The system’s modem service sends commands of its own to every port that could be a modem.',
    },
    driver: { name: 'Driver', means: 'Without a driver the system makes no port of it that could be opened.' },
    service: {
      name: 'What it offers',
      means: 'PC Agent needs OBEX or a modem port to speak with a phone.',
    },
    'way-in': {
      name: 'Way in for phones',
      means: 'While it is not open, phones that start a session themselves do not reach this computer.',
    },
  },
  facts: {
    title: 'What was seen',
    names: {
      access: 'Access',
      attached: 'Things attached',
      buses: 'USB buses',
      command: 'Command',
      driver: 'Driver',
      error: 'Error',
      file: 'File',
      folder: 'Folder',
      group: 'Group',
      groups: 'Your groups',
      holder: 'Used by',
      interface: 'Interface',
      mode: 'Mode',
      module: 'Kernel module',
      node: 'Device file',
      octets: 'Bytes',
      opened: 'Opened to try it',
      owner: 'Owner',
      pid: 'Process number',
      rule: 'Rule',
      signing: 'Signature',
      system: 'The system says',
      user: 'You are',
      way: 'Way',
    },
  },
  remedy: {
    title: 'What mends it',
    byYou: 'What you can do',
    /** By the first part of a remedy's name. */
    kinds: {
      'udev-rules':
        'A rule file is put in place: the person at the screen and the members of the group dialout may open phones, nobody else.',
      'udev-again': 'The system goes through its rules for this phone once more.',
      'modem-manager':
        'A rule file tells the modem service to leave this phone alone. The phone then gives this computer no mobile broadband any more. It counts from the next time it is plugged in.',
      driver: 'The driver is loaded until this computer starts again.',
      group: 'You are added to the group that may open it. It counts after you have signed out and in again.',
      login: 'You were added to the group that may open it. Sign out and in again, so that it counts.',
      holder: 'Close that program in its own way. If it has no window any more, end it with these commands.',
      'rule-file': 'The administrator changes the rule of somebody else that is named above.',
    },
    names: {
      'udev-rules': 'Put the rule file in place',
      'udev-again': 'Let the system go through its rules again',
      'modem-manager': 'Keep the modem service away',
      driver: 'Load the driver',
    },
    other: 'The doctor does this on your computer.',
    windowsDriver: 'The driver’s file is added to Windows, which takes it only with a signed catalogue beside it.',
    writes: 'Is written to',
    content: (file: string) => `What stands in ${file}`,
    copyContent: 'Copy the content',
    runs: 'Commands',
    copyCommands: 'Copy the commands',
    asAdministrator: 'These commands need the rights of an administrator.',
    byHand: 'Do it yourself in a terminal',
    administrator: 'The system asks for an administrator’s password. PC Agent never sees it.',
    apply: 'Apply…',
    undo: 'Undo…',
    applied: 'Applied by the doctor.',
    appliedTo: (path: string) => `Applied by the doctor: ${path}`,
  },
  consent: {
    apply: (name: string) => `${name}?`,
    undo: (name: string) => `Undo: ${name}?`,
    applyHint: 'This is done to your computer, and nothing else:',
    undoHint: 'What the doctor did is taken back; a file that was there before is put back.',
    applyNow: 'Apply',
    undoNow: 'Undo',
    afterwards: 'Afterwards the phone is tried, and you can undo it at any time.',
    afterwardsComputer: 'Afterwards what is attached is tried, and you can undo it at any time.',
    working: 'Being done. Answer the system’s question for the password, if it asks.',
    stop: 'Stop',
  },
  outcome: {
    applied: 'The remedy was applied, and it helped.',
    appliedText: 'It was tried for real: this trouble is gone.',
    later: 'The remedy was applied.',
    laterText: 'Whether it helps shows with the next phone that is plugged in.',
    undone: 'The remedy was taken back.',
    undoneText: 'It is as it was before.',
    said: (text: string) => `The system said: ${text}`,
    dismiss: 'Dismiss',
  },
  say: {
    well: 'The doctor has looked: no trouble found.',
    trouble: (count: number, text: string) =>
      plural(LANGUAGE, count, {
        one: 'The doctor has looked: 1 thing needs you.',
        other: `The doctor has looked: ${text} things need you.`,
      }),
  },
};
