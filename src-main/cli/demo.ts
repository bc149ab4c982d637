import type { DemoHandset } from '../contract/demo-result.ts';
import { ExitCode } from '../contract/exit-codes.ts';
import type { DemoBearer } from '../host/demo/demo-place.ts';
import { runDemo } from '../host/demo/run-demo.ts';
import { catalogue, loadAllWords } from '../wording/catalogue.ts';
import type { CommandContext, CommandOutcome } from './command.ts';
import type { DemoOptions } from './options.ts';

/** What the run has shown for one handset, as the page says it. */
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

/** `demo`: the main job with virtual handsets and a virtual DMS, nothing of the user's touched. */
export async function run(
  options: DemoOptions & { readonly bearer: DemoBearer },
  context: CommandContext,
): Promise<CommandOutcome> {
  await loadAllWords('en');
  const result = await runDemo(
    {
      handsets: options.handsets,
      acts: options.acts,
      bearer: options.bearer,
      ...(options.fault === undefined ? {} : { fault: options.fault }),
      ...(options.profile === undefined ? {} : { profile: options.profile }),
    },
    { emit: context.emit, signal: context.signal },
  );
  if (context.signal.aborted) {
    return { ...result, exitCode: ExitCode.Cancelled, ok: false, code: 'demo/cancelled', message: 'cancelled' };
  }
  for (const handset of result.handsets) context.print(sentence(handset), true);
  return { ...result, exitCode: result.ok ? ExitCode.Done : ExitCode.Failed };
}
