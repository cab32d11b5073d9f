import type { ExchangeDirection, ExchangeKind, ExchangePage } from '@hutong/contract/surveillance.ts';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Button } from 'antd';
import { useState } from 'react';
import { call } from '../../app/api.ts';
import { useFormat } from '../../app/format.ts';
import { DataTable } from '../../parts/data-table.tsx';
import { DateField, SelectField, TextField } from '../../parts/fields.tsx';
import { Failure } from '../../parts/states.tsx';
import { useExchangeWords } from './words.ts';

const kinds: ExchangeKind[] = ['person', 'place', 'event'];
const directions: ExchangeDirection[] = ['in', 'out', 'both'];
const blank = { id: '', client: '', department: '', purpose: '', validFrom: '', validTo: '' };

export function Agreements({ page, mayAgree }: { page: ExchangePage; mayAgree: boolean }) {
  const say = useExchangeWords();
  const { number } = useFormat();
  return (
    <section className="section-below">
      <h2 className="panel-title">{say('agreements')}</h2>
      {page.agreements.length === 0 ? (
        <p className="quiet">{say('noAgreements')}</p>
      ) : (
        <DataTable
          dense
          caption={say('agreements')}
          rows={page.agreements}
          rowKey={(row) => row.id}
          columns={[
            {
              key: 'id',
              title: say('id'),
              isRowName: true,
              cell: (row) => (
                <>
                  {row.id}
                  <small>{row.client}</small>
                </>
              ),
            },
            { key: 'department', title: say('department'), cell: (row) => row.department },
            {
              key: 'direction',
              title: say('direction'),
              cell: (row) =>
                `${say(`direction.${row.direction}`)} · ${row.kinds.map((kind) => say(`kind.${kind}`)).join(' ')}`,
            },
            { key: 'fields', title: say('fields'), cell: (row) => row.fields.join(', ') || '—' },
            { key: 'purpose', title: say('purpose'), cell: (row) => row.purpose },
            { key: 'valid', title: say('valid'), cell: (row) => `${row.validFrom} – ${row.validTo ?? say('open')}` },
            {
              key: 'exchanged',
              title: say('exchanged'),
              align: 'right',
              cell: (row) => `${number(row.received)} / ${number(row.sent)}`,
            },
          ]}
        />
      )}
      {mayAgree && <Register page={page} />}
    </section>
  );
}

function Register({ page }: { page: ExchangePage }) {
  const say = useExchangeWords();
  const { pick } = useFormat();
  const queries = useQueryClient();
  const [given, setGiven] = useState(blank);
  const [direction, setDirection] = useState<ExchangeDirection>('both');
  const [chosen, setChosen] = useState<ExchangeKind[]>(['person']);
  const [fields, setFields] = useState<string[]>([]);
  const set = (key: keyof typeof blank) => (value: string) => setGiven({ ...given, [key]: value });
  const optional = page.fields.filter(({ kind, required }) => chosen.includes(kind) && !required);
  const save = useMutation({
    mutationFn: () =>
      call('/surveillance/exchange/agreements', {
        method: 'POST',
        body: {
          ...given,
          validTo: given.validTo || null,
          direction,
          kinds: chosen,
          fields: [...new Set(optional.map(({ code }) => code))].filter((code) => fields.includes(code)),
        },
      }),
    onSuccess: async () => {
      setGiven(blank);
      await queries.invalidateQueries({ queryKey: ['exchange'] });
    },
  });
  const toggle = <One extends string>(list: One[], one: One): One[] =>
    list.includes(one) ? list.filter((other) => other !== one) : [...list, one];
  const { id, client, department, purpose, validFrom } = given;
  const whole = [id, client, department, purpose, validFrom].every((value) => value.trim() !== '') && chosen.length > 0;
  return (
    <form
      className="panel stack section-below"
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <h3>{say('register')}</h3>
      <div className="form-grid">
        <TextField label={say('id')} value={id} onChange={set('id')} />
        <TextField label={say('client')} value={client} onChange={set('client')} />
        <TextField label={say('department')} value={department} onChange={set('department')} />
        <TextField label={say('purpose')} value={purpose} onChange={set('purpose')} />
        <SelectField
          label={say('direction')}
          value={direction}
          onChange={(value) => setDirection(value as ExchangeDirection)}
          choices={directions.map((value) => ({ value, label: say(`direction.${value}`) }))}
        />
        <DateField label={say('validFrom')} value={validFrom} onChange={set('validFrom')} />
        <DateField label={say('validTo')} value={given.validTo} onChange={set('validTo')} />
      </div>
      <fieldset className="several">
        <legend>{say('kind')}</legend>
        {kinds.map((kind) => (
          <label key={kind} className="several-one">
            <input type="checkbox" checked={chosen.includes(kind)} onChange={() => setChosen(toggle(chosen, kind))} />
            {say(`kind.${kind}`)}
          </label>
        ))}
      </fieldset>
      <fieldset className="several">
        <legend>{say('fields')}</legend>
        {optional.map((field) => (
          <label key={`${field.kind} ${field.code}`} className="several-one">
            <input
              type="checkbox"
              checked={fields.includes(field.code)}
              onChange={() => setFields(toggle(fields, field.code))}
            />
            {say(`kind.${field.kind}`)} · {pick(field)}
          </label>
        ))}
      </fieldset>
      {save.isError && <Failure failure={save.error} />}
      <div>
        <Button type="primary" htmlType="submit" disabled={!whole} loading={save.isPending}>
          {say('save')}
        </Button>
      </div>
    </form>
  );
}
