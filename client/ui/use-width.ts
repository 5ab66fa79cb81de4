import { useLayoutEffect, useRef, useState, type RefObject } from 'react';

/** The width there is, so that letters keep their size however narrow the frame is. */
export function useWidth(): [RefObject<HTMLDivElement | null>, number] {
  const frame = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(320);
  // Before it is painted, so that nobody sees it narrow first.
  useLayoutEffect(() => {
    const element = frame.current;
    if (!element) return undefined;
    const measure = () => {
      // What is not laid out yet has no width to go by.
      if (element.clientWidth > 0) setWidth(Math.max(200, Math.floor(element.clientWidth)));
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return [frame, width];
}
