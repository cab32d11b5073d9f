import type { InboxMessage } from '@hutong/contract/console.ts';
import { Button } from 'antd';
import { memo, useEffect, useRef, useState } from 'react';
import { motionIsUnwelcome } from '../../app/motion.ts';
import type { LaidOut } from './text/lay-out.ts';
import type { Line } from './text/line.ts';
import { useInboxWords } from './words.ts';

export type Mark = { line: number; at: string | null; severity: 'error' | 'warning' };

/** A long message is drawn in stretches; the browser skips drawing what is not on screen. */
const stretch = 1500;
const rank = (severity: Mark['severity']): number => (severity === 'error' ? 1 : 0);

const LineRow = memo(function LineRow({
  line,
  number,
  marks,
  isTarget,
}: {
  line: Line;
  number: number;
  marks: Mark[];
  isTarget: boolean;
}) {
  const worst = marks.toSorted((one, other) => rank(other.severity) - rank(one.severity))[0];
  return (
    <li
      id={`line-${number}`}
      className={`raw-line${worst ? ` raw-${worst.severity}` : ''}${isTarget ? ' is-target' : ''}`}
      tabIndex={isTarget ? -1 : undefined}
    >
      {line.pieces.map((piece, index) => {
        const mark = piece.at !== undefined && marks.find((candidate) => candidate.at === piece.at);
        return (
          <span
            // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of a line never move
            key={index}
            className={`raw-${piece.kind}${mark ? ` raw-mark raw-mark-${mark.severity}` : ''}`}
            title={piece.at?.replace(/\[1\](?=-|$)/, '')}
          >
            {piece.text}
          </span>
        );
      })}
    </li>
  );
});

export function RawText({
  message,
  text,
  marks,
  target,
}: {
  message: InboxMessage;
  text: LaidOut;
  marks: Mark[];
  target: { line: number } | null;
}) {
  const say = useInboxWords();
  const frame = useRef<HTMLElement>(null);
  const [shown, setShown] = useState(stretch);
  const [isCopied, setCopied] = useState(false);
  useEffect(() => {
    if (!target) return;
    setShown((count) => Math.max(count, target.line + 50));
    requestAnimationFrame(() => {
      const row = frame.current?.querySelector<HTMLElement>('.is-target');
      // The marked field itself may lie far to the right.
      (row?.querySelector('.raw-mark') ?? row)?.scrollIntoView({
        block: 'center',
        inline: 'nearest',
        behavior: motionIsUnwelcome() ? 'auto' : 'smooth',
      });
      row?.focus({ preventScroll: true });
    });
  }, [target]);
  const rest = text.lines.length - shown;
  return (
    <section className="panel raw-panel" aria-labelledby="raw-title">
      <div className="raw-head">
        <div>
          <h2 id="raw-title">{say('raw')}</h2>
          <p className="quiet small">
            {say(text.form === 'hl7v2' ? 'formHl7v2' : text.form === 'text' ? 'formText' : 'formLaidOut')} ·{' '}
            {say('audited')}
          </p>
        </div>
        <Button
          size="small"
          onClick={() => void navigator.clipboard.writeText(message.raw).then(() => setCopied(true))}
        >
          {isCopied ? say('copied') : say('copy')}
        </Button>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
      <section className="raw" ref={frame} aria-label={say('rawScroll')} tabIndex={0}>
        <ol style={{ '--digits': String(text.lines.length).length } as React.CSSProperties}>
          {text.lines.slice(0, shown).map((line, index) => (
            <LineRow
              // biome-ignore lint/suspicious/noArrayIndexKey: a line is its number
              key={index}
              line={line}
              number={index + 1}
              marks={marks.filter((mark) => mark.line === index)}
              isTarget={target?.line === index}
            />
          ))}
        </ol>
      </section>
      {rest > 0 && (
        <Button onClick={() => setShown(shown + stretch)}>{say('showMore', { count: Math.min(rest, stretch) })}</Button>
      )}
    </section>
  );
}
