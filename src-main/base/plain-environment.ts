/** Names of variables with passwords, keys and the like; proxies have theirs in the address. */
const SECRET = /TOKEN|SECRET|PASSW|PASSPHRASE|CREDENTIAL|COOKIE|API_?KEY|ACCESS_?KEY|PRIVATE_?KEY|AUTH|_PROXY$/i;

/** The environment of a process that runs foreign code and speaks with nobody but us: it need not know secrets. */
export function plainEnvironment(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const entries = Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return Object.fromEntries(entries.filter(([name]) => !SECRET.test(name)));
}
