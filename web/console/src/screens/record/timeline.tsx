import type { CareEvent, CareEventKind, Resident360 } from '@hutong/contract/console.ts';
import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { Button } from 'antd';
import { useContractWords } from '../../app/contract-words.ts';
import { day, moment, useFormat } from '../../app/format.ts';
import { Badge } from '../../parts/badge.tsx';
import { DateField, SelectField } from '../../parts/fields.tsx';
import { Icon, type IconName } from '../../parts/icon.tsx';
import { Blank, Failure, Loading, LoadMore } from '../../parts/states.tsx';
import { type EventFilters, eventsQuery } from './record-data.ts';
import { useRecordWords } from './words.ts';

const route = getRouteApi('/staff/residents/$id');

const kindIcons: Record<CareEventKind, IconName> = {
  outpatient: 'stethoscope',
  emergency: 'siren',
  inpatient: 'bed',
  laboratory: 'flask',
  imaging: 'scan',
  prescription: 'pill',
  immunization: 'syringe',
  procedure: 'scissors',
  document: 'file',
  exam: 'pulse',
  appointment: 'calendar',
  other: 'spark',
};

/** Seconds between happening and receipt, when the message came more than a day late; null otherwise. */
export function lateBy(event: Pick<CareEvent, 'at' | 'receivedAt'>): number | null {
  const seconds = (Date.parse(event.receivedAt) - Date.parse(event.at)) / 1000;
  return seconds > 86_400 ? seconds : null;
}

function Filters({
  record,
  filters,
  set,
}: {
  record: Resident360;
  filters: EventFilters;
  set: (change: EventFilters) => void;
}) {
  const say = useRecordWords();
  const sayContract = useContractWords();
  const { name, number } = useFormat();
  const institutions = new Map(record.identities.map(({ institution }) => [institution.code, name(institution)]));
  const isFiltered = Object.values(filters).some(Boolean);
  return (
    <>
      <fieldset className="chips">
        <legend className="unseen">{say('filterKinds')}</legend>
        <button type="button" className="chip" aria-pressed={!filters.kind} onClick={() => set({ kind: '' })}>
          {say('all')} <b>{number(record.counts.reduce((sum, { count }) => sum + count, 0))}</b>
        </button>
        {record.counts
          .filter(({ count }) => count > 0)
          .map(({ kind, count }) => (
            <button
              key={kind}
              type="button"
              className="chip"
              aria-pressed={filters.kind === kind}
              onClick={() => set({ kind: filters.kind === kind ? '' : kind })}
            >
              <Icon name={kindIcons[kind]} size={16} /> {sayContract(`kind.${kind}`)} <b>{number(count)}</b>
            </button>
          ))}
      </fieldset>
      <div className="filters timeline-filters">
        <SelectField
          label={say('institution')}
          value={filters.institution ?? ''}
          onChange={(institution) => set({ institution })}
          choices={[
            { value: '', label: say('allInstitutions') },
            ...[...institutions].map(([value, label]) => ({ value, label })),
          ]}
        />
        <DateField
          label={say('from')}
          value={filters.from ?? ''}
          max={filters.to ?? ''}
          onChange={(from) => set({ from })}
        />
        <DateField label={say('to')} value={filters.to ?? ''} min={filters.from ?? ''} onChange={(to) => set({ to })} />
        {isFiltered && (
          <Button type="text" onClick={() => set({ kind: '', institution: '', from: '', to: '' })}>
            {say('reset')}
          </Button>
        )}
      </div>
    </>
  );
}

function Entry({ event, isNewDay, onOpen }: { event: CareEvent; isNewDay: boolean; onOpen: () => void }) {
  const say = useRecordWords();
  const sayContract = useContractWords();
  const { pick, name, span } = useFormat();
  const late = lateBy(event);
  const at = moment(event.at);
  return (
    <li className={`entry entry-${event.kind}${isNewDay ? ' is-new-day' : ''}`}>
      <p className="entry-when number">
        <span className={isNewDay ? undefined : 'unseen'}>{at.slice(0, 10)}</span>{' '}
        <span className="quiet">{at.slice(11)}</span>
      </p>
      <span className="entry-dot">
        <Icon name={kindIcons[event.kind]} size={18} />
      </span>
      <button type="button" className="entry-card" onClick={onOpen}>
        <span className="entry-head">
          <span className="entry-kind">{sayContract(`kind.${event.kind}`)}</span>
          <strong>{pick(event)}</strong>
          {event.abnormal && <Badge tone="bad">{say('abnormal')}</Badge>}
        </span>
        {event.summary && <span className="entry-summary">{event.summary}</span>}
        <span className="entry-where">
          {name(event.institution)}
          {late !== null && <span className="entry-late"> · {say('late', { span: span(late) })}</span>}
        </span>
      </button>
    </li>
  );
}

/** What happened to this resident, newest first by when it happened, from every hospital. */
export function Timeline({ record }: { record: Resident360 }) {
  const say = useRecordWords();
  const { kind, institution, from, to, ...others } = route.useSearch();
  const filters: EventFilters = {
    ...(kind && { kind }),
    ...(institution && { institution }),
    ...(from && { from }),
    ...(to && { to }),
  };
  const navigate = route.useNavigate();
  const { data, error, refetch, fetchNextPage, hasNextPage, isFetchingNextPage } = useInfiniteQuery(
    eventsQuery(record.id, filters),
  );
  const events = data?.pages.flatMap((page) => page.items) ?? [];
  const isFiltered = Object.keys(filters).length > 0;
  const set = (change: EventFilters): void =>
    void navigate({ search: { ...others, ...filters, ...change }, replace: true, resetScroll: false });
  const open = (event: CareEvent): void =>
    void navigate({ search: { ...others, ...filters, event: event.id }, resetScroll: false });
  return (
    <section aria-label={say('timeline')}>
      <Filters record={record} filters={filters} set={set} />
      {error && !data && <Failure failure={error} retry={() => void refetch()} />}
      {!data && !error && <Loading rows={10} />}
      {data && events.length === 0 && (
        <Blank title={say('noEvents')}>{isFiltered ? say('noEventsFilter') : say('noEventsAtAll')}</Blank>
      )}
      {events.length > 0 && (
        <ol className="timeline">
          {events.map((event, index) => (
            <Entry
              key={event.id}
              event={event}
              isNewDay={index === 0 || day(events[index - 1]!.at) !== day(event.at)}
              onOpen={() => open(event)}
            />
          ))}
        </ol>
      )}
      <LoadMore
        count={events.length}
        hasMore={hasNextPage}
        loading={isFetchingNextPage}
        onMore={() => void fetchNextPage()}
      />
    </section>
  );
}
