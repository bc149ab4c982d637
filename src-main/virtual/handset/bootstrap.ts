import type { HmacSha1 } from '../../base/digest.ts';
import { isAbort, isPcAgentError } from '../../base/errors.ts';
import type { AccountObject } from '../../dm/objects/account-object.ts';
import type { InputQuestion, UserAnswer } from '../../dm/user-question.ts';
import { accountsOfDocument } from '../../provisioning/bootstrap-document.ts';
import { type BootstrapHeader, readBootstrapType, type Security } from '../../provisioning/content-type.ts';
import { DOCUMENT_LIMITS } from '../../provisioning/document-limits.ts';
import { verifyMac } from '../../provisioning/mac.ts';
import type { Handset } from './handset.ts';

/** How often a person may type the PIN (OMA Provisioning Bootstrap 1.1, 6.2). */
const TRIES = 3;
const PIN_DIGITS = 40;

export interface BootstrapSecrets {
  /** What the person types without being asked. */
  readonly pin?: string;
  readonly imsi: string;
  readonly hmac: HmacSha1;
}

/**
 * What the handset does with a bootstrap document: takes the accounts that are in it, or tells in its own events why
 * not; whoever sent it hears nothing of that. Without a question to a person it is done when this returns.
 */
export function takeBootstrap(
  handset: Handset,
  contentType: string,
  body: Uint8Array,
  signal: AbortSignal,
): Promise<void> {
  const header = readBootstrapType(contentType);
  if (header === undefined) return Promise.resolve();
  const fail = (code: string, message: string) => handset.options.emit({ type: 'error', code, message });
  // It is kept while a person looks for the PIN.
  if (body.length > DOCUMENT_LIMITS.bytes) {
    fail('provisioning/too-large', 'the document is too large');
    return Promise.resolve();
  }
  const taking = { handset, header, body: body.slice() };
  try {
    if (header.security === 'unknown') {
      fail('provisioning/mac-wrong', 'the document is signed in a way that the handset does not know');
      return Promise.resolve();
    }
    if (header.security === undefined) return Promise.resolve(take(taking, false));
    const verdict = verdictOf(taking, header.security, handset.options.bootstrap?.pin);
    if (verdict === 'right') return Promise.resolve(take(taking, true));
    if (asksPerson(handset, header.security)) {
      return askForPin(taking, header.security, signal).catch((error: unknown) => {
        // Told to end: the question goes with everything else.
        if (isAbort(error)) return;
        if (!isPcAgentError(error)) throw error;
        fail(error.code, error.message);
      });
    }
    fail('provisioning/mac-wrong', 'the sum of the document is wrong: it does not come from whom it should');
  } catch (error) {
    if (!isPcAgentError(error)) throw error;
    fail(error.code, error.message);
  }
  return Promise.resolve();
}

interface Taking {
  readonly handset: Handset;
  readonly header: BootstrapHeader;
  readonly body: Uint8Array;
}

function verdictOf({ handset, header, body }: Taking, security: Security, pin: string | undefined) {
  const { bootstrap } = handset.options;
  if (bootstrap === undefined) return 'secret-missing';
  const { imsi, hmac } = bootstrap;
  const signed = { profile: header.profile, security, mac: header.mac, document: body };
  return verifyMac(signed, { pin, imsi }, hmac);
}

/** The person types a PIN when none was set, and where there is one in it. */
function asksPerson({ options }: Handset, security: Security): boolean {
  return options.bootstrap?.pin === undefined && options.askPerson !== undefined && security !== 'network';
}

async function askForPin(taking: Taking, security: Security, signal: AbortSignal): Promise<void> {
  const { handset } = taking;
  const { emit } = handset.options;
  const event = { type: 'handset', device: handset.device.id, address: handset.address, virtual: true } as const;
  const question: InputQuestion = {
    kind: 'input',
    text: 'Settings of a DM server have come. Type the PIN that you were told, to take them.',
    inputType: 'numeric',
    hidden: true,
    maxLength: PIN_DIGITS,
  };
  for (let count = 0; count < TRIES; count += 1) {
    emit({ ...event, state: 'asked', question });
    const answer: UserAnswer = await handset.askPerson(question, signal);
    emit({ ...event, state: 'ready' });
    if (typeof answer === 'string' || !('text' in answer)) break;
    if (verdictOf(taking, security, answer.text.trim()) === 'right') return take(taking, true);
  }
  emit({
    type: 'error',
    code: 'provisioning/mac-wrong',
    message: 'nobody typed the PIN that the document is signed with',
  });
}

/** Takes the accounts; one that is there already only from a document that is signed. */
function take({ handset, header, body }: Taking, signed: boolean): void {
  const { emit } = handset.options;
  const accounts = accountsOfDocument(header, body);
  if (accounts.length === 0) {
    emit({ type: 'error', code: 'provisioning/no-account', message: 'there is no DM account in the document' });
  }
  for (const account of accounts) takeAccount(handset, account, signed);
}

function takeAccount(handset: Handset, account: AccountObject, signed: boolean): void {
  const { serverId } = account;
  const { emit } = handset.options;
  if (!signed && handset.accounts.find(serverId) !== undefined) {
    const message = `the document is not signed, so it does not replace the account of ${serverId}`;
    emit({ type: 'error', code: 'provisioning/not-signed', message });
    return;
  }
  handset.takeAccount(account);
  const event = { type: 'handset', device: handset.device.id, address: handset.address, virtual: true } as const;
  emit({ ...event, state: 'bootstrapped', dms: serverId });
  emit({ ...event, state: 'ready' });
}
