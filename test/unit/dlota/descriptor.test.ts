import { describe, expect, it } from 'vitest';
import { DescriptorLimit, installParams } from '../../../src-main/dlota/descriptor.ts';
import { notificationBody, readNotification } from '../../../src-main/dlota/notification-code.ts';
import { descriptorPage, pageText, plainPage } from '../../../src-main/dlota/page.ts';
import { readDescriptor } from '../../../src-main/dlota/read-descriptor.ts';
import { followRedirect, isRedirect, MAX_REDIRECTS } from '../../../src-main/dlota/redirect.ts';
import { writeDescriptor } from '../../../src-main/dlota/write-descriptor.ts';
import { mutations } from '../../support/mutate.ts';

const URL_OF_DD = 'http://shop.example/dd/fun.dd';
const bytesOf = (text: string) => new TextEncoder().encode(text);
const read = (text: string | Uint8Array, contentType?: string) =>
  readDescriptor(typeof text === 'string' ? bytesOf(text) : text, {
    url: URL_OF_DD,
    ...(contentType === undefined ? {} : { contentType }),
  });

const NEEDED =
  '<type>application/java-archive</type><size>135230</size><objectURI>http://shop.example/fun.jar</objectURI>';
const media = (inside: string, attributes = 'xmlns="http://www.openmobilealliance.org/xmlns/dd"') =>
  `<?xml version="1.0"?><media ${attributes}>${inside}</media>`;

function descriptorIn(text: string | Uint8Array, contentType?: string) {
  const reading = read(text, contentType);
  if (reading.kind !== 'descriptor') throw reading.error;
  return reading.descriptor;
}

