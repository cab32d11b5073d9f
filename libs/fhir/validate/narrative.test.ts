import { expect, test } from 'vitest';
import { isSafeNarrative } from './narrative.ts';

const div = (inside: string): string => `<div xmlns="http://www.w3.org/1999/xhtml">${inside}</div>`;

test.each([
  div('<p>words &amp; <b class="x">more</b></p><br/><img src="#photo" alt="a > b"/>'),
  div('<a href="https://example.cn/a?b=1&amp;c=2">x</a><!-- a <script> in a comment -->'),
  div("<td colspan='2' >x</td>"),
  div('<img src="data:image/png;base64,AAAA" alt=""/>'),
  '<div xmlns="http://www.w3.org/1999/xhtml"/>',
])('%s is narrative', (text) => {
  expect(isSafeNarrative(text)).toBe(true);
});

test.each([
  'words',
  '<p>x</p>',
  div('<script>x()</script>'),
  div('<SCRIPT SRC="x"></SCRIPT>'),
  div('<script <b>x()</b>'),
  div('<img src="x" onerror="x()"/>'),
  div('<img alt="a>b" onerror="x()"/>'),
  div('<img src=x onerror=x()>'),
  div('<a href="javascript:x()">x</a>'),
  div('<a href=" java\nscript:x()">x</a>'),
  div('<a href="java&#115;cript:x()">x</a>'),
  div('<a href="javascript&colon;x()">x</a>'),
  div('<a href="data:text/html,x">x</a>'),
  div('<iframe src="https://x"></iframe>'),
  div('<form action="https://x"></form>'),
  div('<!DOCTYPE x [<!ENTITY y "z">]>'),
  div('<?php x ?>'),
  div('<svg onload="x()"/>'),
  div('<!-- never closed'),
])('%s is refused', (text) => {
  expect(isSafeNarrative(text)).toBe(false);
});

test('megabytes made to be slow are judged at once', () => {
  const start = performance.now();
  for (const inside of [
    '<a href="',
    '<a '.repeat(300_000),
    `<a${' '.repeat(1_000_000)}`,
    `<a href="${' '.repeat(1_000_000)}x">`,
    '<!--'.repeat(300_000),
    `<a ${'a="" '.repeat(200_000)}`,
  ]) {
    isSafeNarrative(div(inside));
  }
  expect(performance.now() - start).toBeLessThan(5000);
});
