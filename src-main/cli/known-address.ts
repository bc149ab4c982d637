import { PcAgentError } from '../base/errors.ts';
import type { KnownHandset } from '../contract/handsets.ts';
import type { CommandContext, CommandOutcome } from './command.ts';
import { done, quietHostCommand } from './host-command.ts';

/** What else has a colon is an address, or is meant to be one. */
const NAME = /^(?:(?:IMEI|MEID|ESN):)?[^:]*$/i;

/**
 * Where the handset is that a person named by IMEI, DevId or alias, as the host knows it; an address as it is. What the
 * command ends with where nobody knows (`handset/unknown`, `handset/nowhere`).
 */
export async function knownAddress(text: string, context: CommandContext): Promise<string | CommandOutcome> {
  if (!NAME.test(text)) return text;
  let address: string | undefined;
  const outcome = await quietHostCommand(context, async (host) => {
    const { handsets } = await host.request('handsets.list', {}, context);
    address = addressOf(handsets, text);
    return done({});
  });
  return address ?? outcome;
}

function addressOf(handsets: readonly KnownHandset[], name: string): string {
  const named = handsets.filter(({ device, alias = device }) =>
    [device, device.replace(/^[A-Z]+:/i, ''), alias].some((one) => folded(one) === folded(name)),
  );
  const [known] = named;
  if (known === undefined || named.length > 1) {
    throw new PcAgentError('handset/unknown', `no handset ${name} is known: name its address once`, {
      retry: 'after-operator',
    });
  }
  if (known.address === undefined) {
    throw new PcAgentError('handset/nowhere', `nobody knows where the handset ${name} is`, { retry: 'after-operator' });
  }
  return known.address;
}

const folded = (text: string): string => text.normalize('NFKC').trim().toLowerCase();
