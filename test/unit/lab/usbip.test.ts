import { connect, createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { handsetShape } from '../../lab/usbip/descriptors.ts';
import { UsbipDevice } from '../../lab/usbip/device.ts';
import { MessageReader, type Submit, submitted, unlinked } from '../../lab/usbip/protocol.ts';
import { joinedToTcp, UsbipServer } from '../../lab/usbip/server.ts';

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(/\s/g, ''), 'hex');

// The example of Documentation/usb/usbip_protocol.rst: a keyboard's interrupt endpoints, as captured.
const INTERRUPT_IN = hex(`00000001 00000d05 0001000f 00000001 00000001 00000200 00000040 ffffffff 00000000 00000004
  00000000 00000000`);
const PAYLOAD =
  hex(`ffffffff860008a784ce5ae21237630000000000000000000000000000000000000000000000000000000000000000000000000000
  0000000000000000000000`);
const INTERRUPT_OUT = Buffer.concat([
  hex('00000001 00000d06 0001000f 00000000 00000001 00000000 00000040 ffffffff 00000000 00000004 00000000 00000000'),
  PAYLOAD,
]);

/** USB 2.0, figure 9-2: bmRequestType, bRequest, wValue, wIndex, wLength. */
const control = (sequence: number, direction: 'in' | 'out', setup: string, length: number): Buffer => {
  const header = Buffer.alloc(48);
  header.writeUInt32BE(1, 0);
  header.writeUInt32BE(sequence, 4);
  header.writeUInt32BE(direction === 'in' ? 1 : 0, 12);
  header.writeUInt32BE(length, 24);
  hex(setup).copy(header, 40);
  return header;
};
const bulk = (sequence: number, direction: 'in' | 'out', data: Buffer | number): Buffer => {
  const header = control(sequence, direction, '', typeof data === 'number' ? data : data.length);
  header.writeUInt32BE(1, 16);
  return typeof data === 'number' ? header : Buffer.concat([header, data]);
};

/** Collects what comes and waits until there is enough. */
async function conversation(port: number) {
  const socket = connect(port, '127.0.0.1');
  let bytes = Buffer.alloc(0);
  let wake = (): void => undefined;
  socket.on('data', (more) => {
    bytes = Buffer.concat([bytes, more]);
    wake();
  });
  return {
    socket,
    async ask(request: Buffer, length: number): Promise<Buffer> {
      socket.write(request);
      while (bytes.length < length) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      const answer = bytes.subarray(0, length);
      bytes = bytes.subarray(length);
      return answer;
    },
  };
}

describe('USB/IP messages', () => {
  it('are read as the example of the protocol has them, wherever they are split', () => {
    const wire = Buffer.concat([INTERRUPT_IN, INTERRUPT_OUT, INTERRUPT_IN]);
    for (let at = 0; at <= wire.length; at += 1) {
      const reader = new MessageReader();
      const messages = [...reader.take(wire.subarray(0, at)), ...reader.take(wire.subarray(at))];
      expect(messages).toMatchObject([
        { kind: 'submit', sequence: 0xd05, direction: 'in', endpoint: 1, length: 64 },
        { kind: 'submit', sequence: 0xd06, direction: 'out', endpoint: 1, length: 64, data: PAYLOAD },
        { kind: 'submit', sequence: 0xd05 },
      ]);
    }
  });

  it('are answered as the example has it', () => {
    const [input, output] = new MessageReader().take(Buffer.concat([INTERRUPT_IN, INTERRUPT_OUT])) as readonly Submit[];
    if (input === undefined || output === undefined) throw new Error('no messages');
    const head = '00000000 00000000 00000000 00000000 00000040';
    // The example has number_of_packets 0xffffffff in answers too.
    const tail = '00000000 ffffffff 00000000 00000000 00000000';
    expect(submitted(output, 0, output.data)).toEqual(hex(`00000003 00000d06 ${head} ${tail}`));
    expect(submitted(input, 0, PAYLOAD)).toEqual(Buffer.concat([hex(`00000003 00000d05 ${head} ${tail}`), PAYLOAD]));
    expect(unlinked(7, -104)).toEqual(hex(`00000004 00000007 ${'00'.repeat(12)} ffffff98 ${'00'.repeat(24)}`));
  });

  it('that are none, or too long, are refused', () => {
    for (const wrong of [
      '0111 9999 00000000',
      `00000009 ${'00'.repeat(44)}`,
      `00000001 ${'00'.repeat(20)} 7fffffff ${'00'.repeat(20)}`,
    ]) {
      expect(() => new MessageReader().take(hex(wrong))).toThrow();
    }
  });
});

