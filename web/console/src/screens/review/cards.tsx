import type { IdentityCard } from '@hutong/contract/identity.ts';
import { sexKey } from '../../app/contract-lists.ts';
import { useContractWords } from '../../app/contract-words.ts';
import { day, useFormat } from '../../app/format.ts';
import { useReviewWords } from './words.ts';

function Card({ card, side }: { card: IdentityCard; side: string | null }) {
  const say = useReviewWords();
  const sayContract = useContractWords();
  const { pick, name } = useFormat();
  const rows: [string, string | null][] = [
    [say('sex'), card.sex && sayContract(sexKey(card.sex))],
    [say('birthDate'), card.birthDate],
    [say('number'), card.number],
    [say('documents'), card.documents.map(({ type, number }) => `${pick(type)} ${number}`).join('; ') || null],
    [say('phone'), card.phone],
    [say('address'), card.address],
    [say('former'), card.formerNames.map(({ value }) => value).join('; ') || null],
    [say('localId'), card.localId],
    [say('since'), day(card.since)],
    [say('how'), pick(card.how)],
  ];
  return (
    <article className="review-card">
      <p className="quiet small">
        {side && <strong>{side} · </strong>}
        {name(card.institution)}
      </p>
      <h3>{card.name ?? say('empty')}</h3>
      <dl>
        {rows
          .filter((row): row is [string, string] => Boolean(row[1]))
          .map(([label, value]) => (
            <div key={label}>
              <dt>{label}</dt>
              <dd>{value}</dd>
            </div>
          ))}
      </dl>
    </article>
  );
}

/** The two in question side by side, then whoever already belongs to either of them. */
export function Cards({ cards }: { cards: IdentityCard[] }) {
  const say = useReviewWords();
  const [left, right, ...others] = cards;
  return (
    <section className="panel" aria-labelledby="cards-title">
      <h2 id="cards-title">{say('cards')}</h2>
      <div className="review-cards">
        {left && <Card card={left} side={say('left')} />}
        {right && <Card card={right} side={say('right')} />}
      </div>
      {others.length > 0 && (
        <>
          <h3 className="review-others">{say('alsoWith')}</h3>
          <div className="review-cards">
            {others.map((card) => (
              <Card key={card.source} card={card} side={null} />
            ))}
          </div>
        </>
      )}
    </section>
  );
}
