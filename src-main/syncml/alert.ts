/** Alert codes of DM Representation 1.2, section 4.2. */
export const Alert = {
  Display: 1100,
  ConfirmOrReject: 1101,
  TextInput: 1102,
  SingleChoice: 1103,
  MultipleChoice: 1104,
  ServerInitiatedMgmt: 1200,
  ClientInitiatedMgmt: 1201,
  NextMessage: 1222,
  SessionAbort: 1223,
  ClientEvent: 1224,
  NoEndOfData: 1225,
  Generic: 1226,
} as const;
export type Alert = (typeof Alert)[keyof typeof Alert];

/** Name as the standard prints it. */
const NAMES: ReadonlyMap<number, string> = new Map([
  [1100, 'DISPLAY'],
  [1101, 'CONFIRM OR REJECT'],
  [1102, 'TEXT INPUT'],
  [1103, 'SINGLE CHOICE'],
  [1104, 'MULTIPLE CHOICE'],
  [1200, 'SERVER-INITIATED MGMT'],
  [1201, 'CLIENT-INITIATED MGMT'],
  [1222, 'NEXT MESSAGE'],
  [1223, 'SESSION ABORT'],
  [1224, 'CLIENT EVENT'],
  [1225, 'NO END OF DATA'],
  [1226, 'GENERIC ALERT'],
]);

export function alertName(code: number): string | undefined {
  return NAMES.get(code);
}
