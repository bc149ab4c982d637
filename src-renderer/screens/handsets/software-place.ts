/** Where a handset's software is shown. */
export function softwarePlace(device: string): string {
  return `/handsets/${encodeURIComponent(device)}/software`;
}

/** The handset that a part of a place names; one that nobody encoded as it is. */
export function deviceOfPlace(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