describe('USB/IP server', () => {
  it('lists and exports a handset, answers standard requests, and joins its endpoints to a connection', async () => {
    const echo = createServer((peer) => peer.pipe(peer)).listen(0, '127.0.0.1');
    await new Promise((resolve) => echo.once('listening', resolve));
    const address = echo.address();
    const server = new UsbipServer();
    const shape = handsetShape({ serial: '350000000000777' });
    server.offer(new UsbipDevice('1-7', shape, joinedToTcp(typeof address === 'object' ? (address?.port ?? 0) : 0)));
    const port = await server.listen();
    try {
      const lister = await conversation(port);
      const list = await lister.ask(hex('0111 8005 00000000'), 12 + 312 + 2 * 4);
      expect(list.subarray(0, 12)).toEqual(hex('0111 0005 00000000 00000001'));
      expect(list.toString('latin1', 12 + 256, 12 + 259)).toBe('1-7');
      // busnum, devnum, speed, vendor, product, release, classes, configuration, configurations, interfaces.
      expect(list.subarray(12 + 288, 12 + 312)).toEqual(
        hex('00000001 00000007 00000003 0421 0123 0100 00 00 00 01 01 02'),
      );
      expect(list.subarray(-8)).toEqual(hex('020b0000 0a000000'));
      lister.socket.destroy();

      const host = await conversation(port);
      const name = Buffer.alloc(32);
      name.write('1-7');
      expect((await host.ask(Buffer.concat([hex('0111 8003 00000000'), name]), 320)).subarray(0, 8)).toEqual(
        hex('0111 0003 00000000'),
      );
      const device = await host.ask(control(1, 'in', '80 06 0001 0000 1200', 18), 48 + 18);
      expect(device.subarray(48)).toEqual(shape.device);
      const whole = await host.ask(control(2, 'in', '80 06 0002 0000 0900', 9), 48 + 9);
      expect(whole.readUInt16LE(50)).toBe(shape.configuration.length);
      const serial = await host.ask(control(3, 'in', '80 06 0303 0904 ff00', 255), 48 + 32);
      expect(serial.subarray(48)).toEqual(hex(`2003 ${[...'350000000000777'].map((one) => `3${one}00`).join('')}`));
      // A qualifier (type 6) is what it does not have: it stalls with -EPIPE.
      const none = await host.ask(control(4, 'in', '80 06 0006 0000 0a00', 10), 48);
      expect(none.readInt32BE(20)).toBe(-32);

      await host.ask(control(5, 'out', '01 0b 0100 0100 0000', 0), 48);
      host.socket.write(bulk(6, 'in', 512));
      await host.ask(bulk(7, 'out', Buffer.from('an object')), 48 + 48 + 9).then((both) => {
        expect(both.readUInt32BE(4)).toBe(7);
        expect(both.subarray(48 + 48).toString()).toBe('an object');
      });
      host.socket.write(bulk(8, 'in', 512));
      const unlink = Buffer.alloc(48);
      unlink.writeUInt32BE(2, 0);
      unlink.writeUInt32BE(9, 4);
      unlink.writeUInt32BE(8, 20);
      expect((await host.ask(unlink, 48)).readInt32BE(20)).toBe(-104);
      const cut = new Promise((resolve) => host.socket.once('close', resolve));
      server.unplug('1-7');
      await cut;
    } finally {
      await server.close();
      echo.close();
    }
  });
});
