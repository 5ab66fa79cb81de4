import type { ReactNode } from 'react';
import type { Work } from '../../server/contracts/student-view.ts';
import { dayAt, sayDistance, sayMoment } from '../format.ts';
import { useText } from '../session.ts';
import { viewText as text } from '../text/student-view.ts';

const marks: Readonly<Record<Work['state'], string>> = {
  'to-come': '○',
  'handed-in': '✓',
  'handed-in-late': '✓',
  'not-seen': '?',
  'left-out': '–',
  'not-read': '?',
  unknown: '·',
};

/** Pieces of work with their due time and how they stand; `after` puts something below one of them. */
export function WorkList({
  work,
  today,
  timeZone,
  after,
}: {
  work: readonly Work[];
  today: string;
  timeZone: string;
  after?: (work: Work) => ReactNode;
}) {
  const t = useText();
  return (
    <ul className="work">
      {work.map((each) => (
        <li key={each.id} className={`work-item work-${each.state}`}>
          <span className="work-mark" aria-hidden="true">
            {marks[each.state]}
          </span>
          <div className="work-body">
            <div>
              <strong>{each.title}</strong>
              <div className="hint">
                {each.dueAt === undefined
                  ? text.noDueTime
                  : t(text.due, {
                      when: `${sayMoment(each.dueAt, timeZone)} (${sayDistance(today, dayAt(each.dueAt, timeZone))})`,
                    })}
                {each.isExtended && `, ${text.extended}`}
              </div>
            </div>
            <div>
              {!isAhead(each, today, timeZone) && (
                <div className="work-state">
                  {each.submittedAt === undefined
                    ? text.workStates[each.state]
                    : `${text.workStates[each.state]}, ${sayMoment(each.submittedAt, timeZone)}`}
                </div>
              )}
              {each.url && each.submittedAt === undefined && (
                <a className="quiet-link" href={each.url} target="_blank" rel="noreferrer">
                  {text.openWork}
                  <span className="only-spoken">
                    : {each.title}
                    {text.newTab}
                  </span>
                </a>
              )}
              {after?.(each)}
            </div>
          </div>
        </li>
      ))}
    </ul>
  );
}

/** Of work that is still to come its due time says all there is to say. */
function isAhead({ state, dueAt }: Work, today: string, timeZone: string): boolean {
  return state === 'to-come' || (state === 'unknown' && dueAt !== undefined && dayAt(dueAt, timeZone) >= today);
}
