import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { Drawer } from 'antd';
import { useContractWords } from '../../app/contract-words.ts';
import { moment, useFormat } from '../../app/format.ts';
import { useMay } from '../../app/session.ts';
import { Badge } from '../../parts/badge.tsx';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { Failure, Loading } from '../../parts/states.tsx';
import { type EventDetail, eventQuery } from './record-data.ts';
import { useRecordWords } from './words.ts';

const route = getRouteApi('/staff/residents/$id');

export function Flag({ flag }: { flag: string | null }) {
  const say = useRecordWords();
  if (!flag || flag === 'normal' || flag === 'N')
    return <span className="quiet">{flag ? say('flag.normal') : '—'}</span>;
  if (flag === 'high' || /^H/.test(flag))
    return (
      <Badge tone="bad" sign="↑">
        {say('flag.high')}
      </Badge>
    );
  if (flag === 'low' || /^L/.test(flag))
    return (
      <Badge tone="info" sign="↓">
        {say('flag.low')}
      </Badge>
    );
  return <Badge tone="bad">{flag === 'abnormal' || flag === 'A' ? say('flag.abnormal') : flag}</Badge>;
}

type Row = EventDetail['rows'][number];
const isAbnormal = ({ flag }: Row): boolean => Boolean(flag) && flag !== 'normal' && flag !== 'N';

/** Results have units, ranges and flags; a prescription or a visit has only labels and texts, and then only those columns. */
function Rows({ caption, rows }: { caption: string; rows: Row[] }) {
  const say = useRecordWords();
  const { pick } = useFormat();
  const hasFlags = rows.some((row) => row.flag);
  const hasUnits = rows.some((row) => row.unit);
  const columns: Column<Row>[] = [
    { key: 'item', title: say('item'), isRowName: true, cell: (row) => pick({ zh: row.labelZh, en: row.labelEn }) },
    {
      key: 'value',
      title: say('value'),
      ...(hasUnits && { align: 'right' as const }),
      cell: (row) => (row.value === null || row.value === '' ? '—' : row.value),
    },
  ];
  if (hasUnits) columns.push({ key: 'unit', title: say('unit'), cell: (row) => row.unit ?? '' });
  if (rows.some((row) => row.range))
    columns.push({ key: 'range', title: say('range'), cell: (row) => row.range || '—' });
  if (hasFlags) columns.push({ key: 'flag', title: say('flag'), cell: (row) => <Flag flag={row.flag} /> });
  return (
    <DataTable
      dense
      narrow={hasUnits ? 'scroll' : 'cards'}
      caption={caption}
      rows={rows}
      rowKey={(row, index) => `${row.labelEn} ${index}`}
      rowClass={(row) => (isAbnormal(row) ? 'is-abnormal' : undefined)}
      columns={columns}
    />
  );
}

function Detail({ detail }: { detail: EventDetail }) {
  const say = useRecordWords();
  const sayContract = useContractWords();
  const { pick, name, number } = useFormat();
  const mayOpenInbox = useMay()('inbox.read');
  const { event, rows, narrative, resources } = detail;
  return (
    <div className="stack event">
      <div>
        <p className="quiet">{sayContract(`kind.${event.kind}`)}</p>
        <h2>{pick(event)}</h2>
        <p>{name(event.institution)}</p>
      </div>
      <dl className="pairs">
        <dt>{say('happened')}</dt>
        <dd>{moment(event.at)}</dd>
        <dt>{say('recorded')}</dt>
        <dd>{moment(event.recordedAt)}</dd>
        <dt>{say('received')}</dt>
        <dd>
          {moment(event.receivedAt)}
          {mayOpenInbox && event.source.inboxId && (
            <>
              {' '}
              <Link to="/inbox/$id" params={{ id: event.source.inboxId }} preload={false}>
                {say('originalMessage')}
              </Link>
            </>
          )}
        </dd>
      </dl>
      {rows.length > 0 && <Rows caption={pick(event)} rows={rows} />}
      {narrative && (
        <div>
          <h3>{say('narrative')}</h3>
          <p className="narrative">{narrative}</p>
        </div>
      )}
      {rows.length === 0 && !narrative && <p className="quiet">{say('noDetails')}</p>}
      {resources.length > 0 && (
        <details>
          <summary>{say('showFhir', { count: number(resources.length) })}</summary>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
          <section className="fhir" tabIndex={0} aria-label={say('fhir')}>
            <pre>{JSON.stringify(resources, null, 2)}</pre>
          </section>
        </details>
      )}
    </div>
  );
}

/** The event named in the address, so that a link leads to it and the browser's Back closes it. */
export function EventDrawer({ resident }: { resident: string }) {
  const say = useRecordWords();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { data, error, refetch } = useQuery({
    ...eventQuery(resident, search.event ?? ''),
    enabled: Boolean(search.event),
  });
  const close = (): void => void navigate({ search: { ...search, event: '' }, resetScroll: false });
  return (
    <Drawer
      title={say('eventTitle')}
      size="min(680px, 100vw)"
      open={Boolean(search.event)}
      onClose={close}
      closable={{ 'aria-label': say('cancel') }}
    >
      {error ? <Failure failure={error} retry={() => void refetch()} /> : data ? <Detail detail={data} /> : <Loading />}
    </Drawer>
  );
}
