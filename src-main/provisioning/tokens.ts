/**
 * WBXML tokens of provisioning documents: OMA Provisioning Content 1.1, section 7 (and WAP-183, which has code page 0
 * only). Attributes have code pages of their own, apart from those of tags. A line is the first token in hex and then
 * names in token order; '-' is a token without a meaning.
 */

/** Public identifier `-//WAPFORUM//DTD PROV 1.0//EN`; version 1.1 of the content has no other. */
export const PROV_PUBLIC_ID = 0x0b;
/** The same on both code pages of tags, but that page 1 has no root. */
export const PROV_TAGS: readonly string[] = ['wap-provisioningdoc', 'characteristic', 'parm'];

/** What an attribute start token means: a name and perhaps the beginning of the value. */
export interface AttributeStart {
  readonly page: number;
  readonly token: number;
  readonly name: string;
  /** Whole value, as every prefix of this language is. */
  readonly value?: string;
}

export interface AttributeValue {
  readonly page: number;
  readonly token: number;
  readonly text: string;
}

const PARM_NAMES = [
  `07 NAME NAP-ADDRESS NAP-ADDRTYPE CALLTYPE VALIDUNTIL AUTHTYPE AUTHNAME AUTHSECRET LINGER BEARER NAPID COUNTRY
     NETWORK INTERNET PROXY-ID PROXY-PROVIDER-ID DOMAIN PROVURL PXAUTH-TYPE PXAUTH-ID PXAUTH-PW STARTPAGE BASAUTH-ID
     BASAUTH-PW PUSHENABLED PXADDR PXADDRTYPE TO-NAPID PORTNBR SERVICE LINKSPEED DNLINKSPEED LOCAL-ADDR LOCAL-ADDRTYPE
     CONTEXT-ALLOW TRUST MASTER SID SOC WSP-VERSION PHYSICAL-PROXY-ID CLIENT-ID DELIVERY-ERR-SDU DELIVERY-ORDER
     TRAFFIC-CLASS MAX-SDU-SIZE MAX-BITRATE-UPLINK MAX-BITRATE-DNLINK RESIDUAL-BER SDU-ERROR-RATIO TRAFFIC-HANDL-PRIO
     TRANSFER-DELAY GUARANTEED-BITRATE-UPLINK GUARANTEED-BITRATE-DNLINK PXADDR-FQDN PROXY-PW PPGAUTH-TYPE
   47 PULLENABLED DNS-ADDR MAX-NUM-RETRY FIRST-RETRY-TIMEOUT REREG-THRESHOLD T-BIT - AUTH-ENTITY SPI`,
  `07 NAME
   14 INTERNET
   1c STARTPAGE
   22 TO-NAPID PORTNBR SERVICE
   2e AACCEPT AAUTHDATA AAUTHLEVEL AAUTHNAME AAUTHSECRET AAUTHTYPE ADDR ADDRTYPE APPID APROTOCOL PROVIDER-ID TO-PROXY
     URI RULE`,
] as const;

const TYPE_NAMES = [
  `51 PXLOGICAL PXPHYSICAL PORT VALIDITY NAPDEF BOOTSTRAP VENDORCONFIG CLIENTIDENTITY PXAUTHINFO NAPAUTHINFO ACCESS`,
  `53 PORT
   55 APPLICATION APPADDR APPAUTH CLIENTIDENTITY RESOURCE`,
] as const;

const VALUE_NAMES = [
  `85 IPV4 IPV6 E164 ALPHA APN SCODE TETRA-ITSI MAN
   90 ANALOG-MODEM V.120 V.110 X.31 BIT-TRANSPARENT DIRECT-ASYNCHRONOUS-DATA-SERVICE
   9a PAP CHAP HTTP-BASIC HTTP-DIGEST WTLS-SS MD5
   a2 GSM-USSD GSM-SMS ANSI-136-GUTS IS-95-CDMA-SMS IS-95-CDMA-CSD IS-95-CDMA-PACKET ANSI-136-CSD ANSI-136-GPRS
     GSM-CSD GSM-GPRS AMPS-CDPD PDC-CSD PDC-PACKET IDEN-SMS IDEN-CSD IDEN-PACKET FLEX/REFLEX PHS-SMS PHS-CSD TRETRA-SDS
     TRETRA-PACKET ANSI-136-GHOST MOBITEX-MPAK CDMA2000-1X-SIMPLE-IP CDMA2000-1X-MOBILE-IP
   c5 AUTOBAUDING
   ca CL-WSP CO-WSP CL-SEC-WSP CO-SEC-WSP CL-SEC-WTA CO-SEC-WTA OTA-HTTP-TO OTA-HTTP-TLS-TO OTA-HTTP-PO OTA-HTTP-TLS-PO
   e0 AAA HA`,
  `86 IPV6 E164 ALPHA
   8d APPSRV OBEX
   90 , HTTP- BASIC DIGEST`,
] as const;

function namesOf(text: string): readonly (readonly [token: number, name: string])[] {
  const found: [number, string][] = [];
  let token = 0;
  for (const word of text.split(/\s+/)) {
    if (/^[0-9a-f]{2}$/.test(word)) token = Number.parseInt(word, 16);
    else {
      if (word !== '-') found.push([token, word]);
      token += 1;
    }
  }
  return found;
}

function startsOf(page: 0 | 1): AttributeStart[] {
  const parms = namesOf(PARM_NAMES[page]).map(([token, value]) => ({ page, token, name: 'name', value }));
  const types = namesOf(TYPE_NAMES[page]).map(([token, value]) => ({ page, token, name: 'type', value }));
  const bare = [
    { page, token: 0x50, name: 'type' },
    { page, token: 0x05, name: 'name' },
    { page, token: 0x06, name: 'value' },
  ];
  return [...bare, ...parms, ...types];
}

/** Page 0 first: where both pages have a name, that is what libwbxml writes. */
export const ATTRIBUTE_STARTS: readonly AttributeStart[] = [
  { page: 0, token: 0x45, name: 'version' },
  { page: 0, token: 0x46, name: 'version', value: '1.0' },
  ...startsOf(0),
  ...startsOf(1),
];

export const ATTRIBUTE_VALUES: readonly AttributeValue[] = ([0, 1] as const).flatMap((page) =>
  namesOf(VALUE_NAMES[page]).map(([token, text]) => ({ page, token, text })),
);

const key = (page: number, token: number): number => (page << 8) | token;
const STARTS_BY_TOKEN = new Map(ATTRIBUTE_STARTS.map((start) => [key(start.page, start.token), start]));
const VALUES_BY_TOKEN = new Map(ATTRIBUTE_VALUES.map((value) => [key(value.page, value.token), value.text]));

export function attributeStart(page: number, token: number): AttributeStart | undefined {
  return STARTS_BY_TOKEN.get(key(page, token));
}

export function attributeValue(page: number, token: number): string | undefined {
  return VALUES_BY_TOKEN.get(key(page, token));
}
