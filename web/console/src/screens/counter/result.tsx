import type { ScanAnswer } from '@hutong/contract/health-code.ts';
import { Link } from '@tanstack/react-router';
import { sexKey } from '../../app/contract-lists.ts';
import { useContractWords } from '../../app/contract-words.ts';
import { clock, useFormat } from '../../app/format.ts';
import { Badge } from '../../parts/badge.tsx';
import { Icon } from '../../parts/icon.tsx';
import { useCounterWords } from './words.ts';

/** Who it is and what may be done: masked, because a counter's screen is seen by whoever stands in line. */
export function Result({ answer }: { answer: ScanAnswer }) {
  const say = useCounterWords();
  const sayContract = useContractWords();
  const { pick } = useFormat();
  const { resident, kind, presentedBy, permitted, withheld } = answer;
  return (
    <section className="panel counter-result" aria-labelledby="counter-name">
      <p className="counter-kind">
        <Badge tone="info">{say(`kind.${kind}`)}</Badge> <time dateTime={answer.at}>{clock(answer.at)}</time>
      </p>
      <h2 id="counter-name">{resident.name}</h2>
      <p className="quiet">{say('compare')}</p>
      {resident.deceased && (
        <p>
          <Badge tone="bad">{say('deceased')}</Badge>
        </p>
      )}
      <dl className="counter-facts">
        <dt>{say('sex')}</dt>
        <dd>{sayContract(sexKey(resident.sex))}</dd>
        <dt>{say('age')}</dt>
        <dd>{resident.age === '' ? '—' : say('years', { age: resident.age })}</dd>
        <dt>{say('document')}</dt>
        <dd>{resident.documentNumber || '—'}</dd>
        {presentedBy && (
          <>
            <dt>{say('presentedBy')}</dt>
            <dd>
              {presentedBy.name} · {say(`relation.${presentedBy.relation}`)}
            </dd>
          </>
        )}
      </dl>
      <h3>{say('may')}</h3>
      <ul className="counter-permits">
        {permitted.map((permit) => (
          <li key={permit}>
            <Icon name="check" size={16} /> {say(`permit.${permit}`)}
          </li>
        ))}
      </ul>
      {permitted.includes('open-record') && (
        <p>
          <Link className="counter-open" to="/residents/$id" params={{ id: resident.id }} preload={false}>
            {say('openRecord')}
          </Link>
        </p>
      )}
      <h3>{say('mayNot')}</h3>
      <ul className="counter-permits">
        {withheld.map(({ permit, zh, en }) => (
          <li key={permit}>
            <Icon name="close" size={16} /> {say(`permit.${permit}`)}
            <span className="quiet"> · {pick({ zh, en })}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
