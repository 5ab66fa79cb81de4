import { Link } from 'wouter';
import type { StudentView, Work } from '../../../server/contracts/student-view.ts';
import { dayAt } from '../../format.ts';
import { useText } from '../../session.ts';
import { WorkList } from '../../student-view/work-list.tsx';
import { student } from '../../text/student.ts';
import { DueDatesButton } from './due-dates-button.tsx';
import { NotSeen } from './not-seen.tsx';

const text = student.week;
const dueShown = 3;

/** What is due next, and what was due and has not been seen. */
export function Due({ view, mayAsk }: { view: StudentView; mayAsk: boolean }) {
  const t = useText();
  const { today, timeZone } = view.course;
  const isAhead = ({ dueAt }: Work) => dueAt !== undefined && dayAt(dueAt, timeZone) >= today;
  const ahead = view.work
    .filter((work) => isAhead(work) && !['left-out', 'not-seen'].includes(work.state))
    .slice(0, dueShown);
  const wereDue = view.work.filter(
    (work) => ['handed-in', 'handed-in-late', 'not-seen'].includes(work.state) && !isAhead(work),
  );
  const why = view.indicators.find(({ indicator }) => indicator === 'submissions')?.noData?.reason;
  const areDatesKnown = why === undefined || !['no-source', 'source-failed', 'source-stale'].includes(why);
  const handedIn = wereDue.filter(({ submittedAt }) => submittedAt !== undefined).length;
  return (
    <section className="card" aria-labelledby="due">
      <h2 id="due">{text.due}</h2>
      {ahead.length > 0 ? (
        <WorkList work={ahead} today={today} timeZone={timeZone} />
      ) : (
        <p>{areDatesKnown ? text.dueNone : t(text.dueUnknown)}</p>
      )}
      <NotSeen view={view} mayAsk={mayAsk} />
      {handedIn > 0 && <p>{t(text.handedIn, { count: handedIn, all: wereDue.length })}</p>}
      {view.work.length > 0 && (
        <p className="links">
          <Link className="quiet-link" href="/weeks">
            {text.allWork}
          </Link>
          <DueDatesButton work={view.work.filter(isAhead)} />
        </p>
      )}
    </section>
  );
}
