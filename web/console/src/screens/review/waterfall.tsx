import type { PairDetail } from '@hutong/contract/identity.ts';
import { useFormat } from '../../app/format.ts';
import { signed } from './evidence.tsx';
import { useReviewWords } from './words.ts';

/** Every step of the sum: a bar from where it was to where it goes, and the figures beside it. */
export function Waterfall({ pair }: { pair: PairDetail }) {
  const say = useReviewWords();
  const { pick, number } = useFormat();
  const { waterfall, thresholds } = pair;
  const ends = waterfall.flatMap(({ sum, bits }) => [sum, sum - bits]);
  const low = Math.min(0, ...ends);
  const span = Math.max(thresholds.automatic, ...ends, 1) - low;
  const place = (value: number): number => ((value - low) / span) * 100;
  return (
    <section className="panel" aria-labelledby="waterfall-title">
      <h2 id="waterfall-title">{say('waterfall')}</h2>
      <p className="quiet">
        {say('waterfallLead', { review: number(thresholds.review), automatic: number(thresholds.automatic) })}
      </p>
      <table className="review-table waterfall">
        <thead>
          <tr>
            <th scope="col">{say('step')}</th>
            <td />
            <th scope="col" className="review-number">
              {say('bits')}
            </th>
            <th scope="col" className="review-number">
              {say('sum')}
            </th>
          </tr>
        </thead>
        <tbody>
          {waterfall.map((step, at) => {
            const from = place(Math.min(step.sum, step.sum - step.bits));
            const to = place(Math.max(step.sum, step.sum - step.bits));
            return (
              // biome-ignore lint/suspicious/noArrayIndexKey: the steps of one pair never change their order
              <tr key={at}>
                <th scope="row">{pick(step)}</th>
                <td>
                  <svg
                    className="waterfall-bar"
                    viewBox="0 0 100 10"
                    preserveAspectRatio="none"
                    aria-hidden="true"
                    focusable="false"
                  >
                    <line x1={place(thresholds.review)} x2={place(thresholds.review)} y1="0" y2="10" className="mark" />
                    <line
                      x1={place(thresholds.automatic)}
                      x2={place(thresholds.automatic)}
                      y1="0"
                      y2="10"
                      className="mark"
                    />
                    <rect
                      x={from}
                      width={Math.max(to - from, 0.6)}
                      y="1"
                      height="8"
                      className={step.bits < 0 ? 'against' : 'for'}
                    />
                  </svg>
                </td>
                <td className="review-number">{signed(step.bits)}</td>
                <td className="review-number">{signed(step.sum)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
      <p className="quiet small">{say('model', { model: pair.model })}</p>
    </section>
  );
}
