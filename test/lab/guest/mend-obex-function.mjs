// Makes the kernel's OBEX gadget function usable: `mend-obex-function.mjs usb_f_obex.ko`.
//
// As shipped the function asks to stay off the bus until its tty is opened, and is told that it was opened only once the
// bus has selected its data interface: it never gets there. The request and the two call-backs that belong to it are
// taken out, and the signature of the module with them (a wrong one is refused, none is taken).
import { readFileSync, writeFileSync } from 'node:fs';

const [path = ''] = process.argv.slice(2);
const bytes = readFileSync(path);

/** Octets of an instruction, where it changes, and what to. */
const CHANGES = [
  // orb $1, bind_deactivated(%rax): with 0.
  { find: [0x80, 0x88, 0xd8, 0, 0, 0, 0x01], at: 6, to: 0 },
  // movq $obex_connect and $obex_disconnect: to a field that the instructions behind it fill anyway.
  { find: [0x48, 0xc7, 0x80, 0x00, 0x01, 0, 0], at: 3, to: [0x68, 0] },
  { find: [0x48, 0xc7, 0x80, 0x08, 0x01, 0, 0], at: 3, to: [0x68, 0] },
];

for (const { find, at, to } of CHANGES) {
  const where = bytes.indexOf(Buffer.from(find));
  if (where < 0 || bytes.indexOf(Buffer.from(find), where + 1) >= 0) {
    throw new Error(`${path} is not as expected: see test/lab/README.md, "The OBEX function"`);
  }
  Buffer.from([to].flat()).copy(bytes, where + at);
}

const MARK = Buffer.from('~Module signature appended~\n');
let end = bytes.length;
if (bytes.subarray(-MARK.length).equals(MARK)) {
  // Before the mark: twelve octets, whose last four are the length of the signature before them.
  end -= MARK.length;
  end -= 12 + bytes.readUInt32BE(end - 4);
}
writeFileSync(path, bytes.subarray(0, end));
