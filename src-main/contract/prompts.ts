/** What a person is asked or shown, at a virtual handset or while a phone is paired, and what may be answered. */
import * as z from 'zod/mini';
import { MAX_TYPED } from '../base/typed-input.ts';

/** What may be typed: `numeric` with dot and sign, `date` DDMMYYYY, `time` hhmmss, `ip` as four numbers. */
export const InputType = z.enum(['alphanumeric', 'numeric', 'date', 'time', 'phone', 'ip']);

const seconds = z.optional(z.int().check(z.minimum(0)));

const asked = {
  id: z.string(),
  device: z.string(),
  text: z.string(),
  /** ISO 8601: when the handset stops waiting; absent when it waits for ever. */
  until: z.optional(z.string()),
  /** A hint of the server: it is to be shown for at least so long. */
  minSeconds: seconds,
};

const DisplayPrompt = z.object({ ...asked, kind: z.literal('display') });
const InputPrompt = z.object({
  ...asked,
  kind: z.literal('input'),
  inputType: InputType,
  /** What is typed is not shown. */
  hidden: z.boolean(),
  /** In characters. */
  maxLength: z.optional(z.int().check(z.minimum(1))),
  suggested: z.optional(z.string()),
});
const ChoicePrompt = z.object({
  ...asked,
  kind: z.literal('choice'),
  choices: z.readonly(z.array(z.string())),
  multiple: z.boolean(),
  /** Numbers from 1 in the order of `choices`. */
  suggested: z.optional(z.readonly(z.array(z.int()))),
});
/** A host of before the other kinds names none. */
const ConfirmPrompt = z.object({
  ...asked,
  kind: z._default(z.literal('confirm'), 'confirm'),
  suggested: z.optional(z.enum(['accept', 'reject'])),
});

/**
 * A phone and this computer are being paired over the air: `device` is its address, e.g. `bluetooth:00:11:22:AA:BB:CC`,
 * `text` its name. `confirm`: do both show `code`? `allow`: may it be paired at all? `enter-pin`: 1 to 16 characters that
 * are entered on the phone too; `enter-passkey`: up to six digits that the phone shows. `show`: `code` is to be entered on
 * the phone; `accept` only means that it was seen, `cancel` breaks the pairing off.
 */
const PairingPrompt = z.object({
  ...asked,
  kind: z.literal('pairing'),
  question: z.enum(['confirm', 'allow', 'enter-pin', 'enter-passkey', 'show']),
  code: z.optional(z.string()),
});

/**
 * The person at a virtual handset is asked (alerts 1100 to 1104), and this window is the handset's screen; or a phone is
 * paired, and the person at this computer is asked.
 */
export const Prompt = z.union([DisplayPrompt, InputPrompt, ChoicePrompt, PairingPrompt, ConfirmPrompt]);

const id = z.string().check(z.minLength(1), z.maxLength(1000));

/**
 * What the person says: `accept` (a display was seen, a confirmation given), `reject` (no to a confirmation), `cancel`
 * (the asking is broken off); what was typed; or the numbers from 1 of what was chosen.
 */
export const PromptAnswer = z.union([
  z.strictObject({ prompt: id, answer: z.enum(['accept', 'reject', 'cancel']) }),
  z.strictObject({ prompt: id, text: z.string().check(z.maxLength(2 * MAX_TYPED)) }),
  z.strictObject({ prompt: id, chosen: z.readonly(z.array(z.int()).check(z.maxLength(1000))) }),
]);

/** How a prompt ended; `gone`: the session was over before there was an answer. */
export const PromptEnd = z.enum(['accept', 'reject', 'cancel', 'text', 'chosen', 'timeout', 'gone']);

export type InputType = z.infer<typeof InputType>;
export type Prompt = z.infer<typeof Prompt>;
export type PromptAnswer = z.infer<typeof PromptAnswer>;
export type PromptEnd = z.infer<typeof PromptEnd>;
