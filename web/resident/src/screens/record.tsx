import type { CareEvent, Resident360 } from '@hutong/contract/console.ts';
import type { MyCode } from '@hutong/contract/health-code.ts';
import { day, usePick, useSay } from '../app/language.ts';
import { useSettings } from '../app/settings.ts';
import { useAnswer, usePages } from '../app/use-answer.ts';
import { Button, Card, Title } from '../parts/card.tsx';
import { Failure, Loading } from '../parts/states.tsx';

const twoDays = 2 * 86_400_000;

function Event({ event }: { event: CareEvent }) {
  const say = useSay();
  const pick = usePick();
  const { institution } = event;
  const isLate = Date.parse(event.receivedAt) - Date.parse(event.at) > twoDays;
  return (
    <li>
      <p className="line-head">
        <strong>{pick(event)}</strong>
        <time dateTime={event.at}>{day(event.at)}</time>
      </p>
      <p>
        {say(`event.${event.kind}`)} · {pick({ zh: institution.nameZh, en: institution.nameEn })}
      </p>
      {event.summary && <p className="quiet-text">{event.summary}</p>}
      {event.abnormal && <p className="marked">{say('abnormal')}</p>}
      {isLate && <p className="quiet-text">{say('arrivedLater', { day: day(event.receivedAt) })}</p>}
    </li>
  );
}

/** One time-line in the order in which things happened: a result stands under the day of its test, whenever it came. */
export function RecordScreen({ me }: { me: MyCode }) {
  const say = useSay();
  const pick = usePick();
  const { elder } = useSettings();
  const front = useAnswer<Resident360>(elder ? null : `/residents/${me.id}`);
  const { items, hasMore, problem, more } = usePages<CareEvent>(`/residents/${me.id}/events`);
  const list = (things: { zh: string; en: string }[]): string =>
    things.length === 0 ? say('none') : [...new Set(things.map(pick))].join(' · ');
  return (
    <>
      <Title>{say('record')}</Title>
      {front.value && (
        <Card>
          <dl className="facts">
            <dt>{say('allergies')}</dt>
            <dd>{list(front.value.banner.allergies)}</dd>
            <dt>{say('problems')}</dt>
            <dd>{list(front.value.problems)}</dd>
          </dl>
        </Card>
      )}
      <Card>
        <p className="quiet-text">{say('recordLead')}</p>
        {problem && <Failure problem={problem} again={more} />}
        {!items && !problem && <Loading />}
        {items?.length === 0 && <p>{say('recordEmpty')}</p>}
        <ul className="lines">
          {items?.map((event) => (
            <Event key={event.id} event={event} />
          ))}
        </ul>
        {hasMore && (
          <Button quiet onClick={more}>
            {say('olderOnes')}
          </Button>
        )}
      </Card>
    </>
  );
}
