import { createRootRoute, createRoute, createRouter, lazyRouteComponent, Outlet } from '@tanstack/react-router';
import { Tour } from '../screens/tour/tour.tsx';
import { Crashed, Missing } from '../shell/lost.tsx';
import { Shell } from '../shell/shell.tsx';
import { filters } from './filters.ts';

const root = createRootRoute({ component: Outlet, notFoundComponent: Missing, errorComponent: Crashed });
const tour = createRoute({ getParentRoute: () => root, path: '/', component: Tour });
const staff = createRoute({ getParentRoute: () => root, id: 'staff', component: Shell });

const connections = createRoute({
  getParentRoute: () => staff,
  path: '/connections',
  validateSearch: filters('state', 'protocol', 'area', 'q', 'sort', 'down'),
  component: lazyRouteComponent(() => import('../screens/connections/connections.tsx'), 'Connections'),
});
const inbox = createRoute({
  getParentRoute: () => staff,
  path: '/inbox',
  validateSearch: filters('state', 'institution', 'protocol', 'kind', 'rule', 'q'),
  component: lazyRouteComponent(() => import('../screens/inbox/inbox.tsx'), 'Inbox'),
});
const message = createRoute({
  getParentRoute: () => staff,
  path: '/inbox/$id',
  component: lazyRouteComponent(() => import('../screens/inbox/message.tsx'), 'Message'),
});
const unmapped = createRoute({
  getParentRoute: () => staff,
  path: '/unmapped',
  validateSearch: filters('institution', 'protocol', 'q', 'sort', 'down'),
  component: lazyRouteComponent(() => import('../screens/unmapped/unmapped.tsx'), 'Unmapped'),
});
const residents = createRoute({
  getParentRoute: () => staff,
  path: '/residents',
  component: lazyRouteComponent(() => import('../screens/residents/residents.tsx'), 'Residents'),
});
const record = createRoute({
  getParentRoute: () => staff,
  path: '/residents/$id',
  validateSearch: filters('kind', 'institution', 'from', 'to', 'event', 'view', 'analyte'),
  component: lazyRouteComponent(() => import('../screens/record/record.tsx'), 'ResidentRecord'),
});
const counter = createRoute({
  getParentRoute: () => staff,
  path: '/counter',
  component: lazyRouteComponent(() => import('../screens/counter/counter.tsx'), 'Counter'),
});
const cards = createRoute({
  getParentRoute: () => staff,
  path: '/cards',
  component: lazyRouteComponent(() => import('../screens/cards/cards.tsx'), 'Cards'),
});
const registrations = createRoute({
  getParentRoute: () => staff,
  path: '/registrations',
  component: lazyRouteComponent(() => import('../screens/registrations/registrations.tsx'), 'Registrations'),
});
const visits = createRoute({
  getParentRoute: () => staff,
  path: '/visits',
  component: lazyRouteComponent(() => import('../screens/visits/visits.tsx'), 'Visits'),
});
const review = createRoute({
  getParentRoute: () => staff,
  path: '/review',
  validateSearch: filters('state', 'pair'),
  component: lazyRouteComponent(() => import('../screens/review/review.tsx'), 'Review'),
});
const operations = createRoute({
  getParentRoute: () => staff,
  path: '/operations',
  component: lazyRouteComponent(() => import('../screens/operations/operations.tsx'), 'OperationsPage'),
});
const institutions = createRoute({
  getParentRoute: () => staff,
  path: '/institutions',
  validateSearch: filters('area', 'q', 'sort', 'down'),
  component: lazyRouteComponent(() => import('../screens/institutions/institutions.tsx'), 'Institutions'),
});

