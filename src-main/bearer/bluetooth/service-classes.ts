/**
 * Service classes, 128 bits. The SyncML ones are those that handsets show ("SyncML DM Client" of Nokia handsets; its
 * server is the number before it); OBEX is of the Assigned Numbers, 3.3.
 */
export const ServiceClass = {
  SyncmlDmServer: '00000003-0000-1000-8000-0002ee000002',
  SyncmlDmClient: '00000004-0000-1000-8000-0002ee000002',
  ObexPush: '00001105-0000-1000-8000-00805f9b34fb',
  ObexFileTransfer: '00001106-0000-1000-8000-00805f9b34fb',
} as const;
