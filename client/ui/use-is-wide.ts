import { useSyncExternalStore } from 'react';

/** Whether there is room for things beside each other; where there is not, what is needed less often opens on demand. */
export const useIsWide = createMediaHook('(min-width: 40rem)');

/** Whether there is room for a whole bar of pages in one line. */
export const useIsBroad = createMediaHook('(min-width: 76rem)');

/** Whether there is room for things above each other too: a frame in a VLE is often as wide as a desk and as low as a hand. */
export const useIsRoomy = createMediaHook('(min-width: 40rem) and (min-height: 44rem)');

function createMediaHook(query: string): () => boolean {
  const media = matchMedia(query);
  const subscribe = (onChange: () => void) => {
    media.addEventListener('change', onChange);
    return () => media.removeEventListener('change', onChange);
  };
  return function useMedia() {
    return useSyncExternalStore(subscribe, () => media.matches);
  };
}
