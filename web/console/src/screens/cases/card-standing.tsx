import type { CardDetail } from '@hutong/contract/surveillance.ts';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Button } from 'antd';
import { call, callText } from '../../app/api.ts';
import { moment, useFormat } from '../../app/format.ts';
import { Badge } from '../../parts/badge.tsx';
import { download } from '../../parts/csv.ts';
import { Failure } from '../../parts/states.tsx';
import { Clock } from '../surveillance/clock.tsx';
import { sayCode, useSurveillanceWords } from '../surveillance/words.ts';
import { cardTones, isOpenCard } from './cards.tsx';
import { useCaseWords } from './words.ts';

/** Where the card stands: its clock, its place in the review, push-backs, institutions that were joined, possible twins. */
export function CardStanding({ card }: { card: CardDetail }) {
  const say = useCaseWords();
  const sayShared = useSurveillanceWords();
  const { name } = useFormat();
  const queries = useQueryClient();
  const mark = useMutation({
    mutationFn: (of: string | null) =>
      call(`/surveillance/cards/${card.id}/duplicate`, { method: 'POST', body: { of } }),
    onSettled: () => queries.invalidateQueries({ queryKey: ['report-card'] }),
  });
  const fetchDocument = useMutation({
    mutationFn: () => callText(`/surveillance/cards/${card.id}/document`),
    onSuccess: (text) => download(`HSDB03.02-${card.number}.xml`, text, 'application/xml'),
  });
  const at = card.review ? card.levels.indexOf(card.review.level) : card.state === 'approved' ? card.levels.length : -1;
  return (
    <>
      <section className="panel">
        <h2>{sayShared('state')}</h2>
        <p className="row">
          <Badge tone={cardTones[card.state]}>{sayShared(`card.${card.state}`)}</Badge>{' '}
          {sayCode(sayShared, `class.${card.caseClass}`)}
        </p>
        <dl className="pairs standing">
          <dt>{say('cardNumber')}</dt>
          <dd>
            <code>{card.number}</code> · {say(`kind.${card.kind}`)}
          </dd>
          <dt>{sayShared('due')}</dt>
          <dd>{card.state === 'question' ? '—' : <Clock due={card.dueAt} open={isOpenCard(card.state)} />}</dd>
          {card.review && (
            <>
              <dt>{say('reviewDue')}</dt>
              <dd>
                <Clock due={card.review.dueAt} open />
              </dd>
            </>
          )}
          {card.institutions.length > 1 && (
            <>
              <dt>{say('joined')}</dt>
              <dd>{card.institutions.map(name).join(' · ')}</dd>
            </>
          )}
        </dl>
        <h3>{say('chain')}</h3>
        <ol className="chain">
          {card.levels.map((level, index) => {
            const stage = at < 0 || index > at ? 'later' : index === at ? 'now' : 'done';
            return (
              <li key={level} className={`chain-${stage}`} aria-current={stage === 'now' ? 'step' : undefined}>
                {say(`level.${level}`)} <small className="quiet">{say(`chain.${stage}`)}</small>
              </li>
            );
          })}
        </ol>
        {card.acts.some(({ act }) => act === 'confirm') && (
          <p>
            <Button size="small" loading={fetchDocument.isPending} onClick={() => fetchDocument.mutate()}>
              {say('reportDoc')}
            </Button>
          </p>
        )}
        {fetchDocument.isError && <Failure failure={fetchDocument.error} />}
        <p className="row">
          <Link to="/residents/$id" params={{ id: card.resident }}>
            {say('openRecord')}
          </Link>
        </p>
      </section>
      {card.pushBacks.length > 0 && (
        <section className="panel">
          <h2>{say('pushBacks')}</h2>
          <ul>
            {card.pushBacks.map(({ step, at: pushedAt, seenAt }) => (
              <li key={step}>
                {say('pushLine', { step, at: moment(pushedAt) })} ·{' '}
                {seenAt ? say('pushSeen', { at: moment(seenAt) }) : say('pushUnseen')}
              </li>
            ))}
          </ul>
        </section>
      )}
      {(card.twins.length > 0 || card.may.undo) && (
        <section className="panel stack">
          <h2>{say('twins')}</h2>
          <p className="quiet small">{say('twinsNote')}</p>
          <ul className="stack">
            {card.twins.map((twin) => (
              <li key={twin.id} className="row">
                <Link to="/report-cards/$id" params={{ id: twin.id }}>
                  {twin.day} · {name(twin.institution)}
                </Link>
                <Badge tone={cardTones[twin.state]}>{sayShared(`card.${twin.state}`)}</Badge>
                {card.may.duplicate && (
                  <Button size="small" loading={mark.isPending} onClick={() => mark.mutate(twin.id)}>
                    {say('markDuplicate')}
                  </Button>
                )}
              </li>
            ))}
          </ul>
          {card.may.undo && (
            <div>
              <Button loading={mark.isPending} onClick={() => mark.mutate(null)}>
                {say('undoDuplicate')}
              </Button>
            </div>
          )}
          {mark.isError && <Failure failure={mark.error} />}
        </section>
      )}
    </>
  );
}
