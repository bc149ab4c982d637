/** What a text from outside says as JSON; `undefined` when it is none. Its form is for a schema to check. */
export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
