/** One line an event, for the command line and the page's history. */
export const events = {
  listening: (address: string) => `Ready at ${address}`,
  handset: (device: string, state: string, reason: string | undefined) =>
    `Handset ${device}: ${state}${reason === undefined ? '' : ` (${reason})`}`,
  session: {
    started: (id: string) => `Session ${id} begins`,
    running: (id: string) => `Session ${id} is running`,
    done: (id: string) => `Session ${id} is done`,
    failed: (id: string) => `Session ${id} failed`,
    aborted: (id: string) => `Session ${id} was broken off`,
    'ended-unread': (id: string) => `Session ${id} has ended; PC Agent could not read what was said`,
  },
  messageToDms: (size: string) => `Handset → server, ${size}`,
  messageToHandset: (size: string) => `Server → handset, ${size}`,
  package: (number: number) => `step ${number} of 4`,
  phase: (phase: string, unplug: string) => `${phase} (${unplug})`,
  interruption: {
    lost: (handset: string) => `The link to ${handset} was lost: waiting for the handset, then going on`,
    back: (handset: string) => `${handset} is back: going on`,
    'given-up': (handset: string) => `${handset} did not come back in time`,
  },
  progress: (done: string, total: string, percent: number) => `${done} of ${total} sent (${percent} %)`,
  act: {
    started: (act: string) => `Act “${act}” begins`,
    done: (act: string) => `Act “${act}” is done`,
    failed: (act: string) => `Act “${act}” failed`,
  },
  acts: { relay: 'relay', cache: 'cache', offline: 'offline' },
  prompt: (device: string, text: string) => `Handset ${device} asks: ${text}`,
  promptEnd: {
    accept: (device: string) => `The person at handset ${device} agreed`,
    reject: (device: string) => `The person at handset ${device} refused`,
    cancel: (device: string) => `The person at handset ${device} broke it off`,
    timeout: (device: string) => `Nobody answered at handset ${device}`,
    gone: (device: string) => `Handset ${device} asks no more: the session is over`,
  },
  error: (what: string, code: string) => `${what} (${code})`,
  resultOk: 'Done',
  resultFailed: (what: string, code: string) => `Failed: ${what} (${code})`,
  resultFailedPlain: 'Failed',
};
