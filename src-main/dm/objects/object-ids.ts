/** Identifiers of the standard management objects: `Type` of their root (DM Standardized Objects 1.2, 7.1.3). */
export const ObjectId = {
  DmAcc: 'urn:oma:mo:oma-dm-dmacc:1.0',
  DevInfo: 'urn:oma:mo:oma-dm-devinfo:1.0',
  DevDetail: 'urn:oma:mo:oma-dm-devdetail:1.0',
  Inbox: 'urn:oma:mo:oma-dm-inbox:1.0',
} as const;

/** DMAcc under the name of its registration for client provisioning; some handsets of 1.2 write it still. */
const OLD_DMACC_ID = 'org.openmobilealliance/1.0/w7';

export function isDmAccId(type: string | undefined): boolean {
  const id = type?.trim().toLowerCase();
  return id === ObjectId.DmAcc || id === OLD_DMACC_ID;
}
