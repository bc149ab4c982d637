import { readText, type System } from './system.ts';

/** Names of users and groups, and who is a member, as the computer's own files have them (passwd(5), group(5)). */
export interface Accounts {
  userName(uid: number): string;
  groupName(gid: number): string;
  /** Whether the group's list has the user, whatever the groups of this session are. */
  isMember(user: string, gid: number): boolean;
  hasGroup(name: string): boolean;
}

export async function readAccounts(system: System): Promise<Accounts> {
  const [users, groups] = await Promise.all(['/etc/passwd', '/etc/group'].map((path) => rows(system, path)));
  const named = (list: readonly (readonly string[])[] | undefined, id: number): string =>
    list?.find((row) => Number(row[2]) === id)?.[0] ?? String(id);
  return {
    userName: (uid) => named(users, uid),
    groupName: (gid) => named(groups, gid),
    isMember: (user, gid) =>
      groups?.some((row) => Number(row[2]) === gid && (row[3] ?? '').split(',').includes(user)) === true,
    hasGroup: (name) => groups?.some((row) => row[0] === name) === true,
  };
}

async function rows(system: System, path: string): Promise<readonly (readonly string[])[]> {
  const text = (await readText(system, path)) ?? '';
  return text.split('\n').flatMap((line) => (line.includes(':') ? [line.split(':')] : []));
}
