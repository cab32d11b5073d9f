import type { IdentitySummary } from '@hutong/contract/identity.ts';
import { useFormat } from '../../app/format.ts';
import { Icon } from '../../parts/icon.tsx';
import { useReviewWords } from './words.ts';

/** The index in figures; whatever was not compared is said, never left out. */
export function Summary({ summary }: { summary: IdentitySummary }) {
  const say = useReviewWords();
  const { number } = useFormat();
  const { skippedBlocks, decided } = summary;
  const total = (field: 'blocks' | 'records'): number => skippedBlocks.reduce((sum, row) => sum + row[field], 0);
  const figures = [
    ['residents', summary.residents],
    ['sources', summary.sources],
    ['byEngine', decided.byEngine],
    ['byPeople', decided.byPeople],
    ['undone', decided.undone],
  ] as const;
  return (
    <section aria-label={say('summary')} className="review-summary">
      <dl>
        {figures.map(([key, value]) => (
          <div key={key}>
            <dt>{say(key)}</dt>
            <dd>{number(value)}</dd>
          </div>
        ))}
      </dl>
      {skippedBlocks.length > 0 && (
        <details className="review-guard">
          <summary>
            <Icon name="warn" size={16} />{' '}
            {say('skippedText', {
              blocks: number(total('blocks')),
              records: number(total('records')),
              largest: number(Math.max(...skippedBlocks.map(({ largest }) => largest))),
            })}
          </summary>
          <table className="review-table">
            <caption className="unseen">{say('skipped')}</caption>
            <thead>
              <tr>
                <th scope="col">{say('skippedKey')}</th>
                <th scope="col" className="review-number">
                  {say('skippedBlocks')}
                </th>
                <th scope="col" className="review-number">
                  {say('skippedRecords')}
                </th>
                <th scope="col" className="review-number">
                  {say('skippedLargest')}
                </th>
              </tr>
            </thead>
            <tbody>
              {skippedBlocks.map((row) => (
                <tr key={row.key}>
                  <th scope="row">{row.key}</th>
                  <td className="review-number">{number(row.blocks)}</td>
                  <td className="review-number">{number(row.records)}</td>
                  <td className="review-number">{number(row.largest)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </details>
      )}
    </section>
  );
}
