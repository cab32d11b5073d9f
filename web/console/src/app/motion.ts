/** Asked each time: the reader can change it in the system's settings while the page is open. */
export const motionIsUnwelcome = (): boolean => matchMedia('(prefers-reduced-motion: reduce)').matches;
