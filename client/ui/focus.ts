import { useEffect, useRef, type RefObject } from 'react';

/** For `ref`: what has just appeared takes the focus, because what was pressed is gone. Kept out of components, so it runs once. */
export function takeFocus(element: HTMLElement | null): void {
  element?.focus();
}

/** For a form's `ref`: once something was refused, the focus goes to the first field that needs another look. */
export function useFocusOnRefusal(error: unknown): RefObject<HTMLFormElement | null> {
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    if (error) form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [error]);
  return form;
}
