import type { PairDetail, PairState, PairSummary } from '@hutong/contract/identity.ts';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { Button } from 'antd';
import { useEffect, useState } from 'react';
import { useFormat } from '../../app/format.ts';
import { Badge } from '../../parts/badge.tsx';
import { SelectField } from '../../parts/fields.tsx';
import { Page } from '../../parts/page.tsx';
import { Blank, Failure, Loading } from '../../parts/states.tsx';
import { Cards } from './cards.tsx';
import { Decide } from './decision.tsx';
import { Evidence, signed } from './evidence.tsx';
import { History, Undo } from './history.tsx';
import './review.css';
import { nextQuery, pageQuery, pairQuery, pairStates, stateTones, summaryQuery } from './review-data.ts';
import { Summary } from './summary.tsx';
import { Waterfall } from './waterfall.tsx';
import { useReviewWords } from './words.ts';

const route = getRouteApi('/staff/review');

function Line({ pair, isChosen, onChoose }: { pair: PairSummary; isChosen: boolean; onChoose: () => void }) {
  const say = useReviewWords();
  const { pick } = useFormat();
  const [left, right] = [pair.left.name ?? say('empty'), pair.right.name ?? say('empty')];
  return (
    <li>
      <button type="button" aria-current={isChosen || undefined} onClick={onChoose}>
        <strong>{say('pair', { left, right })}</strong>
        <span>
          {pair.left.birthDate ?? '—'} / {pair.right.birthDate ?? '—'}
        </span>
        <span className="quiet small">
          {pick(pair.reason)} · {say('weight', { bits: signed(pair.weight) })}
        </span>
      </button>
    </li>
  );
}

function Pair({
  id,
  onDecided,
  onUndone,
}: {
  id: string;
  onDecided: (pair: PairDetail, what: string) => void;
  onUndone: () => void;
}) {
  const say = useReviewWords();
  const { pick, number } = useFormat();
  const [isUnmasked, setUnmasked] = useState(false);
  const { data: pair, error, refetch } = useQuery(pairQuery(id, isUnmasked));
  const { data: next } = useQuery({ ...nextQuery(id), enabled: pair !== undefined });
  if (error) return <Failure failure={error} retry={() => void refetch()} />;
  if (!pair) return <Loading rows={10} />;
  return (
    <div className="review-pair">
      <section className="panel" aria-labelledby="why-title">
        <h2 id="why-title">
          {say('pair', { left: pair.left.name ?? say('empty'), right: pair.right.name ?? say('empty') })}
        </h2>
        <p>
          <Badge tone={stateTones[pair.state]}>{say(`state.${pair.state}`)}</Badge> {say('why')}: {pick(pair.reason)}
        </p>
        <p className="number">
          {say('weight', { bits: signed(pair.weight) })} ·{' '}
          {say('probability', { percent: `${number(Math.round(pair.probability * 1000) / 10)} %` })}
        </p>
        <div className="row">
          <Button size="small" title={say('unmaskHint')} onClick={() => setUnmasked(!isUnmasked)}>
            {say(isUnmasked ? 'mask' : 'unmask')}
          </Button>
          <span className="quiet small">{next && say(next.pair ? 'nextReady' : 'noNext')}</span>
        </div>
      </section>
      <Decide key={pair.version} pair={pair} onDecided={onDecided} />
      <Evidence pair={pair} />
      <Cards cards={pair.cards} />
      <Waterfall pair={pair} />
      <History pair={pair} onUndone={onUndone} />
    </div>
  );
}

/** The queue: the strongest evidence first, one pair at a time, the next one loaded already. */
export function Review() {
  const say = useReviewWords();
  const queries = useQueryClient();
  const { ago } = useFormat();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const state = pairStates.find((name) => name === search.state) ?? 'open';
  const [after, setAfter] = useState<string | null>(null);
  const [done, setDone] = useState<{ text: string; undo: string | null } | null>(null);
  const page = useQuery(pageQuery(state, after));
  const summary = useQuery(summaryQuery);
  const items = page.data?.items ?? [];
  const chosen = search.pair ?? items[0]?.id;
  const go = (pair: string | undefined): void =>
    void navigate({ search: { ...(state !== 'open' && { state }), ...(pair && { pair }) }, replace: true });
  // biome-ignore lint/correctness/useExhaustiveDependencies: another list begins at its beginning
  useEffect(() => setAfter(null), [state]);
  const refresh = async (): Promise<void> => {
    await Promise.all([
      queries.invalidateQueries({ queryKey: ['pairs'] }),
      queries.invalidateQueries({ queryKey: ['identity-summary'] }),
      queries.invalidateQueries({ queryKey: ['pair'] }),
    ]);
  };
  const decided = (pair: PairDetail, what: string): void => {
    setDone({ text: say('decided', { what: say(what as 'link') }), undo: pair.may.undo });
    const following = queries.getQueryData(nextQuery(pair.id).queryKey)?.pair;
    if (following && state === 'open') {
      // It is here already: no waiting between two decisions.
      queries.setQueryData(pairQuery(following.id).queryKey, following);
      go(following.id);
    } else go(undefined);
    void queries.invalidateQueries({ queryKey: ['pairs'] });
    void queries.invalidateQueries({ queryKey: ['identity-summary'] });
    queries.removeQueries({ queryKey: ['pair', pair.id] });
  };
  const undone = (): void => {
    setDone({ text: say('undoneDone'), undo: null });
    void refresh();
  };
  return (
    <Page title={say('title')} lead={say('lead')} wide>
      {summary.data && <Summary summary={summary.data} />}
      <div role="status" className="review-done">
        {done && (
          <p>
            {done.text} {done.undo && <Undo key={done.undo} act={done.undo} label={say('lastUndo')} onDone={undone} />}
          </p>
        )}
      </div>
      <div className="review">
        <section className="review-queue" aria-label={say('queue')}>
          <SelectField
            label={say('state')}
            value={state}
            onChange={(value) => void navigate({ search: value === 'open' ? {} : { state: value as PairState } })}
            choices={pairStates.map((value) => ({
              value,
              label: `${say(`state.${value}`)}${page.data ? ` (${page.data.counts[value]})` : ''}`,
            }))}
          />
          {page.data?.oldestAt && state === 'open' && (
            <p className="quiet small">{say('oldest', { ago: ago(page.data.oldestAt) })}</p>
          )}
          {page.isError && <Failure failure={page.error} retry={() => void page.refetch()} />}
          {page.isPending && <Loading rows={6} />}
          <ul>
            {items.map((pair) => (
              <Line key={pair.id} pair={pair} isChosen={pair.id === chosen} onChoose={() => go(pair.id)} />
            ))}
          </ul>
          {page.data?.next && <Button onClick={() => setAfter(page.data.next)}>{say('more')}</Button>}
        </section>
        {chosen ? (
          <Pair key={chosen} id={chosen} onDecided={decided} onUndone={undone} />
        ) : (
          page.isSuccess && <Blank title={say('queueEmpty')}>{say('queueEmptyHint')}</Blank>
        )}
      </div>
    </Page>
  );
}
