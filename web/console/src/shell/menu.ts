import type { IconName } from '../parts/icon.tsx';

/** The pages of the menu. A page is listed only when the session carries its permission; the server checks it again. */
export const menu = [
  { to: '/connections', word: 'connections', permission: 'connections.read', icon: 'pulse', key: 'c' },
  { to: '/inbox', word: 'inbox', permission: 'inbox.read', icon: 'inbox', key: 'i' },
  { to: '/unmapped', word: 'unmapped', permission: 'inbox.read', icon: 'puzzle', key: 'u' },
  { to: '/residents', word: 'residents', permission: 'residents.search', icon: 'people', key: 'r' },
  { to: '/situation', word: 'situation', permission: 'surveillance.read', icon: 'eye', key: 'w' },
  { to: '/counter', word: 'counter', permission: 'codes.scan', icon: 'scan', key: 'q' },
  { to: '/cards', word: 'cards', permission: 'codes.serve', icon: 'person', key: 'k' },
  { to: '/registrations', word: 'registrations', permission: 'registrations.load', icon: 'inbox', key: 'b' },
  { to: '/visits', word: 'visits', permission: 'connections.read', icon: 'calendar', key: 'v' },
  { to: '/review', word: 'review', permission: 'identity.review', icon: 'people', key: 'm' },
  { to: '/signals', word: 'signals', permission: 'surveillance.read', icon: 'siren', key: 's' },
  { to: '/report-cards', word: 'reportCards', permission: 'cards.read', icon: 'file', key: 'p' },
  { to: '/line-list', word: 'lineList', permission: 'surveillance.read', icon: 'people', key: 'l' },
  { to: '/follow-up', word: 'followUp', permission: 'surveillance.names', icon: 'eye', key: 'f' },
  { to: '/notices', word: 'notices', permission: 'surveillance.read', icon: 'send', key: 'n' },
  { to: '/exchange', word: 'exchange', permission: 'surveillance.read', icon: 'key', key: 'e' },
  { to: '/channels', word: 'channels', permission: 'surveillance.read', icon: 'chart', key: 'h' },
  { to: '/operations', word: 'operations', permission: 'operations.read', icon: 'gauge', key: 'o' },
  { to: '/institutions', word: 'institutions', permission: 'directory.read', icon: 'building', key: 'd' },
] as const satisfies readonly { to: string; word: string; permission: string; icon: IconName; key: string }[];

export type MenuEntry = (typeof menu)[number];

/** Pages beside the menu that are opened by a link from one of its entries. */
const neighbours = ['/risk-map', '/estimates', '/rules', '/performance', '/bulletin'].map((to) => ({
  to,
  permission: 'surveillance.read',
}));

/** Whether this page is known to need a permission that the session lacks: then the server need not be asked. */
export const isClosed = (path: string, permissions: readonly string[]): boolean =>
  [...menu, ...neighbours].some(({ to, permission }) => to === path && !permissions.includes(permission));

export const menuOf = (permissions: readonly string[]): MenuEntry[] =>
  menu.filter((entry) => permissions.includes(entry.permission));
