/**
 * What an installation notification says (Download OTA 1.0, 5.2). 904 and 907 to 950 are other installers' (MIDP OTA);
 * they are read and never sent.
 */
export const NotificationCode = {
  Success: 900,
  InsufficientMemory: 901,
  UserCancelled: 902,
  LossOfService: 903,
  AttributeMismatch: 905,
  InvalidDescriptor: 906,
  InvalidVersion: 951,
  DeviceAborted: 952,
  NonAcceptableContent: 953,
  LoaderError: 954,
} as const;
export type NotificationCode = (typeof NotificationCode)[keyof typeof NotificationCode];

const TEXTS: Readonly<Record<NotificationCode, string>> = {
  900: 'Success',
  901: 'Insufficient memory',
  902: 'User Cancelled',
  903: 'Loss of Service',
  905: 'Attribute mismatch',
  906: 'Invalid descriptor',
  951: 'Invalid DDVersion',
  952: 'Device Aborted',
  953: 'Non-Acceptable Content',
  954: 'Loader Error',
};

/** Body of the POST, `text/plain`: the code, a space, the text, CRLF. */
export function notificationBody(code: NotificationCode): string {
  return `${code} ${TEXTS[code]}\r\n`;
}

/** An installation notification as a server takes it. */
export interface InstallNotification {
  readonly code: number;
  readonly text: string;
  /** 900 and nothing else. */
  readonly success: boolean;
}

const MAX_TEXT = 200;

/** Any code of three digits is taken, since installers send more than the standard has; the text says nothing certain. */
export function readNotification(body: string): InstallNotification | undefined {
  const match = /^\s*(\d{3})(?![\d.])([^\r\n]*)/.exec(body.slice(0, 4 * MAX_TEXT));
  if (match?.[1] === undefined) return undefined;
  const code = Number(match[1]);
  const text = (match[2] ?? '')
    .replace(/\p{Cc}/gu, ' ')
    .trim()
    .slice(0, MAX_TEXT);
  return { code, text, success: code === NotificationCode.Success };
}
