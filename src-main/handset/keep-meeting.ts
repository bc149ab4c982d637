import { plainText } from '../base/plain-text.ts';
import type { WriteDatabase } from '../store/database.ts';
import { isProvisionalName } from './identity.ts';
import type { Meeting } from './meeting.ts';
import { absorb, addressesOf, type Belonging, belongingOf, markRow } from './merge.ts';
import { addressOf, placeKey, type StandingOf } from './ways.ts';

export interface MeetingContext {
  readonly now: string;
  readonly standingOf: StandingOf;
  readonly isVirtualDevice: (device: string) => boolean;
}

/** A DevId and a name of a handset are far shorter; what a handset says of itself is not trusted with more. */
export const MAX_TEXT = 200;
/** Ports that one phone was at; the oldest go first. */
const MAX_WAYS = 16;

/** Writes down a meeting on the card that it belongs to. */
export function keepMeeting(
  db: WriteDatabase,
  said: Meeting,
  context: MeetingContext,
): Pick<Belonging, 'device' | 'absorbed'> {
  const meeting = inPlainTexts(said);
  const belonging = belongingOf(db, meeting, context.standingOf);
  const { device, absorbed, mark } = belonging;
  const { now, isVirtualDevice } = context;
  const newer = (column: 'model' | 'manufacturer'): string =>
    meeting.fromPlug === true ? `coalesce(${column}, excluded.${column})` : `coalesce(excluded.${column}, ${column})`;
  db.run(
    `INSERT INTO handsets (device, model, manufacturer, firmware, speaks_dm, serial, provisional, last_address,
         first_seen, last_seen, virtual)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (device) DO UPDATE SET model = ${newer('model')}, manufacturer = ${newer('manufacturer')},
         firmware = coalesce(excluded.firmware, firmware), serial = coalesce(excluded.serial, serial),
         speaks_dm = coalesce(max(excluded.speaks_dm, speaks_dm), excluded.speaks_dm, speaks_dm),
         last_address = coalesce(excluded.last_address, last_address), last_seen = excluded.last_seen`,
    ...[device, meeting.model ?? null, meeting.manufacturer ?? null, meeting.firmware ?? null],
    ...[meeting.speaksDm === undefined ? null : Number(meeting.speaksDm), meeting.serial ?? null],
    ...[Number(isProvisionalName(device)), meeting.address ?? null, now, now, Number(isVirtualDevice(device))],
  );
  // It may be what another card was called once, at the same place.
  db.run('DELETE FROM handset_former_names WHERE name = ?', device);
  for (const each of absorbed) absorb(db, each, device);
  keepWays(db, meeting, device, context);
  if (mark !== undefined && markRow(db, mark)?.shared !== 1) {
    db.run('INSERT OR REPLACE INTO handset_marks (mark, device) VALUES (?, ?)', mark, device);
  }
  return { device, absorbed };
}

/** It is at these places now, and whoever was there before is not. */
function keepWays(db: WriteDatabase, meeting: Meeting, device: string, { now }: MeetingContext): void {
  const confidence = isProvisionalName(meeting.device) ? 'weak' : 'strong';
  const places = new Map(meeting.ways?.map(({ address, place }) => [address, place]));
  for (const text of addressesOf(meeting).slice(0, MAX_WAYS)) {
    const address = addressOf(text);
    if (address === undefined || address.kind === 'id') continue;
    const key = placeKey(address);
    // A network address is where it listens at the moment: the one of the same kind before leads nowhere, or to another one.
    if (address.kind === 'tcp' || address.kind === 'http') {
      db.run('DELETE FROM handset_ways WHERE device = ? AND kind = ? AND place_key <> ?', device, address.kind, key);
    }
    db.run(
      `INSERT INTO handset_ways (place_key, device, address, kind, place, confidence, last_seen)
         VALUES (?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (place_key) DO UPDATE SET
           place = CASE WHEN device = excluded.device THEN coalesce(excluded.place, place) ELSE excluded.place END,
           confidence = CASE WHEN device = excluded.device AND confidence = 'strong' THEN confidence
             ELSE excluded.confidence END,
           device = excluded.device, address = excluded.address, last_seen = excluded.last_seen
         WHERE ? OR device = excluded.device`,
      // Who has left takes the place from nobody.
      ...[key, device, text, address.kind, places.get(text) ?? null, confidence, now, Number(meeting.left !== true)],
    );
  }
  db.run(
    `DELETE FROM handset_ways WHERE device = ?1 AND place_key NOT IN
       (SELECT place_key FROM handset_ways WHERE device = ?1 ORDER BY last_seen DESC, place_key LIMIT ${MAX_WAYS})`,
    device,
  );
}

/** What it says of itself as it may be shown to people. */
function inPlainTexts(meeting: Meeting): Meeting {
  const { manufacturer, model, firmware, serial } = meeting;
  return {
    ...meeting,
    ...{ manufacturer: plain(manufacturer), model: plain(model), firmware: plain(firmware), serial: plain(serial) },
  };
}

function plain(text: string | undefined): string | undefined {
  return plainText(text, MAX_TEXT);
}
