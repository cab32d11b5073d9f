import type { Chain, ChainBasis, ChainCase, LineList } from '@hutong/contract/surveillance.ts';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Button } from 'antd';
import { useState } from 'react';
import { call, queryOf } from '../../app/api.ts';
import { useContractWords } from '../../app/contract-words.ts';
import { useFormat } from '../../app/format.ts';
import { SelectField } from '../../parts/fields.tsx';
import { Failure, Loading } from '../../parts/states.tsx';
import { sexWord } from '../surveillance/words.ts';
import { useFollowUpWords } from './words.ts';

const bases: ChainBasis[] = ['contact', 'same-place', 'genome', 'presumed'];

/** The chain as nested lists: readable by eye, keyboard and screen reader alike, at any width. */
export function ChainTree({ card }: { card: string }) {
  const say = useFollowUpWords();
  const { data, error } = useQuery({
    queryKey: ['chain', card],
    queryFn: ({ signal }) => call<Chain>(`/surveillance/chains${queryOf({ card })}`, { signal }),
  });
  return (
    <section className="panel stack section-below">
      <h2>{say('chain')}</h2>
      <p className="quiet small">{say('chainLead')}</p>
      {error && <Failure failure={error} />}
      {!data && !error && <Loading rows={3} />}
      {data && data.cases.length === 1 && <p className="quiet">{say('chainAlone')}</p>}
      {data && data.cases.length > 1 && <Generation cases={data.cases} parent={null} current={card} />}
      {data && <LinkForm key={data.cases.length} chain={data} card={card} />}
    </section>
  );
}

function Generation({ cases, parent, current }: { cases: ChainCase[]; parent: string | null; current: string }) {
  const say = useFollowUpWords();
  const sayContract = useContractWords();
  const { pick, number } = useFormat();
  const known = new Set(cases.map(({ id }) => id));
  const here = cases.filter((one) =>
    parent === null ? one.parent === null || !known.has(one.parent) : one.parent === parent,
  );
  if (here.length === 0) return null;
  return (
    <ul className="tree">
      {here
        .toSorted((a, b) => (a.day < b.day ? -1 : 1))
        .map((one) => (
          <li key={one.id}>
            <span className={one.id === current ? 'tree-case tree-current' : 'tree-case'}>
              <Link to="/report-cards/$id" params={{ id: one.id }}>
                {say('caseText', {
                  day: one.day,
                  sex: sayContract(sexWord(one.sex)),
                  age: one.age ?? '—',
                  area: pick(one.area),
                })}
              </Link>
              <small>
                {one.basis && `${say(`basis.${one.basis}`)} · `}
                {say('toContacts')} {number(one.contacts)}
              </small>
            </span>
            <Generation cases={cases} parent={one.id} current={current} />
          </li>
        ))}
    </ul>
  );
}

function LinkForm({ chain, card }: { chain: Chain; card: string }) {
  const say = useFollowUpWords();
  const sayContract = useContractWords();
  const { pick } = useFormat();
  const queries = useQueryClient();
  const [from, setFrom] = useState('');
  const [basis, setBasis] = useState<ChainBasis>('contact');
  const { data } = useQuery({
    queryKey: ['chain-candidates', chain.disease.code],
    queryFn: ({ signal }) =>
      call<LineList>(`/surveillance/line-list${queryOf({ disease: chain.disease.code, limit: 200 })}`, { signal }),
  });
  const link = useMutation({
    mutationFn: (source: string | null) =>
      call('/surveillance/chains', { method: 'POST', body: { to: card, from: source, ...(source && { basis }) } }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['chain'] }),
  });
  const hasParent = chain.cases.some(({ id, parent }) => id === card && parent !== null);
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        link.mutate(from);
      }}
    >
      <h3>{say('linkTitle')}</h3>
      <div className="form-grid">
        <SelectField
          label={say('linkTo')}
          value={from}
          onChange={setFrom}
          choices={[
            { value: '', label: say('chooseCase') },
            ...(data?.items ?? [])
              .filter(({ id }) => id !== card)
              .map((row) => ({
                value: row.id,
                label: say('caseText', {
                  day: row.onset ?? row.diagnosedAt.slice(0, 10),
                  sex: sayContract(sexWord(row.sex)),
                  age: row.age ?? '—',
                  area: pick(row.area),
                }),
              })),
          ]}
        />
        <SelectField
          label={say('basis')}
          value={basis}
          onChange={(value) => setBasis(value as ChainBasis)}
          choices={bases.map((value) => ({ value, label: say(`basis.${value}`) }))}
        />
      </div>
      {link.isError && <Failure failure={link.error} />}
      <div className="row">
        <Button type="primary" htmlType="submit" disabled={from === ''} loading={link.isPending}>
          {say('link')}
        </Button>
        {hasParent && (
          <Button loading={link.isPending} onClick={() => link.mutate(null)}>
            {say('unlink')}
          </Button>
        )}
      </div>
    </form>
  );
}
