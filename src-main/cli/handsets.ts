import { assertNever } from '../base/errors.ts';
import { isVirtualDevice } from '../base/imei.ts';
import type { UntimedEvent } from '../contract/events.ts';
import type { Attachment, KnownHandset } from '../contract/handsets.ts';
import type { HostChange } from '../contract/host-state.ts';
import type { HostConnection } from '../host/client.ts';
import type { CommandContext, CommandOutcome } from './command.ts';
import { done, hostCommand } from './host-command.ts';
import type { HandsetsOptions } from './host-options.ts';

/**
 * `handsets`: those that the host has met, and what else is attached; with `--watch` also whatever comes and goes and
 * every event of the host, until Ctrl-C. `handsets join` and `handsets differ` decide whether two cards are one phone;
 * `handsets name` and `handsets forget` are about one.
 */
export async function run(options: HandsetsOptions, context: CommandContext): Promise<CommandOutcome> {
  const { watch, verb } = options;
  const quiet = { absent: 'become-offline' } as const;
  return hostCommand(
    context,
    async (host) => {
      if (verb !== undefined) return done(await changed(host, verb, options, context));
      if (!watch) {
        const { handsets, attachments = [] } = await host.request('handsets.list', {}, context);
        for (const handset of handsets) tell(handset, context);
        for (const attachment of attachments) tellAttached(attachment, context);
        if (handsets.length + attachments.length === 0) context.print('  No handset is known, and none is attached.');
        return done({ handsets, attachments });
      }
      await host.follow((update) => {
        if (update.kind === 'snapshot') {
          for (const handset of update.state.handsets) tell(handset, context);
          for (const attachment of update.state.attachments) tellAttached(attachment, context);
        }
        if (update.kind === 'change') tellChange(update.change, context);
        if (update.kind === 'event') context.emit(update.event as UntimedEvent);
      }, context.signal);
      return done({});
    },
    quiet,
  );
}

/** What the list says of handsets is changed. @returns fields of the result */
async function changed(
  host: HostConnection,
  verb: NonNullable<HandsetsOptions['verb']>,
  { device = '', other }: HandsetsOptions,
  context: CommandContext,
): Promise<{ readonly handset?: KnownHandset; readonly forgotten?: string; readonly virtual?: boolean }> {
  const pair = { device, other: other ?? '' };
  switch (verb) {
    case 'join':
      return told(await host.request('handsets.join', pair, context), context);
    case 'differ':
      await host.request('handsets.differ', pair, context);
      return {};
    case 'name': {
      const named = other === undefined ? { device } : { device, alias: other };
      return told(await host.request('handsets.rename', named, context), context);
    }
    case 'forget': {
      const { forgotten } = await host.request('handsets.forget', { device }, context);
      return { forgotten, virtual: isVirtualDevice(forgotten) };
    }
    default:
      return assertNever(verb);
  }
}

function told({ handset }: { readonly handset: KnownHandset }, context: CommandContext) {
  tell(handset, context);
  return { handset };
}

function tellChange(change: HostChange, context: CommandContext): void {
  if (change.kind === 'handset') tell(change.handset, context);
  if (change.kind === 'attachment') tellAttached(change.attachment, context);
  if (change.kind === 'attachment-gone') {
    context.emit({ type: 'handset', device: '', address: change.address, state: 'gone' });
  }
  if (change.kind === 'handset-gone') {
    context.emit({ type: 'handset', device: change.device, address: '', state: 'forgotten' });
  }
}

function tell({ device, address, virtual, ...more }: KnownHandset, { emit, print }: CommandContext): void {
  emit({ type: 'handset', device, address: address ?? '', state: 'known', virtual, ...more });
  for (const line of linesOf(more)) print(`  ${line}`, virtual);
}

/** Nobody knows yet who it is, or it cannot be used. */
function tellAttached({ address, asking = false, ...more }: Attachment, { emit, print }: CommandContext): void {
  const state = asking ? 'asked' : more.reason === undefined ? 'unknown' : 'unusable';
  emit({ type: 'handset', device: '', address, state, asking, ...more });
  const { name, place, holder, finding } = more;
  const where = place === undefined ? undefined : `at port ${place}`;
  const about = [name, where, heldBy(holder), finding === undefined ? undefined : 'pc-agent doctor tells more'];
  const line = about.filter((part) => part !== undefined).join(', ');
  if (line !== '') print(`  ${line}`);
}

type Particulars = Omit<KnownHandset, 'device' | 'address' | 'virtual'>;

function linesOf({ alias, manufacturer, model, firmware, speaksDm, presence, bearers, likeness }: Particulars) {
  const phone = [manufacturer, model].filter((part) => part !== undefined).join(' ');
  const about = [
    alias === undefined ? undefined : `“${alias}”`,
    phone === '' ? undefined : phone,
    firmware === undefined ? undefined : `firmware ${firmware}`,
    speaksDm === undefined ? undefined : speaksDm ? 'speaks device management' : 'does not speak device management',
    presence === 'unknown' ? undefined : presence,
  ];
  const first = about.filter((part) => part !== undefined).join(', ');
  return [
    ...(first === '' ? [] : [first]),
    ...bearers.map(wayLine),
    ...(likeness ?? []).map((like) => `may be the same as ${like.device} (${likeWords(like.why)})`),
  ];
}

function wayLine({ address, attached, place, reason, holder }: KnownHandset['bearers'][number]): string {
  const parts = [
    address,
    place === undefined ? undefined : `port ${place}`,
    attached === undefined ? undefined : attached ? 'attached' : 'not attached',
    reason,
    heldBy(holder),
  ];
  return parts.filter((part) => part !== undefined).join(', ');
}

function heldBy(holder: Attachment['holder']): string | undefined {
  return holder === undefined ? undefined : `held by ${holder.name} (process ${holder.pid})`;
}

function likeWords(why: NonNullable<KnownHandset['likeness']>[number]['why']): string {
  switch (why) {
    case 'serial-number':
      return 'the serial number agrees';
    case 'model-and-place':
      return 'model and port agree';
    case 'model':
      return 'the model agrees';
    default:
      return assertNever(why);
  }
}
