import { expect, it, onTestFinished } from 'vitest';
import { textOf, utf8 } from '../../../src-main/base/bytes.ts';
import { nodeClock } from '../../../src-main/base/node/clock.ts';
import { childBearers } from '../../../src-main/bearer/child/child-bearers.ts';
import { openNativePort } from '../../../src-main/bearer/child/native/serial-port.ts';
import { openPtyPair } from '../../../src-main/bearer/pty/pty-pair.ts';
import { createSerialBearer } from '../../../src-main/bearer/serial/serial-bearer.ts';
import { identifyHandset } from '../../../src-main/handset/identify/identify-handset.ts';

const never = new AbortController().signal;
const OK = '\r\nOK\r\n';
const ANSWERS: Readonly<Record<string, string>> = {
  'AT+CGMI': '\r\nMaker\r\n',
  'AT+CGMM': '\r\nModel\r\n',
  'AT+CGMR': '\r\nV 1.0\r\n',
  'AT+CGSN': '\r\n490154203237518\r\n',
};

it('a handset that has to be brought back from OBEX is asked who it is when it listens, and not before', async () => {
  const pair = await openPtyPair(never);
  onTestFinished(() => pair.close());
  const raw = createSerialBearer({ openPort: openNativePort, prelude: false });
  const far = await raw.dial(raw.parse(`serial:${pair.far}`), { signal: never });
  onTestFinished(() => far.close());
  const heard: string[] = [];
  void (async () => {
    for (let text = '', listens = false; ; ) {
      text += textOf((await far.read(never)) ?? utf8(''));
      // Until then what comes is packets without sense to it.
      if (!listens && text.includes('+++')) [listens, text] = [true, ''];
      for (let end = text.indexOf('\r'); listens && end >= 0; end = text.indexOf('\r')) {
        const command = text.slice(0, end);
        text = text.slice(end + 1);
        if (command === '') continue;
        heard.push(command);
        await far.write(utf8(`${ANSWERS[command] ?? ''}${OK}`), never);
      }
    }
  })().catch(() => undefined);
  const bearers = childBearers();
  onTestFinished(() => bearers.close());
  const functions = [{ kind: 'serial', address: `serial:${pair.near}` }] as const;
  const thing = { id: 'serial:1', place: 'tty', functions };
  const identity = await identifyHandset(thing, { bearers, clock: nodeClock, signal: never });
  expect(identity).toMatchObject({
    ...{ manufacturer: 'Maker', model: 'Model', firmware: 'V 1.0', device: 'IMEI:490154203237518', strong: true },
  });
  expect(heard).toEqual(['AT', 'ATE0', ...Object.keys(ANSWERS)]);
});
