import { plural } from '../../plural.ts';

const packagesText = (count: number, text: string) =>
  plural('en', count, { one: `${text} package`, other: `${text} packages` });

/** Words of this screen. */
export const packages = {
  hint: 'What this computer keeps, ready to be installed with or without a network.',
  add: 'Add package…',
  fetch: 'Fetch from address…',
  drop: 'Drop the files to add them',
  empty: {
    title: 'No packages yet',
    text: 'Add a file from this computer, drop files anywhere on this screen, or fetch one from an address.',
  },
  noneFound: {
    title: 'No package fits the filter',
    text: 'Change the text or the state, or show all packages again.',
  },
  table: 'Packages on this computer',
  columns: {
    name: 'Name',
    version: 'Version',
    model: 'Model',
    size: 'Size',
    state: 'State',
    source: 'Source',
    added: 'Added',
  },
  anyModel: 'any model',
  filter: {
    label: 'Filter packages',
    text: 'Name, id or model',
    state: 'State',
    all: 'All states',
    clear: 'Show all packages',
  },
  count: packagesText,
  shown: (shown: string, count: number, text: string) => `${shown} of ${packagesText(count, text)}`,
  storage: {
    title: 'Storage',
    numbers: (used: string, free: string) => `${used} used · ${free} free`,
    low: (free: string) => `Only ${free} free on this disk`,
    lowNext: 'Remove packages that nobody needs, or make room on the disk that holds them.',
    folder: 'Folder',
  },
  ready: {
    title: 'Ready for offline?',
    hint: 'Verified packages for the model of the phone can be installed with no network.',
    none: 'No phone is connected.',
    count: (phone: string, count: number, text: string) =>
      count === 0 ? `${phone}: nothing yet` : `${phone}: ${packagesText(count, text)} ready`,
    unknown: (phone: string) => `${phone}: model not known yet`,
    unknownNext: 'Read the phone once on the Handsets screen, so that its model is known.',
    nothing: 'There is no verified package for the model of this phone.',
    yes: 'Ready',
    no: 'Not ready',
    noHandsets: 'No phone is known yet. Connect one and read it on the Handsets screen.',
  },
  verify: {
    one: 'Verify',
    all: 'Verify all',
    running: (count: number, text: string) => `Verifying ${packagesText(count, text)}`,
    result: (verified: string, quarantined: number, text: string) =>
      quarantined === 0 ? `${verified} verified, none quarantined` : `${verified} verified, ${text} quarantined`,
    good: 'Verified just now: every byte is as it should be.',
    bad: 'Verified just now: the package is not as it should be.',
    dismiss: 'Dismiss',
  },
  detail: {
    close: 'Close details',
    facts: 'Facts',
    id: 'Id',
    version: 'Version',
    model: 'Model',
    size: 'Size',
    added: 'Added',
    verifiedAt: 'Last verified',
    source: 'Source',
    sha256: 'SHA-256',
    copySha: 'Copy SHA-256',
    trust: {
      verified: 'A digest, a manifest or your own hand vouches for this package.',
      unverified: 'Nobody vouches for this package. It is installed only if you allow it each time.',
      quarantined: 'This package is out of use and is never sent to a phone.',
    },
    install: 'Install…',
    installOn: (phone: string) => `Install on ${phone}…`,
    remove: 'Remove…',
  },
  quarantine: {
    reasons: {
      absent: 'Its file is gone from the disk.',
      'size-mismatch': 'Its file is shorter or longer than it should be.',
      'digest-mismatch': 'Its bytes were changed since the package was added.',
    },
    other: (reason: string) => `It was found wrong: ${reason}.`,
    next: 'No phone was harmed. Remove it and fetch it again from its source.',
    again: 'Remove and fetch again…',
  },
  remove: {
    title: (name: string) => `Remove ${name}?`,
    text: 'It is deleted from this computer. Phones that have it keep it.',
    textAgain:
      'The damaged package is deleted from this computer; then you fetch it again. Phones that have it keep it.',
    confirm: 'Remove package',
    removed: (name: string) => `${name} was removed.`,
  },
  addDialog: {
    title: (count: number, text: string) =>
      plural('en', count, { one: 'Add a package', other: `Add ${text} packages` }),
    hint: 'Check what is said of each file; phones and people see it.',
    id: 'Id',
    name: 'Name',
    version: 'Version',
    model: 'Model',
    modelHint: 'any model',
    replaces: (name: string) => `Takes the place of ${name}, which has the same id.`,
    sameId: 'Another of these files has the same id.',
    missing: 'This is needed.',
    tooMany: (most: string) => `At most ${most} files at a time. The others were left out.`,
    drop: (file: string) => `Leave out ${file}`,
    confirm: (count: number, text: string) =>
      plural('en', count, { one: 'Add package', other: `Add ${text} packages` }),
    stop: 'Stop adding',
    retry: 'Try again',
    progress: (file: string) => `Adding ${file}`,
    waiting: 'Waits',
    added: (count: number, text: string) =>
      plural('en', count, { one: '1 package was added.', other: `${text} packages were added.` }),
    failed: (count: number, text: string) =>
      plural('en', count, { one: '1 file was not added.', other: `${text} files were not added.` }),
  },
  fetchDialog: {
    title: 'Fetch a package from an address',
    url: 'Address',
    urlHint: 'https://example.com/packages/mail-2.1.pkg',
    check: 'Who vouches for it?',
    checks: {
      sha256: 'A SHA-256 digest that I have',
      manifest: 'A manifest at another address',
      none: 'Nobody',
    },
    sha256: 'SHA-256 (64 digits and letters a to f)',
    manifest: 'Address of the manifest',
    warning: 'It is kept as unverified',
    warningText:
      'Without a digest or manifest nobody can tell whether the bytes are right. You will have to allow every installation of it.',
    about: 'Id, name, version and model, if you want to say them yourself',
    badUrl: 'This is no http or https address.',
    badSha: 'A SHA-256 has 64 hexadecimal digits.',
    offline: 'The offline switch is on, so nothing can be fetched.',
    confirm: 'Fetch package',
  },
  fetching: {
    title: 'Fetching',
    label: (url: string) => `Fetching ${url}`,
    stop: 'Stop fetching',
    done: (url: string) => `Fetched: ${url}`,
    failed: (url: string) => `Not fetched: ${url}`,
    cancelled: (url: string) => `Stopped: ${url}`,
    dismiss: 'Dismiss',
  },
};
