import type { AccessGround, Resident360 } from '@hutong/contract/console.ts';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useFormat } from '../../app/format.ts';
import { Icon } from '../../parts/icon.tsx';
import { Page, usePageTitle } from '../../parts/page.tsx';
import { Failure, Loading } from '../../parts/states.tsx';
import { AccessPanel } from './access-panel.tsx';
import { Banner } from './banner.tsx';
import { BreakGlass } from './break-glass.tsx';
import { EventDrawer } from './event-drawer.tsx';
import { FrontPage } from './front-page.tsx';
import { Laboratory } from './laboratory.tsx';
import { closedGround, recordQuery } from './record-data.ts';
import './record.css';
import { Timeline } from './timeline.tsx';
import { useRecordWords } from './words.ts';

const route = getRouteApi('/staff/residents/$id');

function Closed({ resident, access }: { resident: string; access: AccessGround }) {
  const say = useRecordWords();
  const { pick } = useFormat();
  return (
    <Page title={say('closedTitle')} actions={<Link to="/residents">{say('back')}</Link>}>
      <section className="panel closed" aria-label={say('access')}>
        <p className="closed-ground">
          <Icon name="key" /> {pick(access)}
        </p>
        <p>{access.canBreakGlass ? say('closedNext') : say('closedNoGlass')}</p>
        {access.canBreakGlass && <BreakGlass resident={resident} />}
      </section>
    </Page>
  );
}

function Views() {
  const say = useRecordWords();
  const search = route.useSearch();
  const isLaboratory = search.view === 'laboratory';
  return (
    <nav className="record-views" aria-label={say('views')}>
      <Link
        from="/residents/$id"
        to="."
        search={{ ...search, view: '' }}
        replace
        resetScroll={false}
        aria-current={isLaboratory ? undefined : 'page'}
        activeProps={{}}
      >
        {say('timeline')}
      </Link>
      <Link
        from="/residents/$id"
        to="."
        search={{ ...search, view: 'laboratory' }}
        replace
        resetScroll={false}
        aria-current={isLaboratory ? 'page' : undefined}
        activeProps={{}}
      >
        {say('laboratory')}
      </Link>
    </nav>
  );
}

function Opened({ record }: { record: Resident360 }) {
  const say = useRecordWords();
  const { view } = route.useSearch();
  // The tab and the browser's history name the page, not the person: both outlive the session.
  usePageTitle(say('title'));
  return (
    <div className="record">
      <Banner banner={record.banner} />
      <div className="record-columns">
        <FrontPage record={record} />
        <div className="record-centre">
          <div className="record-bar">
            <Views />
            <Link to="/residents">{say('back')}</Link>
          </div>
          {view === 'laboratory' ? <Laboratory resident={record.id} /> : <Timeline record={record} />}
        </div>
        <AccessPanel resident={record.id} access={record.access} />
      </div>
      <EventDrawer resident={record.id} />
    </div>
  );
}

export function ResidentRecord() {
  const say = useRecordWords();
  const { id } = route.useParams();
  const { data, error, refetch } = useQuery(recordQuery(id));
  if (data) return <Opened record={data} />;
  const access = closedGround(error);
  if (access) return <Closed resident={id} access={access} />;
  return (
    <Page title={say('title')} actions={<Link to="/residents">{say('back')}</Link>}>
      {error ? (
        <Failure failure={error} retry={() => void refetch()} />
      ) : (
        <div className="record-columns">
          <Loading rows={12} />
          <Loading rows={12} />
          <Loading rows={6} />
        </div>
      )}
    </Page>
  );
}
