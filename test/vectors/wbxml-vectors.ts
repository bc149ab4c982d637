/** Messages whose octets were produced or checked by libwbxml 0.11.8, not by our encoder (spec sheet wbxml-syncml). */

function octets(hex: string): Uint8Array {
  return Uint8Array.from(hex.trim().split(/\s+/), (pair) => Number.parseInt(pair, 16));
}

const HEADER = '02 A4 01 6A 00';

/** Package 1 of a client-initiated session, 370 octets (section 8). Values of the Replace are opaque. */
export const PACKAGE_1 = octets(`
    02 A4 01 6A 00 6D 6C 71 03 31 2E 32 00 01 72 03
    44 4D 2F 31 2E 32 00 01 65 03 31 00 01 5B 03 31
    00 01 6E 57 03 68 74 74 70 3A 2F 2F 64 6D 73 2E
    65 78 61 6D 70 6C 65 2F 64 6D 00 01 01 67 57 03
    49 4D 45 49 3A 34 39 33 30 30 35 31 30 30 35 39
    32 38 30 30 00 01 56 03 42 72 75 63 65 32 00 01
    01 4E 5A 00 01 47 03 62 36 34 00 01 53 03 73 79
    6E 63 6D 6C 3A 61 75 74 68 2D 6D 64 35 00 01 01
    00 00 4F 03 5A 7A 36 45 69 76 52 33 79 65 61 61
    45 4E 63 52 4E 36 6C 70 41 51 3D 3D 00 01 01 5A
    00 01 4C 03 35 30 30 30 00 01 55 03 31 30 34 38
    35 37 36 00 01 01 01 00 00 6B 46 4B 03 31 00 01
    4F 03 31 32 30 31 00 01 01 60 4B 03 32 00 01 54
    67 57 03 2E 2F 44 65 76 49 6E 66 6F 2F 44 65 76
    49 64 00 01 01 4F C3 14 49 4D 45 49 3A 34 39 33
    30 30 35 31 30 30 35 39 32 38 30 30 01 01 54 67
    57 03 2E 2F 44 65 76 49 6E 66 6F 2F 4D 61 6E 00
    01 01 4F C3 04 41 63 6D 65 01 01 54 67 57 03 2E
    2F 44 65 76 49 6E 66 6F 2F 4D 6F 64 00 01 01 4F
    C3 02 4D 31 01 01 54 67 57 03 2E 2F 44 65 76 49
    6E 66 6F 2F 44 6D 56 00 01 01 4F C3 03 31 2E 32
    01 01 54 67 57 03 2E 2F 44 65 76 49 6E 66 6F 2F
    4C 61 6E 67 00 01 01 4F C3 02 65 6E 01 01 01 12
    01 01
`);

/** The same as XML, white space as printed there. */
export const PACKAGE_1_XML = `
  <SyncML xmlns="SYNCML:SYNCML1.2">
   <SyncHdr><VerDTD>1.2</VerDTD><VerProto>DM/1.2</VerProto><SessionID>1</SessionID><MsgID>1</MsgID>
    <Target><LocURI>http://dms.example/dm</LocURI></Target>
    <Source><LocURI>IMEI:493005100592800</LocURI><LocName>Bruce2</LocName></Source>
    <Cred><Meta><Format xmlns="syncml:metinf">b64</Format><Type xmlns="syncml:metinf">syncml:auth-md5</Type></Meta>
     <Data>Zz6EivR3yeaaENcRN6lpAQ==</Data></Cred>
    <Meta><MaxMsgSize xmlns="syncml:metinf">5000</MaxMsgSize><MaxObjSize xmlns="syncml:metinf">1048576</MaxObjSize></Meta>
   </SyncHdr>
   <SyncBody>
    <Alert><CmdID>1</CmdID><Data>1201</Data></Alert>
    <Replace><CmdID>2</CmdID>
     <Item><Source><LocURI>./DevInfo/DevId</LocURI></Source><Data>IMEI:493005100592800</Data></Item>
     <Item><Source><LocURI>./DevInfo/Man</LocURI></Source><Data>Acme</Data></Item>
     <Item><Source><LocURI>./DevInfo/Mod</LocURI></Source><Data>M1</Data></Item>
     <Item><Source><LocURI>./DevInfo/DmV</LocURI></Source><Data>1.2</Data></Item>
     <Item><Source><LocURI>./DevInfo/Lang</LocURI></Source><Data>en</Data></Item>
    </Replace><Final/>
   </SyncBody>
  </SyncML>
`;

/** The body of the second MAC example, 134 octets (spec sheet dm-protocol). */
export const MAC_BODY = octets(`
    02 A4 01 6A 00 6D 6C 71 03 31 2E 32 00 01 72 03
    44 4D 2F 31 2E 32 00 01 65 03 31 00 01 5B 03 31
    00 01 6E 57 03 49 4D 45 49 3A 34 39 33 30 30 35
    31 30 30 35 39 32 38 30 30 00 01 01 67 57 03 68
    74 74 70 3A 2F 2F 64 6D 73 2E 65 78 61 6D 70 6C
    65 2F 64 6D 00 01 56 03 64 6D 73 00 01 01 01 6B
    69 4B 03 31 00 01 5C 03 31 00 01 4C 03 30 00 01
    4A 03 53 79 6E 63 48 64 72 00 01 4F 03 32 30 30
    00 01 01 12 01 01
`);

/** `<SyncML><SyncBody><Final/></SyncBody></SyncML>` */
export const TINY_FINAL = octets(`${HEADER} 6D 6B 12 01 01`);

/** An Exec with a Correlator and one Item with Data. */
export const TINY_EXEC = octets(`${HEADER}
    6D 6B 51 7C 03 63 31 00 01 54 4F 03 61 62 63 00 01 01 01 01 01`);

/** Results whose Data is empty. */
export const TINY_EMPTY_DATA = octets(`${HEADER} 6D 6B 62 54 0F 01 01 01 01`);

const DDF_START = '02 00 00 6A 1B 2D 2F 2F 4F 4D 41 2F 2F 44 54 44 2D 44 4D 2D 44 44 46 20 31 2E 32 2F 2F 45 4E 00';
const TNDS_BODY = '60 77 03 31 2E 32 00 01 64 66 03 41 00 01 6F 5C 25 01 01 01 01';

/** A TNDS document with its string public id and the switch to its page. */
export const TNDS = octets(`${DDF_START} 00 02 ${TNDS_BODY}`);

/** The same without the switch, as some encoders leave it (section 6, project rule). */
export const TNDS_WITHOUT_SWITCH = octets(`${DDF_START} ${TNDS_BODY}`);

const SYNCML_ID = '2D 2F 2F 53 59 4E 43 4D 4C 2F 2F 44 54 44 20 53 79 6E 63 4D 4C 20 31 2E 32 2F 2F 45 4E';
const BODY_FINAL = '6D 6B 12 01 01';

/** The public id as text in the string table, without NUL (length 1D) and with it (1E): what most handsets send. */
export const STRING_ID = octets(`02 00 00 6A 1D ${SYNCML_ID} ${BODY_FINAL}`);
export const STRING_ID_NUL = octets(`02 00 00 6A 1E ${SYNCML_ID} 00 ${BODY_FINAL}`);

/** Every whole document above. */
export const ALL: Readonly<Record<string, Uint8Array>> = {
  PACKAGE_1,
  MAC_BODY,
  TINY_FINAL,
  TINY_EXEC,
  TINY_EMPTY_DATA,
  TNDS,
  TNDS_WITHOUT_SWITCH,
  STRING_ID,
  STRING_ID_NUL,
};
