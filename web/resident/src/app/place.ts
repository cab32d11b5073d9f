import { useSyncExternalStore } from 'react';

export const places = ['code', 'record', 'traces', 'more'] as const;
export type Place = (typeof places)[number];

const pathOf = (place: Place): string => (place === 'code' ? '/resident/' : `/resident/${place}`);
const read = (): Place => {
  const [, , name = ''] = location.pathname.split('/');
  return places.find((place) => place === name) ?? 'code';
};
const listeners = new Set<() => void>();
const tell = (): void => {
  for (const listener of listeners) listener();
};
addEventListener('popstate', tell);

export const usePlace = (): Place =>
  useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, read);

export const linkTo = (place: Place) => ({
  href: pathOf(place),
  onClick(event: { preventDefault(): void; ctrlKey: boolean; metaKey: boolean; shiftKey: boolean }) {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    history.pushState(null, '', pathOf(place));
    tell();
    scrollTo(0, 0);
    document.querySelector<HTMLElement>('h1')?.focus({ preventScroll: true });
  },
});
