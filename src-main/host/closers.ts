/** What a host has opened, each with its way to let go of it. */
export type Closer = () => void | Promise<void>;

/** In reverse order; a failure to close one leaves none of the others open. */
export async function closeAll(opened: Closer[]): Promise<void> {
  const failures: unknown[] = [];
  for (let close = opened.pop(); close !== undefined; close = opened.pop()) {
    try {
      await close();
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
}

export function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
