import { ExitCode } from '../contract/exit-codes.ts';
import type { DemoBearer } from '../host/demo/demo-place.ts';
import { runDemo } from '../host/demo/run-demo.ts';
import type { CommandContext, CommandOutcome } from './command.ts';
import { printDemo } from './demo-lines.ts';
import type { DemoOptions } from './options.ts';

/** `demo`: the main job with virtual handsets and a virtual DMS, nothing of the user's touched. */
export async function run(
  options: DemoOptions & { readonly bearer: DemoBearer },
  context: CommandContext,
): Promise<CommandOutcome> {
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
  await printDemo(result.handsets, context);
  return { ...result, exitCode: result.ok ? ExitCode.Done : ExitCode.Failed };
}
