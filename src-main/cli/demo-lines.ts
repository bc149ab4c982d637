import type { DemoHandset } from '../contract/demo-result.ts';
import { catalogue, loadAllWords } from '../wording/catalogue.ts';
import type { CommandContext } from './command.ts';

/** Prints what a run of the demo has shown, a line for each handset, as the page says it. */
export async function printDemo(handsets: readonly DemoHandset[], { print }: Pick<CommandContext, 'print'>) {
  await loadAllWords('en');
  for (const handset of handsets) print(sentence(handset), true);
}

function sentence({ device, transparent, messages, fromCache, report }: DemoHandset): string {
  const { result } = catalogue('en').screens.demo;
  const compared = result.comparedMessages(messages.toDms + messages.toHandset);
  const relayed =
    transparent === null
      ? []
      : [transparent ? `${result.transparentYes}: ${result.transparentYesText(compared)}` : result.transparentNoText];
  const kept =
    fromCache.length === 0 ? [] : [result.fromCache(fromCache.join(', ')), result.reportDelivered(report.delivered)];
  return [`${device}.`, ...relayed, ...kept].join(' ');
}
