import type { Tour as TourFacts } from '@hutong/contract/console.ts';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { call, loginAddress } from '../../app/api.ts';
import { useFormat } from '../../app/format.ts';
import { useSession } from '../../app/session.ts';
import { Icon, type IconName } from '../../parts/icon.tsx';
import { usePageTitle } from '../../parts/page.tsx';
import { Failure, Loading } from '../../parts/states.tsx';
import { Mark } from '../../shell/brand.tsx';
import { LanguageSwitch } from '../../shell/language-switch.tsx';
import { menuOf } from '../../shell/menu.ts';
import { useShellWords } from '../../shell/words.ts';
import { Journey } from './journey.tsx';
import { Lanes } from './lanes.tsx';
import './tour.css';
import { useTourWords } from './words.ts';

const roleIcons: Record<TourFacts['logins'][number]['role'], IconName> = {
  integrator: 'pulse',
  clinician: 'stethoscope',
  epidemiologist: 'chart',
  administrator: 'building',
  'primary-care': 'people',
  prevention: 'file',
  auditor: 'eye',
  operator: 'gauge',
  resident: 'person',
};
const figures = ['residents', 'institutions', 'messages', 'resources', 'events'] as const;

function Figures({ city }: { city: TourFacts['city'] }) {
  const say = useTourWords();
  const { number } = useFormat();
  return (
    <section aria-label={say('figures')}>
      <dl className="figures">
        {figures.map((name) => (
          <div key={name}>
            <dd>{number(city[name])}</dd>
            <dt>{say(name)}</dt>
          </div>
        ))}
      </dl>
    </section>
  );
}

function Roles({ tour }: { tour: TourFacts }) {
  const say = useTourWords();
  const sayShell = useShellWords();
  const { language } = useFormat();
  const isEnglish = language === 'en';
  if (tour.logins.length === 0) return <p className="front-closed">{say('rolesClosed')}</p>;
  return (
    <section aria-labelledby="roles-title">
      <h2 id="roles-title">{say('rolesTitle')}</h2>
      <p className="quiet">{say('rolesLead')}</p>
      <ul className="roles">
        {tour.logins.map((login) => (
          <li key={login.login}>
            <a className="role" href={loginAddress(login.startAt, login.login)}>
              <span className="role-icon">
                <Icon name={roleIcons[login.role]} size={22} />
              </span>
              <strong>{sayShell(`role.${login.role}`)}</strong>
              <span className="role-name">{isEnglish ? login.nameEn : login.nameZh}</span>
              <span className="role-does">{isEnglish ? login.doesEn : login.doesZh}</span>
              <span className="role-enter">
                {say('enter')} <Icon name="arrow" size={16} />
              </span>
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** The front door: what this is, the city's figures, one message's journey, one card per role. */
export function Tour() {
  const say = useTourWords();
  const sayShell = useShellWords();
  const { name } = useFormat();
  usePageTitle(say('title'));
  const session = useSession();
  const tour = useQuery({
    queryKey: ['tour'],
    queryFn: ({ signal }) => call<TourFacts>('/tour', { signal }),
    refetchInterval: 10_000,
  });
  const start = session.data && menuOf(session.data.permissions)[0]?.to;
  return (
    <div className="front">
      <a className="skip" href="#content">
        {sayShell('skip')}
      </a>
      <header className="front-head">
        <span className="brand">
          <Mark />
          <span>{sayShell('product')}</span>
        </span>
        <div className="row">
          <LanguageSwitch />
          {session.data && start ? (
            <Link to={start}>{say('continue', { name: name(session.data) })}</Link>
          ) : (
            <a href={loginAddress('/')}>{sayShell('login')}</a>
          )}
        </div>
      </header>
      <main id="content" tabIndex={-1}>
        <div className="hero">
          <div>
            <h1>{say('title')}</h1>
            <p>{say('what')}</p>
          </div>
          <Lanes />
        </div>
        {tour.isPending && <Loading rows={8} />}
        {tour.isError && <Failure failure={tour.error} retry={() => void tour.refetch()} />}
        {tour.data && (
          <>
            <Figures city={tour.data.city} />
            {tour.data.demo && <Journey tour={tour.data} />}
            <Roles tour={tour.data} />
          </>
        )}
      </main>
      <footer className="front-foot">{tour.data?.demo ? say('footer') : say('footerPlain')}</footer>
    </div>
  );
}
