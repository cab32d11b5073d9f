import fc from 'fast-check';
import iconv from 'iconv-lite';
import { describe, expect, test } from 'vitest';
import { fixtureBytes } from '../cda-fixtures.ts';
import { defaultLimits, type Limits, parseDocument } from '../index.ts';
import { at, ownText } from './element.ts';

const ruleOf = (bytes: Buffer | string, limits?: Limits): string => {
  const found = parseDocument(Buffer.from(bytes as string), limits);
  return Array.isArray(found) ? found.map(({ rule }) => rule).join() : 'read';
};
const wrap = (inner: string, head = '<?xml version="1.0"?>'): string =>
  `${head}<ClinicalDocument xmlns="urn:hl7-org:v3">${inner}</ClinicalDocument>`;

describe('charsets', () => {
  const text = wrap('<title>检验报告㛃𠮷</title>', '');
  const title = (bytes: Buffer): string => {
    const found = parseDocument(bytes);
    return Array.isArray(found) ? found[0]!.rule : ownText(at(found.root, 'title'));
  };
  test.each([
    ['UTF-8 by default', Buffer.from(text)],
    ['UTF-8 with a mark', Buffer.from(`\ufeff${text}`)],
    ['GB18030', iconv.encode(`<?xml version="1.0" encoding="GB18030"?>${text}`, 'gb18030')],
    ['four-byte characters labelled GBK', iconv.encode(`<?xml version='1.0' encoding='gbk'?>${text}`, 'gb18030')],
    ['UTF-16 with a mark', Buffer.from(`\ufeff<?xml version="1.0" encoding="UTF-16"?>${text}`, 'utf16le')],
    ['UTF-16BE without one', Buffer.from(`<?xml version="1.0" encoding="UTF-16"?>${text}`, 'utf16le').swap16()],
  ])('%s is read', (_, bytes) => expect(title(bytes)).toBe('检验报告㛃𠮷'));

  test('GB18030 bytes that call themselves UTF-8 are refused, not guessed', () => {
    expect(ruleOf(iconv.encode(wrap('<title>检验</title>', '<?xml version="1.0" encoding="UTF-8"?>'), 'gb18030'))).toBe(
      'cda.charset',
    );
    expect(ruleOf(wrap('', '<?xml version="1.0" encoding="EBCDIC-CP-US"?>'))).toBe('cda.charset-unknown');
  });

  test('a character cut by a step boundary stays whole', () => {
    const long = `${'x'.repeat(65_400)}${'重'.repeat(200)}`;
    expect(title(Buffer.from(wrap(`<title>${long}</title>`)))).toBe(long);
  });
});

describe('hostile input', () => {
  const laughs = `<!DOCTYPE lolz [<!ENTITY a "ha">${Array.from({ length: 9 }, (_, i) => `<!ENTITY b${i} "${`&${i === 0 ? 'a' : `b${i - 1}`};`.repeat(10)}">`).join('')}]>`;
  test.each([
    [
      'billion laughs',
      `<?xml version="1.0"?>${laughs}<ClinicalDocument>&b8;</ClinicalDocument>`,
      'cda.doctype-refused',
    ],
    [
      'an external entity',
      '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><ClinicalDocument>&e;</ClinicalDocument>',
      'cda.doctype-refused',
    ],
    ['a DOCTYPE that never ends', `<!DOCTYPE x [${'<!ENTITY a "x">'.repeat(10)}`, 'cda.doctype-refused'],
    ['a harmless DOCTYPE', '<!DOCTYPE ClinicalDocument><ClinicalDocument/>', 'cda.doctype-refused'],
    ['an entity nobody defined', wrap('&nbsp;'), 'cda.entity-refused'],
    ['a document cut off', wrap('<title>').slice(0, 70), 'cda.not-well-formed'],
    ['crossed tags', wrap('<a><b></a></b>'), 'cda.not-well-formed'],
    ['an attribute twice', wrap('<id root="1" root="2"/>'), 'cda.not-well-formed'],
    ['another root', '<html/>', 'cda.not-a-document'],
    ['nothing', '', 'cda.not-well-formed'],
    ['a comment that only talks of it', wrap('<!-- <!DOCTYPE x> -->'), 'read'],
  ])('%s', (_, text, rule) => expect(ruleOf(text)).toBe(rule));

  test('limits of bytes, depth, elements, attributes and text hold', () => {
    const deep = '<a>'.repeat(5000);
    expect(ruleOf(wrap(deep))).toBe('cda.limit-exceeded');
    expect(ruleOf(wrap('<a/>'.repeat(50)), { ...defaultLimits, elements: 20 })).toBe('cda.limit-exceeded');
    expect(ruleOf(wrap(`<a ${Array.from({ length: 80 }, (_, i) => `a${i}="1"`).join(' ')}/>`))).toBe(
      'cda.limit-exceeded',
    );
    expect(ruleOf(wrap(`<a>${'x'.repeat(2000)}</a>`), { ...defaultLimits, text: 1000 })).toBe('cda.limit-exceeded');
    expect(ruleOf(wrap('x'.repeat(2000)), { ...defaultLimits, bytes: 1000 })).toBe('cda.limit-exceeded');
  });

  test('a syntax error names the element, line and column and quotes nothing', () => {
    const found = parseDocument(Buffer.from(wrap('\n<recordTarget>\n<name>张三</nome>')));
    expect(found).toMatchObject([
      { path: '/ClinicalDocument/recordTarget (3:15)', en: 'This is not well-formed XML (unexpected close tag)' },
    ]);
    expect(JSON.stringify(found)).not.toMatch(/张三|nome/);
  });

  test('no bytes make it throw', () => {
    const whole = fixtureBytes('c0007-laboratory');
    fc.assert(
      fc.property(fc.integer({ min: 0, max: whole.length }), fc.uint8Array({ maxLength: 8 }), (where, bytes) => {
        const broken = Buffer.concat([whole.subarray(0, where), Buffer.from(bytes), whole.subarray(where + 3)]);
        const found = parseDocument(broken);
        return Array.isArray(found) ? found.length === 1 : found.root.name === 'ClinicalDocument';
      }),
      { numRuns: 300 },
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => Array.isArray(parseDocument(Buffer.from(bytes)))),
    );
  });
});

test('a missing namespace and an undeclared xsi are tolerated', () => {
  const found = parseDocument(Buffer.from('<ClinicalDocument><value xsi:type="ST">x</value></ClinicalDocument>'));
  expect(Array.isArray(found) ? found : found.warnings.map(({ rule }) => rule)).toEqual(['cda.namespace']);
});
