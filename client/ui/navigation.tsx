import type { ReactNode } from 'react';
import { Link, useLocation, useRoute } from 'wouter';
import { common } from '../text/common.ts';
import { Menu } from './menu.tsx';
import { useIsBroad, useIsWide } from './use-is-wide.ts';

export interface NavigationItem {
  readonly path: string;
  readonly label: string;
  /** A number beside the label, such as follow-ups due; spoken with its meaning. */
  readonly count?: { readonly value: number; readonly meaning: string };
}

interface NavigationProps {
  readonly items: readonly NavigationItem[];
  /**
   * Pages that are needed less often. They stand beside the others where there is room for all in one line, and open on
   * demand where there is not; on a narrow screen all of them do, so that the page itself is in sight.
   */
  readonly further?: readonly NavigationItem[];
  readonly children?: ReactNode;
}

const none: readonly NavigationItem[] = [];

/** The bar on top of every page: where one is, where one can go, and room at its end (help, the crisis route). */
export function Navigation({ items, further = none, children }: NavigationProps) {
  const isWide = useIsWide();
  const isBroad = useIsBroad();
  const [here] = useLocation();
  const folds = further.length > 0;
  const beside = isBroad || !isWide ? [...items, ...further] : items;
  const pages = (
    <nav aria-label={common.menu}>
      <ul className="bar-items">
        {beside.map((item) => (
          <li key={item.path}>
            <NavigationLink {...item} />
          </li>
        ))}
        {folds && isWide && !isBroad && (
          <li key="further">
            <FurtherPages key={here} items={further} here={here} />
          </li>
        )}
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

function FurtherPages({ items, here }: { items: readonly NavigationItem[]; here: string }) {
  const isHere = items.some(({ path }) => here === path || here.startsWith(`${path}/`));
  return (
    <Menu label={common.furtherPages} buttonClass="bar-link" isHere={isHere}>
      <ul className="card menu-box menu-start">
        {items.map((item) => (
          <li key={item.path}>
            <NavigationLink {...item} />
          </li>
        ))}
      </ul>
    </Menu>
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
