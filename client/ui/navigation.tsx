import type { ReactNode } from 'react';
import { Link, useRoute } from 'wouter';
import { common } from '../text/common.ts';

export interface NavigationItem {
  readonly path: string;
  readonly label: string;
  /** A number beside the label, such as follow-ups due; spoken with its meaning. */
  readonly count?: { readonly value: number; readonly meaning: string };
}

/** The bar on top of every page: where one is, where one can go, and room at its end (help, the crisis route). */
export function Navigation({ items, children }: { items: readonly NavigationItem[]; children?: ReactNode }) {
  return (
    <header className="bar">
      <button
        type="button"
        className="skip"
        onClick={() => document.querySelector<HTMLElement>('#content h1')?.focus()}
      >
        {common.skip}
      </button>
      <nav aria-label={common.menu}>
        <ul className="bar-items">
          {items.map((item) => (
            <li key={item.path}>
              <NavigationLink {...item} />
            </li>
          ))}
        </ul>
      </nav>
      {children && <div className="bar-end">{children}</div>}
    </header>
  );
}

function NavigationLink({ path, label, count }: NavigationItem) {
  const [isHere] = useRoute(path === '/' ? '/' : `${path}/*?`);
  return (
    <Link href={path} className="bar-link" aria-current={isHere ? 'page' : undefined}>
      {label}
      {count !== undefined && count.value > 0 && (
        <span className="count">
          {count.value}
          <span className="only-spoken"> {count.meaning}</span>
        </span>
      )}
    </Link>
  );
}
