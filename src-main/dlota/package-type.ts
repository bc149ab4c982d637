/** MIME types of packages by the endings of their files, as registered or, for MIDP, as its specification has them. */
const TYPES: Readonly<Record<string, string>> = {
  jar: 'application/java-archive',
  jad: 'text/vnd.sun.j2me.app-descriptor',
  apk: 'application/vnd.android.package-archive',
  sis: 'application/vnd.symbian.install',
  sisx: 'x-epoc/x-sisx-app',
  cab: 'application/vnd.ms-cab-compressed',
  zip: 'application/zip',
};

/** What a package of this file name is called where nobody says it. */
export function packageType(file: string): string {
  return TYPES[/\.([a-z0-9]{1,8})$/i.exec(file)?.[1]?.toLowerCase() ?? ''] ?? 'application/octet-stream';
}
