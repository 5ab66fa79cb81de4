import { Link } from 'wouter';
import type { StudentView, Work } from '../../../server/contracts/student-view.ts';
import { sayDate } from '../../format.ts';
import { useText } from '../../session.ts';
import { student } from '../../text/student.ts';
import { Notice } from '../../ui/notice.tsx';

const text = student.week;
/** A wall of what is open helps nobody to begin: the latest few stand here, and the rest under all the work. */
const shown = 3;

/**
 * Work past its due time of which nothing was seen, with a way out for each piece and, where the student has not asked for
 * a conversation yet (`mayAsk`), for all of it.
 */
export function NotSeen({ view, mayAsk }: { view: StudentView; mayAsk: boolean }) {
  const t = useText();
  const notSeen = workNotSeen(view);
  if (notSeen.length === 0) return null;
  const forEverybody = view.indicators.find(({ indicator }) => indicator === 'submissions')?.flagsNobody;
  const earlier = notSeen.length - shown;
  return (
    <Notice kind="information" title={text.notSeenTitle} headingLevel={3}>
      {forEverybody && <p>{forEverybody}</p>}
      <p>{text.notSeen}</p>
      <ul className="plain not-seen">
        {notSeen.slice(0, shown).map((work) => (
          <li key={work.id}>
            <strong>{work.title}</strong>
            {work.dueAt !== undefined && (
              <div className="hint">{t(text.notSeenDue, { date: sayDate(work.dueAt, view.course.timeZone) })}</div>
            )}
            <Link className="quiet-link" href={`/wrong/submission/${encodeURIComponent(work.id)}`}>
              {text.tellUs}
              <span className="only-spoken">: {work.title}</span>
            </Link>
          </li>
        ))}
      </ul>
      {earlier > 0 && (
        <p>
          <Link className="quiet-link" href="/weeks">
            {t(earlier === 1 ? text.notSeenOneEarlier : text.notSeenEarlier, { count: earlier })}
          </Link>
        </p>
      )}
      {mayAsk && (
        <p className="buttons">
          <Link className="button" href="/support">
            {text.talk}
          </Link>
        </p>
      )}
    </Notice>
  );
}

/** The latest first. */
export function workNotSeen({ work }: Pick<StudentView, 'work'>): Work[] {
  return work.filter(({ state }) => state === 'not-seen').sort((a, b) => (b.dueAt ?? 0) - (a.dueAt ?? 0));
}
