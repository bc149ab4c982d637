/**
 * What a Status or Results answers, as a key: MsgRef and CmdRef count as numbers, whatever blanks, NUL and leading zeros
 * stand around them (spec sheet dm-protocol, section 12). A CmdRef that is no number stays text, and names nothing.
 */
export function refKey(msgRef: number, cmdRef: string): string {
  const number = refNumber(cmdRef);
  return `${msgRef}/${number ?? cmdRef}`;
}

/** `undefined` for what is no decimal number; a missing CmdRef is none either. */
export function refNumber(cmdRef: string): number | undefined {
  const text = cmdRef.replaceAll('\0', '').trim();
  return /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}
