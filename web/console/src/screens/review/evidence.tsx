import type { Agreement, PairDetail } from '@hutong/contract/identity.ts';
import { useFormat } from '../../app/format.ts';
import type { Tone } from '../../app/theme.ts';
import { Badge } from '../../parts/badge.tsx';
import { useReviewWords } from './words.ts';

const tones: Record<Agreement, Tone> = { same: 'good', near: 'warn', conflict: 'bad', missing: 'plain' };
const signs: Record<Agreement, string> = { same: '=', near: '≈', conflict: '≠', missing: '–' };

export const signed = (bits: number): string => `${bits > 0 ? '+' : bits < 0 ? '−' : ''}${Math.abs(bits).toFixed(1)}`;

/** Field by field: what both say, the verdict in colour, sign and word, and its weight. */
export function Evidence({ pair }: { pair: PairDetail }) {
  const say = useReviewWords();
  const { pick, name } = useFormat();
  const [left, right] = pair.cards;
  return (
    <section className="panel" aria-labelledby="evidence-title">
      <h2 id="evidence-title">{say('evidence')}</h2>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls has to be reachable with the keyboard */}
      <section className="review-scroll" tabIndex={0} aria-label={say('evidence')}>
        <table className="review-table">
          <thead>
            <tr>
              <th scope="col">{say('field')}</th>
              <th scope="col">
                {say('left')}
                {left && <span className="quiet"> · {name(left.institution)}</span>}
              </th>
              <th scope="col">
                {say('right')}
                {right && <span className="quiet"> · {name(right.institution)}</span>}
              </th>
              <th scope="col">{say('agreement')}</th>
              <th scope="col" className="review-number">
                {say('bits')}
              </th>
            </tr>
          </thead>
          <tbody>
            {pair.fields.map((field) => (
              <tr key={field.field} className={`agreement-${field.agreement}`}>
                <th scope="row">{pick(field.label)}</th>
                <td>{field.left ?? <span className="quiet">{say('empty')}</span>}</td>
                <td>{field.right ?? <span className="quiet">{say('empty')}</span>}</td>
                <td>
                  <Badge tone={tones[field.agreement]} sign={signs[field.agreement]}>
                    {say(`agreement.${field.agreement}`)}
                  </Badge>
                  <span className="quiet small review-how">{pick(field)}</span>
                </td>
                <td className="review-number">{signed(field.bits)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </section>
  );
}