describe('a download descriptor that is read', () => {
  it('gives what the document says', () => {
    const text = `<?xml version="1.0" encoding="UTF-8"?>
<media xmlns="http://www.openmobilealliance.org/xmlns/dd">
  <DDVersion>1.0</DDVersion><name>Fun Game</name><vendor>Fun Applications Co.</vendor>
  <type>application/java-archive</type><size>135230</size>
  <objectURI>http://127.0.0.1:8090/pkg/fun.jar</objectURI>
  <installNotifyURI>http://127.0.0.1:8090/notify/42</installNotifyURI>
  <nextURL>http://shop.example/thanks</nextURL><infoURL>http://shop.example/price?id=1&amp;c=2</infoURL>
  <description>A game&#10;for two</description><iconURI>/icon.png</iconURI><installParam>MD5=00ff; Start=yes</installParam>
</media>`;
    const descriptor = descriptorIn(text);
    expect(descriptor).toEqual({
      version: '1.0',
      types: ['application/java-archive'],
      size: 135_230,
      objectUri: 'http://127.0.0.1:8090/pkg/fun.jar',
      installNotifyUri: 'http://127.0.0.1:8090/notify/42',
      nextUrl: 'http://shop.example/thanks',
      infoUrl: 'http://shop.example/price?id=1&c=2',
      name: 'Fun Game',
      vendor: 'Fun Applications Co.',
      description: 'A game for two',
      iconUri: 'http://shop.example/icon.png',
      installParam: 'MD5=00ff; Start=yes',
    });
    expect([...installParams(descriptor)]).toEqual([
      ['md5', '00ff'],
      ['start', 'yes'],
    ]);
  });

  it.each([
    [
      'in any order, with prefix, unknown elements and attributes',
      media(
        '<x:size a="1"> 5 </x:size><garbage><size>9</size></garbage><x:objectURI>fun.jar</x:objectURI><x:type b="2">A/B; q=1</x:type><type>c/d</type>',
        'xmlns:x="http://www.openmobilealliance.org/xmlns/dd" unknown="1"',
      ),
      { size: 5, types: ['a/b', 'c/d'], objectUri: 'http://shop.example/dd/fun.jar' },
    ],
    [
      'without a namespace and with a minor version that is not known',
      media(`<DDVersion>1.7</DDVersion>${NEEDED}`, ''),
      { version: '1.7' },
    ],
    [
      'with iconURL, which a test document writes',
      media(`${NEEDED}<iconURL>http://shop.example/i.png</iconURL>`),
      { iconUri: 'http://shop.example/i.png' },
    ],
    [
      'with a page to follow that is no page',
      media(`${NEEDED}<nextURL>javascript:alert(1)</nextURL><infoURL>http://a:b@c/</infoURL>`),
      { size: 135_230 },
    ],
    ['with the name twice', media(`${NEEDED}<name>One</name><name>Two</name>`), { name: 'One' }],
    [
      'with marks that turn the direction of writing',
      media(`${NEEDED}<vendor>good\u202Elive</vendor>`),
      { vendor: 'goodlive' },
    ],
  ])('takes one %s', (_what, text, expected) => {
    const descriptor = descriptorIn(text);
    expect(descriptor).toMatchObject(expected);
    expect(descriptor.nextUrl).toBeUndefined();
  });

  it('takes UTF-16 and a charset of the transport', () => {
    const text = media(`${NEEDED}<name>Spaß</name>`).replace('<?xml version="1.0"?>', '');
    const wide = new Uint8Array(2 + text.length * 2);
    wide.set([0xff, 0xfe]);
    for (let at = 0; at < text.length; at += 1)
      wide.set([text.charCodeAt(at) & 0xff, text.charCodeAt(at) >> 8], 2 + 2 * at);
    expect(descriptorIn(wide).name).toBe('Spaß');
    const latin = Uint8Array.from(text, (character) => character.charCodeAt(0));
    expect(descriptorIn(latin, 'application/vnd.oma.dd+xml; charset=iso-8859-1').name).toBe('Spaß');
  });

  it('cuts a name that no screen shows whole, at a character', () => {
    const name = descriptorIn(media(`${NEEDED}<name>${'😀'.repeat(5000)}</name>`)).name ?? '';
    expect([...name]).toHaveLength(DescriptorLimit.Name);
    expect(name.endsWith('😀…')).toBe(true);
  });

  it.each([
    ['no XML', 'fun.jar', 906, 'dlota/malformed'],
    ['another document', '<html/>', 906, 'dlota/malformed'],
    ['a document that ends early', media(NEEDED).slice(0, -4), 906, 'dlota/malformed'],
    ['entities of its own', `<!DOCTYPE media [<!ENTITY a "b">]>${media(NEEDED).slice(21)}`, 906, 'dlota/malformed'],
    ['a name of 10 MB', media(`${NEEDED}<name>${'n'.repeat(10_000_000)}</name>`), 906, 'dlota/too-large'],
    ['2000 elements', media(NEEDED + '<x/>'.repeat(2000)), 906, 'dlota/too-large'],
    ['elements 40 deep', media(NEEDED + '<x>'.repeat(40) + '</x>'.repeat(40)), 906, 'dlota/too-large'],
    ['no type', media('<size>1</size><objectURI>http://a/</objectURI>'), 906, 'dlota/element-missing'],
    ['no size', media('<type>a/b</type><objectURI>http://a/</objectURI>'), 906, 'dlota/element-missing'],
    ['no objectURI', media('<type>a/b</type><size>1</size>'), 906, 'dlota/element-missing'],
    [
      'an objectURI that is empty',
      media(`${NEEDED.replace('http://shop.example/fun.jar', ' ')}`),
      906,
      'dlota/element-invalid',
    ],
    ['an objectURI of a file', media(NEEDED.replace('http:', 'file:')), 906, 'dlota/element-invalid'],
    [
      'an objectURI in another message',
      media(NEEDED.replace('http://shop.example/', 'cid:')),
      906,
      'dlota/element-invalid',
    ],
    ['an objectURI of 3000 characters', media(NEEDED.replace('fun', 'f'.repeat(3000))), 906, 'dlota/element-invalid'],
    ['two objectURIs', media(`${NEEDED}<objectURI>http://b/</objectURI>`), 906, 'dlota/element-repeated'],
    ['100 types', media(NEEDED + '<type>a/b</type>'.repeat(100)), 906, 'dlota/element-repeated'],
    ['two sizes', media(`${NEEDED}<size>135230</size>`), 906, 'dlota/element-repeated'],
    ['a size below nothing', media(NEEDED.replace('135230', '-1')), 906, 'dlota/element-invalid'],
    ['a size of nothing', media(NEEDED.replace('135230', '0')), 906, 'dlota/element-invalid'],
    ['a size in hex', media(NEEDED.replace('135230', '0x10')), 906, 'dlota/element-invalid'],
    ['a size in elements', media(NEEDED.replace('135230', '<b>1</b>')), 906, 'dlota/element-invalid'],
    ['a size of 20 digits', media(NEEDED.replace('135230', '9'.repeat(20))), 906, 'dlota/element-invalid'],
    ['a type that is none', media(NEEDED.replace('application/java-archive', 'game')), 906, 'dlota/element-invalid'],
    [
      'an installNotifyURI that is no address',
      media(`${NEEDED}<installNotifyURI>tel:1</installNotifyURI>`),
      906,
      'dlota/element-invalid',
    ],
    ['version 2.0', media(`<DDVersion>2.0</DDVersion>${NEEDED}`), 951, 'dlota/version'],
    ['a version that is no number', media(`<DDVersion>one</DDVersion>${NEEDED}`), 951, 'dlota/version'],
    ['version 2 in an attribute', media('<product/>', 'DDVersion="2.0"'), 951, 'dlota/version'],
    [
      'version 2 by its namespace',
      media('<product/>', 'xmlns="http://www.openmobilealliance.org/xmlns/dd2"'),
      951,
      'dlota/version',
    ],
  ])('is refused with %s', (_what, text, code, error) => {
    expect(read(text)).toMatchObject({ kind: 'refused', code, error: { code: error } });
  });

  it('gives a descriptor or a reason for 3000 damaged ones, and never anything else', () => {
    const whole = bytesOf(
      media(`<DDVersion>1.0</DDVersion><name>a&amp;b</name>${NEEDED}<installNotifyURI>/n</installNotifyURI>`),
    );
    const others = [bytesOf('<!DOCTYPE media [<!ENTITY a "b">]>'), bytesOf('<media DDVersion="2.0"/>')];
    const codes = new Set<string>();
    for (const damaged of mutations([whole, whole, whole, ...others], 20_261_121, 3000)) {
      const reading = read(damaged);
      codes.add(reading.kind === 'refused' ? reading.error.code : reading.kind);
    }
    expect([...codes]).toEqual(expect.arrayContaining(['descriptor', 'dlota/malformed', 'dlota/element-missing']));
    for (const code of codes) expect(code).toMatch(/^(descriptor|dlota\/[a-z-]+)$/);
  });

  it('says where even a refused one is to be reported', () => {
    const notify = '<installNotifyURI>http://shop.example/n</installNotifyURI>';
    const uri = { installNotifyUri: 'http://shop.example/n' };
    expect(read(media(`${notify}<size>1</size>`))).toMatchObject({ code: 906, ...uri });
    expect(read(media(`<DDVersion>2.0</DDVersion>${notify}`))).toMatchObject({ code: 951, ...uri });
    expect(read(media(`${NEEDED}${notify}${notify}`))).not.toHaveProperty('installNotifyUri');
    expect(read(media(NEEDED), 'application/vnd.oma.dd2+xml')).toMatchObject({ code: 951 });
  });

  it('comes back as it was written, whatever its texts hold', () => {
    const descriptor = {
      version: '1.0',
      types: ['application/octet-stream', 'image/png'],
      size: 7,
      objectUri: 'http://127.0.0.1:1/a%20b?x=1&y=2',
      installNotifyUri: 'http://127.0.0.1:1/n',
      name: 'a < b & "c" ]]> d',
      vendor: 'Ü',
      installParam: 'version=2.0;SHA256=ab',
    };
    const bytes = writeDescriptor(descriptor);
    expect(descriptorIn(bytes)).toEqual(descriptor);
    const text = new TextDecoder().decode(bytes);
    expect(text).toContain('<media xmlns="http://www.openmobilealliance.org/xmlns/dd">');
    expect(text).toContain('<name>a &lt; b &amp; "c" ]]&gt; d</name>');
    expect(descriptorIn(writeDescriptor({ ...descriptor, name: 'a\u0000b' })).name).toBe('a\uFFFDb');
  });
});

