import type { ByteStream } from './byte-stream.ts';

export type Source = Pick<ByteStream, 'read' | 'lend' | 'pour'>;
export type Drain = Pick<ByteStream, 'write' | 'push'>;

/**
 * Carries bytes from one stream to another until the first has ended cleanly.
 * @throws whatever either of them says; AbortError.
 */
export async function pour(from: Source, to: Drain, signal: AbortSignal): Promise<void> {
  const take = to.push === undefined ? to.write.bind(to) : to.push.bind(to);
  if (from.pour !== undefined) return from.pour((bytes) => take(bytes, signal), signal);
  for (;;) {
    const bytes = await (from.lend?.(signal) ?? from.read(signal));
    if (bytes === undefined) return;
    await take(bytes, signal);
  }
}
