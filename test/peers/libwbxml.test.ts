/**
 * libwbxml reads what we write. The other files here end with the same check on the messages of their own sessions;
 * here are sessions between our own programs, recorded on their way to the DM server.
 */
import { describe, expect } from 'vitest';
import { utf8 } from '../../src-main/base/bytes.ts';
import { encodeMessage } from '../../src-main/syncml/codec.ts';
import { record as recordScene, SCENES } from '../support/dm-scenes.ts';
import { grandTour } from '../support/grand-tour.ts';
import { httpRecorder } from '../support/http-recorder.ts';
import { MessageRecord } from '../support/message-record.ts';
import { DEVICE, GAME, ourDms, ourHandset } from '../support/our-three.ts';
import { onStage } from '../support/processes.ts';
import { rareMessages } from '../support/rare-messages.ts';
import { someOf } from '../support/thoroughness.ts';
import { ENCODINGS, strangersTest } from './support/strangers.ts';

const record = new MessageRecord();

describe('the messages of sessions between our own programs', () => {
  const profiles = ENCODINGS.flatMap((encoding) => ['none', 'basic', 'md5', 'mac'].map((auth) => ({ encoding, auth })));
  for (const { encoding, auth } of someOf(profiles, 5)) {
    strangersTest(`are recorded in ${encoding} with ${auth}`, () =>
      onStage(async (stage) => {
        const dms = await ourDms(stage, '--auth', auth);
        await dms.client.post(DEVICE, 'inventory');
        const install = await dms.client.post(DEVICE, 'install', { package: GAME });
        await dms.client.post(DEVICE, 'remove', { component: 'com.example.notes' });
        const door = await httpRecorder(stage, { record, origin: `ours, ${encoding}, ${auth}` });
        door.target = dms.url;
        const { address } = await ourHandset(stage, '--encoding', encoding, '--auth', auth);
        const trigger = ['--trigger', dms.client.triggerUrl(DEVICE), '--count', '1'];
        const before = record.size;
        const relay = stage.agent('relay', '--handset', address, '--dms', door.url, ...trigger);
        expect(await relay.result()).toMatchObject({ exit: 0, state: 'done' });
        expect(await dms.client.job(install)).toMatchObject({ state: 'done', resultCode: 1200 });
        expect(record.size - before).toBeGreaterThan(15);
      }),
    );
  }

  strangersTest('are recorded from machines that say whatever they can say', async () => {
    const before = record.size;
    for (const encoding of ENCODINGS) {
      for (const auth of ['none', 'basic', 'md5', 'mac'] as const) {
        for (const { body } of grandTour(encoding, auth).envelopes)
          record.add(body, encoding, `tour, ${encoding}, ${auth}`);
      }
      for (const scene of SCENES) {
        for (const { body } of recordScene(scene, encoding)) record.add(body, encoding, `${scene.name}, ${encoding}`);
      }
    }
    expect(record.size - before).toBeGreaterThan(100);
  });

  strangersTest('are made for what sessions seldom hold', async () => {
    const before = record.size;
    for (const encoding of ENCODINGS) {
      for (const [origin, message] of rareMessages(encoding)) {
        record.add(encodeMessage(message, encoding), encoding, `${origin}, ${encoding}`);
      }
    }
    expect(record.size - before).toBeGreaterThan(20);
  });

  strangersTest('are read by libwbxml as we read them', async () => {
    expect(await record.disagreements()).toEqual([]);
  });
});

describe('the comparison with libwbxml', () => {
  const head =
    '<SyncHdr><VerDTD>1.2</VerDTD><VerProto>DM/1.2</VerProto><SessionID>1</SessionID><MsgID>1</MsgID>' +
    '<Target><LocURI>a</LocURI></Target><Source><LocURI>b</LocURI></Source></SyncHdr>';
  const message = (more: string) =>
    utf8(`<SyncML xmlns="SYNCML:SYNCML1.2">${head}<SyncBody>${more}<Final/></SyncBody></SyncML>`);

  strangersTest('tells of a message that libwbxml cannot read', async () => {
    const odd = new MessageRecord();
    odd.add(message(''), 'xml', 'plain');
    odd.add(message('<Unheard/>'), 'xml', 'odd');
    const found = await odd.disagreements();
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(/^odd: /);
  });

  strangersTest('tells of a message that we cannot read', async () => {
    const broken = new MessageRecord();
    broken.add(message('').subarray(0, 100), 'xml', 'broken');
    expect(await broken.disagreements()).toEqual([expect.stringMatching(/^broken: xml\//)]);
  });
});
