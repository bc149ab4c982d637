/** Octets of an OBEX packet around a message: prefix, Connection Id, Type, Length, hmac and body headers. */
const PACKET_FRAME = 320;
/** Below this a message of several packets costs less than more messages. */
const MIN_PACKET_ROOM = 4096;

/** The longest message that fits one packet, when packets are large enough for that to be worth it. */
export function packetRoomOf(packetLimit: number): number | undefined {
  const room = packetLimit - PACKET_FRAME;
  return room >= MIN_PACKET_ROOM ? room : undefined;
}
