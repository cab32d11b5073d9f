import { moment, useFormat } from '../../app/format.ts';
import { Badge } from '../../parts/badge.tsx';
import { useSurveillanceWords } from './words.ts';

/** How much of a legal time limit is left, or by how much it has passed. */
export function Clock({ due, open }: { due: string; open: boolean }) {
  const say = useSurveillanceWords();
  const { span } = useFormat();
  if (!open) return <span className="nowrap">{moment(due)}</span>;
  const seconds = (Date.parse(due) - Date.now()) / 1000;
  const time = span(Math.round(Math.abs(seconds) / 60) * 60);
  return (
    <>
      <Badge tone={seconds < 0 ? 'bad' : seconds < 7200 ? 'warn' : 'info'}>
        {seconds < 0 ? say('late', { time }) : say('left', { time })}
      </Badge>
      <small>{moment(due)}</small>
    </>
  );
}
