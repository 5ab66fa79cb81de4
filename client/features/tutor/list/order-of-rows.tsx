import type { Filters } from '../../../../server/contracts/saved-views.ts';
import { listText } from '../../../text/tutor-list.ts';

/** By which rule the rows are ordered, and which keys move in them. */
export function OrderOfRows({ view }: { view: NonNullable<Filters['view']> }) {
  return (
    <p className="hint">
      {listText.order[view]}{' '}
      <span id="grid-keys" className="only-wide">
        {listText.keys}
      </span>
    </p>
  );
}
