import { describe, expect, it } from 'vitest';
import { utf8 } from '../../../src-main/base/bytes.ts';
import { contentsOf } from '../../../src-main/operations/package-contents.ts';

const DIGEST = '0'.repeat(64);

describe('what lies in a package', () => {
  it('is told by the first lines of a bundle, with what its components need', () => {
    const manifest = `{"model":"M1","components":[{"id":"a","name":"A","version":"2","size":9,"sha256":"${DIGEST}","needs":[{"id":"b","version":"1.5"}]}]}`;
    expect(contentsOf(utf8(`PC-AGENT-SOFTWARE 1\n${manifest}\n\n`))).toEqual({
      model: 'M1',
      contents: {
        kind: 'software',
        components: [{ id: 'a', name: 'A', version: '2', needs: [{ id: 'b', version: '1.5' }] }],
      },
    });
  });

  it('is told by the first lines of firmware: for which model, from what and to what', () => {
    const manifest = `{"model":"M1","from":["5.20"],"to":"5.22","size":9,"sha256":"${DIGEST}"}`;
    expect(contentsOf(utf8(`PC-AGENT-FIRMWARE 1\n${manifest}\n`))).toEqual({
      model: 'M1',
      contents: { kind: 'firmware', from: ['5.20'], to: '5.22' },
    });
  });

  it.each(['', 'MZ anything', 'PC-AGENT-SOFTWARE 2\n{}\n\n', 'PC-AGENT-FIRMWARE 1\n{"model":1}\n'])(
    'is not known of %j',
    (text) => expect(contentsOf(utf8(text))).toEqual({}),
  );
});
