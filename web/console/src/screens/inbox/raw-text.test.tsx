import type { InboxMessage } from '@hutong/contract/console.ts';
import { renderToStaticMarkup } from 'react-dom/server';
import { expect, it } from 'vitest';
import { RawText } from './raw-text.tsx';
import { layOut } from './text/lay-out.ts';

const raw = 'MSH|^~\\&|LIS|H1\rPID|1||L1||<script>alert(1)</script>||20991231|F\r';

it('marks the field and the line an issue points at, and shows what came in as text only', () => {
  const text = layOut(raw, 'hl7v2-mllp');
  const place = text.place('PID-7');
  expect(place).not.toBeNull();
  const markup = renderToStaticMarkup(
    <RawText message={{ raw } as InboxMessage} text={text} marks={[{ ...place!, severity: 'error' }]} target={null} />,
  );
  expect(markup).toMatch(/class="raw-value raw-mark raw-mark-error" title="PID-7">20991231</);
  expect(markup.match(/raw-line raw-error/g)).toHaveLength(1);
  expect(markup).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
  expect(markup).not.toContain('<script>');
});
