import { join } from 'node:path';
import { nodeClock } from '../../../src-main/base/node/clock.ts';
import { summarise } from '../../../src-main/dm/watcher/summarise.ts';
import { openJournal } from '../../../src-main/journal/journal.ts';
import { openStore } from '../../../src-main/store/store.ts';
import { encodeMessage } from '../../../src-main/syncml/codec.ts';
import { ContentType } from '../../../src-main/syncml/content-type.ts';
import { smallMessage } from '../codec/messages.ts';

const MESSAGES = 5000;

/** Microseconds of CPU that the journal takes for one message, its body, row and share of the commit included. */
export async function messageCost(folder: string): Promise<number> {
  const store = openStore({ file: join(folder, 'journal.db'), clock: nodeClock });
  const journal = openJournal({ store, folder, clock: nodeClock });
  const envelope = { contentType: ContentType.DmWbxml, body: encodeMessage(smallMessage(), 'wbxml') };
  const summary = summarise(envelope);
  const recorder = journal.sessionStarted({ kind: 'relay', handset: 'tcp:1', dms: 'http://a/dm', virtual: true });
  const write = (count: number): void => {
    for (let index = 0; index < count; index += 1) recorder.message(envelope, 'to-dms', summary);
  };
  try {
    write(MESSAGES);
    const before = process.cpuUsage();
    write(MESSAGES);
    const { user, system } = process.cpuUsage(before);
    return Math.round((user + system) / MESSAGES);
  } finally {
    journal.close();
    await store.close();
  }
}
