import { useState } from 'react';
import type { RightsReply } from '../../../server/contracts/rights.ts';
import { dayAt, sayMoment } from '../../format.ts';
import { useText } from '../../session.ts';
import { student } from '../../text/student.ts';
import { takeFocus } from '../../ui/focus.ts';

const text = student.about;
const shownAtFirst = 8;

type Look = RightsReply['looks'][number];

/** Who has looked, and when, the newest first; what one person did over and over on a day stands in one line. */
export function Looks({ looks, timeZone = 'Europe/London' }: { looks: readonly Look[]; timeZone?: string }) {
  const t = useText();
  const [showsAll, setShowsAll] = useState(false);
  const lines = joinRepeated(looks, timeZone);
  const shown = showsAll ? lines : lines.slice(0, shownAtFirst);
  return (
    <section className="card" aria-labelledby="looks">
      <h2 id="looks" tabIndex={-1}>
        {text.looks}
      </h2>
      {looks.length === 0 && <p>{text.looksNone}</p>}
      {shown.length > 0 && (
        <ul className="plain looks">
          {shown.map(({ look: { at, by, role, deed }, times }, index) => (
            <li key={`${at}.${index}`} {...(showsAll && index === shownAtFirst && { tabIndex: -1, ref: takeFocus })}>
              <span className="hint">{sayMoment(at, timeZone)}</span>{' '}
              {role === 'student' ? `${text.you} ${deed}` : t(text.look, { by, role: t(text.roles[role]), deed })}
              {times > 1 && ` ${t(text.lookTimes, { count: times })}`}
            </li>
          ))}
        </ul>
      )}
      {shown.length < lines.length && (
        <button type="button" className="button" onClick={() => setShowsAll(true)}>
          {t(text.more, { count: lines.length })}
        </button>
      )}
    </section>
  );
}

/** The latest of each day, person and deed, with how many there were. */
function joinRepeated(looks: readonly Look[], timeZone: string): { look: Look; times: number }[] {
  const lines = new Map<string, { look: Look; times: number }>();
  for (const look of looks) {
    const key = [dayAt(look.at, timeZone), look.by, look.role, look.deed].join('\n');
    const line = lines.get(key);
    if (line) line.times++;
    else lines.set(key, { look, times: 1 });
  }
  return [...lines.values()];
}
