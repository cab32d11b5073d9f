import { isUtf8 } from 'node:buffer';
import fc from 'fast-check';
import iconv from 'iconv-lite';
import { describe, expect, it } from 'vitest';
import { decode, encode } from './charset.ts';

const message = (charset: string, facility = 'H1'): string =>
  `MSH|^~\\&|HIS|${facility}|HUTONG|CQ|20261123100000||ADT^A04|1|P|2.5.1||||||${charset}\rPID|1||1^^^HIS^MR||张䶮龴㐀𠮷^^^^^^L\r`;

const text = (bytes: Buffer): unknown => {
  const decoded = decode(bytes);
  return 'text' in decoded ? decoded.text : decoded.rule;
};

describe('the character set of a message', () => {
  it.each(['GB 18030-2000', 'GB18030', 'GBK', 'GB2312', 'gb18030'])('%s gives rare names back unchanged', (name) => {
    const sent = message(name);
    expect(text(iconv.encode(sent, 'gb18030'))).toBe(sent);
  });

  it.each(['UNICODE UTF-8', 'UTF-8', ''])('UTF-8 is read when MSH-18 is "%s"', (name) => {
    const sent = message(name);
    expect(decode(Buffer.from(sent, 'utf8'))).toEqual({ text: sent, charset: 'UNICODE UTF-8', warnings: [] });
  });

  it('takes the first of repeated character sets', () => {
    const sent = message('GB18030~UNICODE UTF-8');
    expect(text(iconv.encode(sent, 'gb18030'))).toBe(sent);
  });

  it('reads bytes that are not UTF-8 as GB18030 when nothing is declared, and says so', () => {
    const decoded = decode(iconv.encode(message(''), 'gb18030'));
    expect(decoded).toMatchObject({
      charset: 'GB 18030-2000',
      warnings: [{ rule: 'hl7v2.charset-assumed', path: 'MSH-18' }],
    });
  });

  it('finds MSH-18 behind characters whose second byte is a delimiter', () => {
    // Every GBK character that ends in 0x7C '|', 0x5E '^', 0x7E '~' or 0x5C '\'.
    for (const trail of [0x7c, 0x5e, 0x7e, 0x5c]) {
      for (let lead = 0x81; lead <= 0xfe; lead++) {
        const pair = Buffer.from([lead, trail, lead, trail]);
        const [before, after] = message('GB18030', '@')
          .split('@')
          .map((part) => iconv.encode(part, 'gb18030'));
        const name = new TextDecoder('gb18030').decode(pair);
        expect(text(Buffer.concat([before!, pair, after!]))).toBe(message('GB18030', name));
      }
    }
  });

  it('refuses bytes that the declared character set does not have', () => {
    const gb = iconv.encode(message('UNICODE UTF-8'), 'gb18030');
    expect(isUtf8(gb)).toBe(false);
    expect(text(gb)).toBe('hl7v2.charset');
    const torn = Buffer.concat([iconv.encode(message('GB18030'), 'gb18030'), Buffer.from([0x81])]);
    expect(text(torn)).toBe('hl7v2.charset');
    expect(text(Buffer.from(message('ASCII'), 'utf8'))).toBe('hl7v2.charset');
    expect(text(Buffer.from(message('ISO IR87'), 'utf8'))).toBe('hl7v2.charset-unknown');
  });

  it('answers in the same character set', () => {
    const sent = message('GBK');
    expect(iconv.decode(encode(sent, 'GB 18030-2000'), 'gb18030')).toBe(sent);
    expect(encode('é', '8859/1')).toEqual(Buffer.from([0xe9]));
    expect(encode('张', 'ASCII').toString('latin1')).toBe('?');
  });

  it('never throws, and never invents characters, whatever the bytes', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 300 }),
        fc.constantFrom('GB18030', 'UNICODE UTF-8', '', 'ASCII'),
        (noise, name) => {
          const decoded = decode(
            Buffer.concat([Buffer.from(`MSH|^~\\&|A|B|||1||ADT^A04|1|P|2.5||||||${name}\rZZZ|`), Buffer.from(noise)]),
          );
          if (!('text' in decoded)) return;
          const back = encode(decoded.text, decoded.charset);
          // GB18030 has two spellings for a few characters, so only the others come back byte for byte.
          if (decoded.charset !== 'GB 18030-2000')
            expect(back.subarray(back.length - noise.length).equals(Buffer.from(noise))).toBe(true);
        },
      ),
      { numRuns: 300 },
    );
  });
});
