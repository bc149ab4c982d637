import { hexOf } from '../../base/bytes.ts';
import { seconds } from '../../base/durations.ts';
import { assertNever, PcAgentError } from '../../base/errors.ts';
import { nodeDigest } from '../../base/node/digest.ts';
import { USB_DEVICES } from '../attached-device.ts';
import { ADMIN_FOLDER, KEPT_FOLDER, RUN_FOLDER, type RuleName } from '../rule-files.ts';
import type { RunOutcome, System } from '../system.ts';
import { helperScript } from './helper-script.ts';

/** What is done with the administrator's rights. `port`: USB bus and ports of the very device, e.g. `1-2`. */
export type Errand =
  | {
      readonly kind: 'write';
      readonly name: RuleName;
      readonly content: Uint8Array;
      readonly port?: string | undefined;
    }
  | { readonly kind: 'restore'; readonly name: RuleName; readonly port?: string | undefined }
  /** Lets udev go through its rules for a device again. */
  | { readonly kind: 'again'; readonly port: string }
  | { readonly kind: 'load' }
  | { readonly kind: 'unload' };

export interface ErrandOutcome {
  readonly state: 'done' | 'declined' | 'no-agent' | 'failed';
  /** In the system's words. */
  readonly said?: string;
}

/** Somebody types a password. */
const ASKING_LIMIT = seconds(180);
const DOING_LIMIT = seconds(30);
/** pkexec(1), "Return value": the person sent the question away; not authorized, or nobody could be asked. */
const DISMISSED = 126;
const NOT_AUTHORIZED = 127;
const NO_AGENT = /no (?:authentication )?agent|authentication agent|controlling terminal/i;
const LONGEST_SAID = 500;

const HELPER = helperScript({
  rules: ADMIN_FOLDER,
  kept: KEPT_FOLDER,
  run: RUN_FOLDER,
  devices: USB_DEVICES,
  modules: '/sys/module',
  path: '/usr/sbin:/usr/bin:/sbin:/bin',
});

/**
 * Does it: at once for an administrator, else by pkexec, which asks the person at the screen for the administrator's
 * password. @throws PcAgentError `doctor/not-here` on other systems than Linux; AbortError
 */
export async function runErrand(system: System, errand: Errand, signal: AbortSignal): Promise<ErrandOutcome> {
  if (system.platform !== 'linux') {
    throw new PcAgentError('doctor/not-here', 'the doctor cannot do this on this system');
  }
  const helper = ['/bin/sh', '-c', HELPER, 'pc-agent-doctor', ...argumentsOf(errand)];
  const input = errand.kind === 'write' ? { input: errand.content } : {};
  if (system.administrator) {
    const [program = '', ...args] = helper;
    return directly(await system.run(program, args, { signal, limit: DOING_LIMIT, ...input }));
  }
  return asked(await system.run('pkexec', helper, { signal, limit: ASKING_LIMIT, ...input }));
}

function argumentsOf(errand: Errand): readonly string[] {
  switch (errand.kind) {
    case 'write':
      return ['write', errand.name, hexOf(nodeDigest.sha256(errand.content)), errand.port ?? ''];
    case 'restore':
      return ['restore', errand.name, errand.port ?? ''];
    case 'again':
      return ['again', errand.port];
    case 'load':
    case 'unload':
      return [errand.kind];
    default:
      return assertNever(errand);
  }
}

function directly(outcome: RunOutcome): ErrandOutcome {
  switch (outcome.kind) {
    case 'ended':
      if (outcome.code === 0) return { state: 'done' };
      return { state: 'failed', said: saidBy(outcome) };
    case 'absent':
      return { state: 'failed', said: '/bin/sh: not found' };
    case 'overdue':
      return { state: 'failed', said: `no end within ${DOING_LIMIT / 1000} s` };
    default:
      return assertNever(outcome);
  }
}

function asked(outcome: RunOutcome): ErrandOutcome {
  if (outcome.kind === 'absent') return { state: 'no-agent', said: 'pkexec: not found' };
  if (outcome.kind === 'overdue') return { state: 'no-agent', said: `no answer within ${ASKING_LIMIT / 1000} s` };
  if (outcome.code === DISMISSED) return { state: 'declined', said: saidBy(outcome) };
  if (outcome.code !== NOT_AUTHORIZED) return directly(outcome);
  const said = saidBy(outcome);
  return { state: NO_AGENT.test(said) ? 'no-agent' : 'declined', said };
}

function saidBy({ code, out, err }: Extract<RunOutcome, { readonly kind: 'ended' }>): string {
  const words = `${err}\n${out}`
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .join('; ');
  return (words === '' ? `exit status ${code}` : words).slice(0, LONGEST_SAID);
}