describe('the page before a download', () => {
  it('shows what is known, whose hosts it talks to, and what nobody said', () => {
    const text = media(
      `${NEEDED.replace('shop.example/fun', 'cdn.example/fun')}<installNotifyURI>http://count.example/n</installNotifyURI><name>Fun</name><infoURL>http://shop.example/price</infoURL>`,
    );
    const page = descriptorPage(descriptorIn(text), URL_OF_DD);
    expect(page).toEqual({
      name: 'Fun',
      size: 135_230,
      types: ['application/java-archive'],
      infoUrl: 'http://shop.example/price',
      host: 'shop.example',
      otherHosts: ['cdn.example', 'count.example'],
      missing: ['vendor', 'description', 'icon'],
    });
    expect(pageText(page)).toBe(
      'Download Fun? Vendor: not said. Size: 135230 bytes. Type: application/java-archive. ' +
        'Licence and price: see http://shop.example/price From: shop.example; also: cdn.example, count.example',
    );
  });

  it('says of an object without a descriptor what its server says', () => {
    expect(plainPage('http://b.example/x', '', undefined, 'http://a.example/x')).toMatchObject({
      host: 'a.example',
      otherHosts: ['b.example'],
      missing: ['name', 'vendor', 'size', 'type', 'description', 'icon', 'info'],
    });
  });
});