const signals = createRoute({
  getParentRoute: () => staff,
  path: '/signals',
  validateSearch: filters('state'),
  component: lazyRouteComponent(() => import('../screens/surveillance/signals.tsx'), 'Signals'),
});
const signal = createRoute({
  getParentRoute: () => staff,
  path: '/signals/$id',
  component: lazyRouteComponent(() => import('../screens/surveillance/signal.tsx'), 'Signal'),
});
const reportCards = createRoute({
  getParentRoute: () => staff,
  path: '/report-cards',
  validateSearch: filters('state'),
  component: lazyRouteComponent(() => import('../screens/cases/cards.tsx'), 'ReportCards'),
});
const reportCard = createRoute({
  getParentRoute: () => staff,
  path: '/report-cards/$id',
  component: lazyRouteComponent(() => import('../screens/cases/card.tsx'), 'ReportCard'),
});
const missedReports = createRoute({
  getParentRoute: () => staff,
  path: '/missed-reports',
  component: lazyRouteComponent(() => import('../screens/cases/missed.tsx'), 'MissedReports'),
});
const lineList = createRoute({
  getParentRoute: () => staff,
  path: '/line-list',
  validateSearch: filters('disease', 'area', 'from', 'to', 'offset'),
  component: lazyRouteComponent(() => import('../screens/line-list/line-list.tsx'), 'LineListPage'),
});
const followUp = createRoute({
  getParentRoute: () => staff,
  path: '/follow-up',
  validateSearch: filters('kind', 'state'),
  component: lazyRouteComponent(() => import('../screens/follow-up/follow-up.tsx'), 'FollowUp'),
});
const contacts = createRoute({
  getParentRoute: () => staff,
  path: '/contacts',
  validateSearch: filters('card'),
  component: lazyRouteComponent(() => import('../screens/follow-up/contacts.tsx'), 'Contacts'),
});
const notices = createRoute({
  getParentRoute: () => staff,
  path: '/notices',
  validateSearch: filters('kind', 'state'),
  component: lazyRouteComponent(() => import('../screens/notices/notices.tsx'), 'Notices'),
});
const notice = createRoute({
  getParentRoute: () => staff,
  path: '/notices/$id',
  component: lazyRouteComponent(() => import('../screens/notices/notice.tsx'), 'Notice'),
});
const exchange = createRoute({
  getParentRoute: () => staff,
  path: '/exchange',
  component: lazyRouteComponent(() => import('../screens/exchange/exchange.tsx'), 'Exchange'),
});
const channels = createRoute({
  getParentRoute: () => staff,
  path: '/channels',
  component: lazyRouteComponent(() => import('../screens/surveillance/channels.tsx'), 'Channels'),
});

const situation = createRoute({
  getParentRoute: () => staff,
  path: '/situation',
  component: lazyRouteComponent(() => import('../screens/situation/situation.tsx'), 'SituationHome'),
});
const riskMap = createRoute({
  getParentRoute: () => staff,
  path: '/risk-map',
  validateSearch: filters('channel', 'topic', 'show', 'span', 'week', 'view', 'circles'),
  component: lazyRouteComponent(() => import('../screens/risk-map/risk-map.tsx'), 'RiskMapPage'),
});
const estimates = createRoute({
  getParentRoute: () => staff,
  path: '/estimates',
  validateSearch: filters('disease', 'area'),
  component: lazyRouteComponent(() => import('../screens/estimates/estimates.tsx'), 'Estimates'),
});
const rules = createRoute({
  getParentRoute: () => staff,
  path: '/rules',
  validateSearch: filters('channel', 'topic', 'area'),
  component: lazyRouteComponent(() => import('../screens/rules/rules.tsx'), 'Rules'),
});
const performance = createRoute({
  getParentRoute: () => staff,
  path: '/performance',
  validateSearch: filters('weeks'),
  component: lazyRouteComponent(() => import('../screens/performance/performance.tsx'), 'PerformancePage'),
});
const bulletin = createRoute({
  getParentRoute: () => staff,
  path: '/bulletin',
  validateSearch: filters('week'),
  component: lazyRouteComponent(() => import('../screens/bulletin/bulletin.tsx'), 'BulletinPage'),
});

const routeTree = root.addChildren([
  tour,
  staff.addChildren([
    connections,
    inbox,
    message,
    unmapped,
    residents,
    record,
    counter,
    cards,
    registrations,
    visits,
    review,
    operations,
    institutions,
    signals,
    signal,
    reportCards,
    reportCard,
    missedReports,
    lineList,
    followUp,
    contacts,
    notices,
    notice,
    exchange,
    channels,
    situation,
    riskMap,
    estimates,
    rules,
    performance,
    bulletin,
  ]),
]);

export const router = createRouter({
  routeTree,
  defaultPreload: 'intent',
  scrollRestoration: true,
  // Plain `?state=held` instead of JSON in the address: it is read by people and pasted into chats.
  parseSearch: (text) => Object.fromEntries(new URLSearchParams(text)),
  stringifySearch: (search) => {
    const text = new URLSearchParams(
      Object.entries(search).filter((pair): pair is [string, string] => typeof pair[1] === 'string' && pair[1] !== ''),
    ).toString();
    return text === '' ? '' : `?${text}`;
  },
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
