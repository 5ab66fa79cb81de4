import type { ReactNode } from 'react';
import { Link, useLocation, useRoute } from 'wouter';
import { common } from '../text/common.ts';
import { useIsWide } from './use-is-wide.ts';

export interface NavigationItem {
  readonly path: string;
  readonly label: string;
  /** A number beside the label, such as follow-ups due; spoken with its meaning. */
  readonly count?: { readonly value: number; readonly meaning: string };
}

interface NavigationProps {
  readonly items: readonly NavigationItem[];
  /** Many pages: on a narrow screen they open on demand, so that the page itself is in sight. */
  readonly folds?: boolean;
  readonly children?: ReactNode;
}

/** The bar on top of every page: where one is, where one can go, and room at its end (help, the crisis route). */
export function Navigation({ items, folds = false, children }: NavigationProps) {
  const isWide = useIsWide();
  const [here] = useLocation();
  const pages = (
    <nav aria-label={common.menu}>
      <ul className="bar-items">
        {items.map((item) => (
          <li key={item.path}>
            <NavigationLink {...item} />
          </li>
        ))}
      </ul>
    </nav>
  );
  return (
    <header className={folds ? 'bar bar-wide' : 'bar'}>
      <button
        type="button"
        className="skip"
        onClick={() => document.querySelector<HTMLElement>('#content h1')?.focus()}
      >
        {common.skip}
      </button>
      {folds && !isWide ? (
        // Whoever has chosen a page is done with the choice: another page begins with it closed.
        <details key={here} className="bar-fold">
          <summary className="button">
            {common.menu}
            <Count {...sumUp(items)} />
          </summary>
          {pages}
        </details>
      ) : (
        pages
      )}
      {children && <div className="bar-end">{children}</div>}
    </header>
  );
}

function NavigationLink({ path, label, count }: NavigationItem) {
  const [isHere] = useRoute(path === '/' ? '/' : `${path}/*?`);
  return (
    <Link href={path} className="bar-link" aria-current={isHere ? 'page' : undefined}>
      {label}
      {count && <Count {...count} />}
    </Link>
  );
}

function Count({ value, meaning }: NonNullable<NavigationItem['count']>) {
  if (value === 0) return null;
  return (
    <span className="count">
      {value}
      <span className="only-spoken"> {meaning}</span>
    </span>
  );
}

/** All that waits on some page, in one number. */
function sumUp(items: readonly NavigationItem[]): NonNullable<NavigationItem['count']> {
  const counts = items.flatMap(({ count }) => (count ? [count] : []));
  return { value: counts.reduce((sum, { value }) => sum + value, 0), meaning: common.waiting };
}
