import iconv from 'iconv-lite';
import { describe, expect, it } from 'vitest';
import { isBatch, readBatch } from './batch.ts';
import { decode } from './charset.ts';

const one = (id: string): string => `MSH|^~\\&|HIS|H1|||20261123||ADT^A04|${id}|P|2.5.1\rPID|1||${id}\r`;
const file = (count: string, batches = '1'): Buffer =>
  Buffer.from(`FHS|^~\\&|HIS\rBHS|^~\\&|HIS\r${one('1')}${one('2')}BTS|${count}\rFTS|${batches}\r`);
const rules = (bytes: Buffer): string[] => readBatch(bytes).issues.map((issue) => `${issue.rule} ${issue.path}`);

describe('batch files', () => {
  it('come apart into their messages', () => {
    const batch = readBatch(file('2'));
    expect(batch.messages.map((bytes) => bytes.toString())).toEqual([one('1'), one('2')]);
    expect(batch.issues).toEqual([]);
    expect(batch.fileHeader).toBe('FHS|^~\\&|HIS');
  });

  it('have their counts checked', () => {
    expect(rules(file('3'))).toEqual(['hl7v2.batch-count BTS-1']);
    expect(rules(file('2', '4'))).toEqual(['hl7v2.batch-count FTS-1']);
    expect(rules(file('', ''))).toEqual([]);
  });

  it('have unpaired headers reported and still give their messages', () => {
    const torn = Buffer.from(`BHS|^~\\&|HIS\r${one('1')}`);
    expect(rules(torn)).toEqual(['hl7v2.batch-structure BTS']);
    expect(readBatch(torn).messages).toHaveLength(1);
  });

  it('may hold messages of different character sets', () => {
    const gb = `MSH|^~\\&|LIS|重庆|||20261123||ADT^A04|3|P|2.5.1||||||GB18030\rPID|1||3||㐀𠮷\r`;
    const bytes = Buffer.concat([
      Buffer.from('BHS|^~\\&|HIS\n'),
      Buffer.from(one('1')),
      iconv.encode(gb, 'gb18030'),
      Buffer.from('BTS|2\n'),
    ]);
    const texts = readBatch(bytes).messages.map((each) => decode(each));
    expect(texts.map((each) => 'text' in each && each.text)).toEqual([one('1'), gb]);
  });

  it('are told from single messages', () => {
    expect(isBatch(file('2'))).toBe(true);
    expect(isBatch(Buffer.from(one('1') + one('2')))).toBe(true);
    expect(isBatch(Buffer.from(one('1')))).toBe(false);
    expect(readBatch(Buffer.from(one('1'))).messages).toHaveLength(1);
    expect(readBatch(Buffer.from('')).messages).toEqual([]);
  });
});