describe('installation notifications', () => {
  it('are written as code, text and line break', () => {
    expect(notificationBody(900)).toBe('900 Success\r\n');
    expect(notificationBody(905)).toBe('905 Attribute mismatch\r\n');
  });

  it.each([
    ['900 Success\r\n', { code: 900, text: 'Success', success: true }],
    ['900', { code: 900, text: '', success: true }],
    ['902   User Canceled', { code: 902, text: 'User Canceled', success: false }],
    ['907 Invalid JAR\n', { code: 907, text: 'Invalid JAR', success: false }],
    ['999 \u001b[2J', { code: 999, text: '[2J', success: false }],
    ['9000 Success', undefined],
    ['Success', undefined],
    ['', undefined],
  ])('are read from %j', (body, expected) => {
    expect(readNotification(body)).toEqual(expected);
  });
});

describe('redirects', () => {
  it('are followed to where they lead, so many and no more, never in a circle or out of TLS', () => {
    expect([300, 301, 302, 303, 304, 307, 308].filter(isRedirect)).toEqual([301, 302, 303, 307, 308]);
    expect(followRedirect(['http://a/x/y'], '../z')).toBe('http://a/z');
    const trail = Array.from({ length: MAX_REDIRECTS }, (_, hop) => `http://a/${hop}`);
    expect(followRedirect(trail, 'http://b/')).toBe('http://b/');
    const refused = expect.objectContaining({ code: 'dlota/redirect-refused' });
    for (const [asked, location] of [
      [[...trail, 'http://b/'], 'http://c/'],
      [trail, 'http://a/2'],
      [['https://a/'], 'http://a/'],
      [trail, undefined],
      [trail, 'ftp://a/'],
      [trail, 'http://'],
    ] as const) {
      expect(() => followRedirect(asked, location)).toThrow(refused);
    }
  });
});
