import { describe, expect, it } from 'vitest';
import { read } from '../fixtures/send.ts';
import { issue } from '../rules.ts';
import { acknowledge, acknowledgeBatch } from './acknowledge.ts';
import { readBatch } from './batch.ts';
import { header } from './parse.ts';
import { build, components, escapeText } from './write.ts';

const AT = '2026-11-23T12:00:00.000Z';
const message = (version = '2.5.1', modes = '|', charset = 'UNICODE UTF-8') =>
  read(`MSH|^~\\&|LIS^1.2^ISO|重庆^医院|HUTONG|CQ|20261123||ORU^R01^ORU_R01|M7|T|${version}|||${modes}||${charset}`);
const lines = (text: string): string[] => text.split('\r').filter((line) => line !== '');

describe('acknowledgements', () => {
  it('swap sender and receiver, name the message and keep version and processing id', () => {
    const [msh, msa] = lines(acknowledge(message(), { code: 'AA', issues: [], controlId: 'A1', at: AT }));
    expect(msh).toBe(
      'MSH|^~\\&|HUTONG|CQ|LIS^1.2^ISO|重庆^医院|20261123200000+0800||ACK^R01^ACK|A1|T|2.5.1||||||UNICODE UTF-8',
    );
    expect(msa).toBe('MSA|AA|M7');
  });

  it('carry one ERR per issue, with the place, the code of table 0357 and a sentence in both languages', () => {
    const issues = [issue('hl7v2.birth-date-future', 'PID-7'), issue('hl7v2.unknown-code', 'OBX[3]-8[2].1', '0078')];
    const [, , first, second] = lines(acknowledge(message(), { code: 'AE', issues, controlId: 'A1', at: AT }));
    expect(first).toBe(
      'ERR||PID^1^7^1|102^Data type error^HL70357|E|hl7v2.birth-date-future^^L|||出生日期晚于收到日期 / The birth date lies in the future',
    );
    expect(second).toContain('|OBX^3^8^2^1|103^Table value not found^HL70357|W|');
  });

  it('use the older ERR before version 2.5', () => {
    const text = acknowledge(message('2.3'), {
      code: 'AE',
      issues: [issue('hl7v2.required-field-missing', 'PID-3', 'PID-3')],
      controlId: 'A1',
      at: AT,
    });
    expect(lines(text)[1]).toBe('MSA|AE|M7|The required field PID-3 is empty');
    expect(lines(text)[2]).toBe('ERR|PID^1^3^101&The required field PID-3 is empty&HL70357');
  });

  it('commit only when enhanced mode asks for nothing else', () => {
    const code = (modes: string): string =>
      lines(acknowledge(message('2.5.1', modes), { code: 'AE', issues: [], controlId: 'A', at: AT }))[1]!.slice(4, 6);
    expect([code('AL|NE'), code('AL|AL'), code('NE|NE'), code('|')]).toEqual(['CE', 'AE', 'AE', 'AE']);
  });

  it('can be made when nothing could be read', () => {
    const text = acknowledge(undefined, {
      code: 'AR',
      issues: [issue('hl7v2.not-a-message', 'MSH')],
      controlId: 'A1',
      at: AT,
    });
    expect(header(read(text))).toMatchObject({ type: 'ACK', version: '2.5.1', controlId: 'A1' });
    expect(lines(text)[1]).toBe('MSA|AR');
  });

  it('of a batch are a batch', () => {
    const acks = ['1', '2'].map((id) => acknowledge(message(), { code: 'AA', issues: [], controlId: id, at: AT }));
    const batch = readBatch(Buffer.from(acknowledgeBatch(acks, { controlId: 'B1', at: AT, withFile: true })));
    expect(batch.messages.map(String)).toEqual(acks);
    expect(batch.issues).toEqual([]);
  });
});

describe('writing', () => {
  it('escapes every delimiter and line break, so that reading gives the text back', () => {
    const text = 'a|b^c~d\\e&f\ng\r\nh';
    expect(escapeText(text)).toBe('a\\F\\b\\S\\c\\R\\d\\E\\e\\T\\f\\.br\\g\\.br\\h');
    const back = read(build([['MSH', text, '', '', '', '20261123', '', components('ADT', 'A01'), '1', 'P', '2.5']]));
    expect(header(back).sendingApplication).toBe('a|b^c~d\\e&f\ng\nh');
  });
});
