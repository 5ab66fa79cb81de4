import { useState } from 'react';
import type { RightsReply } from '../../../server/contracts/rights.ts';
import { sayMoment } from '../../format.ts';
import { useText } from '../../session.ts';
import { student } from '../../text/student.ts';

const text = student.about;
const shownAtFirst = 8;

/** Who has looked, and when, the newest first. */
export function Looks({ looks, timeZone = 'Europe/London' }: { looks: RightsReply['looks']; timeZone?: string }) {
  const t = useText();
  const [showsAll, setShowsAll] = useState(false);
  const shown = showsAll ? looks : looks.slice(0, shownAtFirst);
  return (
    <section aria-labelledby="looks">
      <h2 id="looks">{text.looks}</h2>
      {looks.length === 0 && <p>{text.looksNone}</p>}
      <ul className="plain looks">
        {shown.map(({ at, by, role, deed }, index) => (
          <li key={`${at}.${index}`}>
            <span className="hint">{sayMoment(at, timeZone)}</span>{' '}
            {role === 'student' ? `${text.you} ${deed}` : t(text.look, { by, role: t(text.roles[role]), deed })}
          </li>
        ))}
      </ul>
      {shown.length < looks.length && (
        <button type="button" className="button" onClick={() => setShowsAll(true)}>
          {t(text.more, { count: looks.length })}
        </button>
      )}
    </section>
  );
}
