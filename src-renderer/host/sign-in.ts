/** The one-time token of the address, which is then taken out of the address bar and the history. */
export function takeToken(): string | undefined {
  const token = /^#token=([\w-]+)$/.exec(location.hash)?.[1];
  if (token !== undefined) history.replaceState(null, '', location.pathname);
  return token;
}

/** Exchanges the token for a cookie. @returns false when it was used or is too old. */
export async function exchangeToken(token: string): Promise<boolean> {
  const answer = await fetch('/session', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ token }),
  });
  return answer.ok;
}

/** Whether the cookie of an earlier visit is still good. */
export async function isSignedIn(): Promise<boolean> {
  return (await fetch('/session')).ok;
}
