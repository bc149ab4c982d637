import { plural } from '../../plural.ts';

const LANGUAGE = 'en';

/** Words of the questions that virtual handsets ask, and of those that come while a phone is paired. */
export const prompts = {
  title: (name: string) => `${name} asks`,
  screen: 'This window is the demo phone’s screen. The question comes from the phone; no real phone is touched.',
  until: (text: string) => `The phone waits ${text} more.`,
  over: 'The phone has stopped waiting.',
  waits: 'The phone waits until you answer.',
  more: (count: number) =>
    plural(LANGUAGE, count, { one: '1 more question waits.', other: `${count} more questions wait.` }),
  accept: 'Accept',
  reject: 'Refuse',
  later: 'Answer later',
  laterHint: '“Answer later” breaks this work off without harm; it can be ordered again.',
  shows: (name: string) => `${name} shows a text`,
  shownFor: (text: string) => `The phone shows this for ${text} more.`,
  shownOut: 'The phone no longer shows this.',
  ok: 'OK',
  send: 'Send',
  answer: 'Your answer',
  hidden: 'A secret: it is sent to the server and shown nowhere.',
  most: (count: number) =>
    plural(LANGUAGE, count, { one: 'At most 1 character.', other: `At most ${count} characters.` }),
  forms: {
    alphanumeric: '',
    numeric: 'A number, such as -12.5.',
    date: 'A date as day, month and year without spaces: 31122026.',
    time: 'A time as hours, minutes and seconds without spaces: 235959.',
    phone: 'A phone number: digits, + in front; p, w and s for pauses.',
    ip: 'Four numbers with dots between them: 192.0.2.1.',
  },
  one: 'Choose one',
  many: 'Choose what applies, or nothing',
  suggested: 'Suggested by the server',
  faults: {
    kind: 'The phone wants another kind of answer.',
    long: 'That is longer than the server takes.',
    characters: {
      alphanumeric: 'That holds characters that cannot be sent.',
      numeric: 'That is not a number.',
      date: 'That is not a date of the form 31122026.',
      time: 'That is not a time of the form 235959.',
      phone: 'That is not a phone number.',
      ip: 'That is not an address of the form 192.0.2.1.',
    },
    number: 'That cannot be chosen.',
    count: 'Choose one of them.',
  },
  pairing: {
    title: (name: string) => `Pair with ${name}`,
    confirm: {
      text: 'Does the phone show the same number?',
      hint: 'If it shows another number, or none, somebody else may be in between: say that it differs.',
      yes: 'It is the same',
      no: 'It differs',
    },
    allow: {
      text: 'May this phone be paired?',
      hint: 'Allow it only if you, or the person who holds the phone, have just asked for it.',
      yes: 'Allow',
      no: 'Refuse',
    },
    'enter-pin': {
      text: 'Choose a PIN',
      hint: 'Enter the same PIN on the phone afterwards. A longer one is safer.',
      label: 'PIN, 1 to 16 characters',
      fault: 'A PIN has 1 to 16 characters.',
    },
    'enter-passkey': {
      text: 'Enter the number that the phone shows',
      hint: 'If the phone shows no number, cancel the pairing and begin again.',
      label: 'Number on the phone, up to six digits',
      fault: 'Enter up to six digits.',
    },
    show: {
      text: 'Enter this on the phone',
      hint: 'This window closes by itself as soon as the phone has it.',
    },
    left: (text: string) => `${text} left`,
    over: 'The time is over.',
    send: 'Pair',
    cancel: 'Cancel the pairing',
  },
};
