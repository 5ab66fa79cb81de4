import { useEffect, useRef, type ReactNode } from 'react';

/** What opens on demand below a button. It closes by its button, by Escape, and once one goes on elsewhere. */
export function Menu({
  label,
  buttonClass = 'button',
  isHere = false,
  children,
}: {
  label: ReactNode;
  buttonClass?: string;
  /** The page that is open is one of those in here. */
  isHere?: boolean;
  children: ReactNode;
}) {
  const menu = useRef<HTMLDetailsElement>(null);
  useEffect(() => {
    const closeBeside = ({ target }: Event) => {
      if (menu.current?.open && target instanceof Node && !menu.current.contains(target)) menu.current.open = false;
    };
    document.addEventListener('pointerdown', closeBeside);
    document.addEventListener('focusin', closeBeside);
    return () => {
      document.removeEventListener('pointerdown', closeBeside);
      document.removeEventListener('focusin', closeBeside);
    };
  }, []);
  return (
    // The key is heard on its way up from whatever in the menu has the focus.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <details
      ref={menu}
      className="menu"
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || !menu.current?.open) return;
        menu.current.open = false;
        menu.current.querySelector('summary')?.focus();
        event.stopPropagation();
      }}
    >
      <summary className={buttonClass} aria-current={isHere ? 'true' : undefined}>
        {label}
      </summary>
      {children}
    </details>
  );
}
