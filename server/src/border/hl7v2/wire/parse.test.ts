import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { read } from '../fixtures/send.ts';
import { SegmentReader } from '../read/segment-reader.ts';
import { header, parse } from './parse.ts';

const head = 'MSH|^~\\&|HIS^1.2.3^ISO|医院|HUTONG|CQ|20261123||ADT^A01^ADT_A01|M1|P|2.5.1';
const segment = (line: string, at = 1): SegmentReader => {
  const message = read(`${head}\r${line}`);
  return new SegmentReader(message.segments[at]!, 0, message);
};
const rule = (text: string): string => {
  const parsed = parse(text);
  return 'rule' in parsed ? `${parsed.rule} ${parsed.path}` : 'parsed';
};

describe('parsing', () => {
  it('reads MSH, whose first field is the separator itself', () => {
    expect(header(read(head))).toMatchObject({
      sendingApplication: 'HIS',
      sendingFacility: '医院',
      type: 'ADT',
      event: 'A01',
      controlId: 'M1',
      version: '2.5.1',
    });
    expect(read(head).segments[0]!.fields[1]).toBe('|');
    expect(read(head).segments[0]!.fields[2]).toBe('^~\\&');
  });

  it('reads other delimiters', () => {
    const message = read('MSH*:+/-*A:B*C***20261123**ADT:A01*9*P*2.4\rPID***1:::X-Y:MR+2');
    const pid = new SegmentReader(message.segments[1]!, 0, message);
    expect(pid.all(3).map((value) => value.text(1))).toEqual(['1', '2']);
    expect(pid.first(3)!.text(4, 2)).toBe('Y');
    expect(header(message).event).toBe('A01');
  });

  it.each(['\r', '\n', '\r\n', '\r\r', '\r\n\r\n'])('takes the terminator %j', (mark) => {
    const parsed = parse([head, 'PID|1', 'PV1|1', ''].join(mark));
    expect('segments' in parsed && parsed.segments.map((one) => one.name)).toEqual(['MSH', 'PID', 'PV1']);
  });

  it('keeps a line feed inside text when segments end with CR', () => {
    const parsed = parse(`${head}\rNTE|1||first line\nsecond line\rPV1|1`);
    if (!('segments' in parsed)) throw new Error();
    expect(parsed.segments.map((one) => one.name)).toEqual(['MSH', 'NTE', 'PV1']);
    expect(parsed.segments[1]!.fields[3]).toBe('first line\nsecond line');
    expect(parsed.warnings.map((one) => one.rule)).toEqual(['hl7v2.line-break-in-text']);
  });

  it('replaces escape sequences', () => {
    const nte = segment(
      'NTE|1||a\\F\\b\\S\\c\\T\\d\\R\\e\\E\\f\\.br\\g\\H\\h\\N\\\\X41E4B8AD\\\\.sp2\\i\\Zlocal\\j\\open',
    );
    expect(nte.first(3)!.whole()).toBe('a|b^c&d~e\\f\ngh' + 'A中' + '\n\ni\\Zlocal\\j\\open');
  });

  it('keeps "" apart from an empty field', () => {
    const pid = segment('PID|||1||""||"" | ');
    expect(pid.isNull(5)).toBe(true);
    expect(pid.isNull(6)).toBe(false);
    expect(pid.isNull(7)).toBe(true);
    expect(pid.all(5)).toEqual([]);
    expect(segment('PID|||1^""^x').text(3, 2)).toBe('');
  });

  it('removes control characters and says so', () => {
    const parsed = parse(`${head}\rNTE|1||a\u0000b\u0007c`);
    if (!('segments' in parsed)) throw new Error();
    expect(parsed.segments[1]!.fields[3]).toBe('abc');
    expect(parsed.warnings[0]!.rule).toBe('hl7v2.control-characters');
  });

  it.each([
    ['', 'hl7v2.not-a-message MSH'],
    ['PID|1', 'hl7v2.not-a-message MSH'],
    ['MSH|', 'hl7v2.not-a-message MSH'],
    ['MSH|^^~&|A', 'hl7v2.delimiters MSH-2'],
    ['MSHA^~\\&A', 'hl7v2.delimiters MSH-2'],
    [`${head}\rpid|1`, 'hl7v2.segment-name line 2'],
    [`${head}\rPIDX|1`, 'hl7v2.segment-name line 2'],
    [`${head}\rMSH|^~\\&|A`, 'hl7v2.segment-name line 2'],
    [`${head}\rZZZ${'|'.repeat(1000)}`, 'hl7v2.limit-exceeded ZZZ'],
    [`${head}${'\rZZZ|1'.repeat(60_000)}`, 'hl7v2.limit-exceeded MSH'],
    [`${head}\rNTE|1||${'~'.repeat(300_000)}`, 'hl7v2.limit-exceeded MSH'],
  ])('refuses %j', (text, expected) => {
    expect(rule(text)).toBe(expected);
  });

  it('never throws on any text', () => {
    const piece = fc.oneof(
      fc.constantFrom('MSH|^~\\&|', '\r', '\n', '|', '^', '~', '\\', '&', 'PID', '""', '\\X', '\u0000'),
      fc.string(),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => void parse(pieces.join(''))),
      { numRuns: 1000 },
    );
  });

  it('parses at least 10,000 laboratory reports per second of one core', () => {
    const lines = Array.from(
      { length: 20 },
      (_, at) => `OBX|${at}|NM|718-7^Haemoglobin^LN||${120 + at}|g/L|110-150|N|||F|||20261123`,
    );
    const text = `${head}\rPID|1||1||张三\rOBR|1|1|2|CBC^血常规\r${lines.join('\r')}\r`;
    for (let at = 0; at < 2000; at++) parse(text);
    const before = process.cpuUsage().user;
    for (let at = 0; at < 5000; at++) parse(text);
    const seconds = (process.cpuUsage().user - before) / 1e6;
    // The target is 20,000; a test run shares its machine.
    expect(5000 / seconds).toBeGreaterThan(10_000);
  });
});
