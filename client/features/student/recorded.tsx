import { Link } from 'wouter';
import type { StudentView } from '../../../server/contracts/student-view.ts';
import { sayDate } from '../../format.ts';
import { useText } from '../../session.ts';
import { student } from '../../text/student.ts';

const text = student.about;

/** What staff have recorded about the student: actions, that they talked it over, and word to another school. */
export function Recorded({ view: { actions, discussions, alerts, course } }: { view: StudentView }) {
  const t = useText();
  const date = (at: number) => sayDate(at, course.timeZone);
  return (
    <section className="card" aria-labelledby="actions">
      <h2 id="actions" tabIndex={-1}>
        {text.actions}
      </h2>
      {actions.length + discussions.length + alerts.length === 0 && <p>{text.actionsNone}</p>}
      {actions.length > 0 && (
        <ul className="plain entries">
          {actions.map((action) => (
            <li key={action.id} className="card">
              <h3>
                {action.category} <span className="tag">{action.outcome}</span>
              </h3>
              <p>
                {date(action.at)}; {action.channel}; {action.by};{' '}
                {action.initiator === 'student' ? text.byYou : text.byStaff}
              </p>
              {action.agreed && <p className="own-words">{t(text.agreed, { what: action.agreed })}</p>}
              {action.followUpAt !== undefined && <p>{t(text.followUp, { date: date(action.followUpAt) })}</p>}
              <p>
                <Link className="quiet-link" href={`/wrong/action/${action.id}`}>
                  {student.weeks.wrong}
                  <span className="only-spoken">: {action.category}</span>
                </Link>
              </p>
            </li>
          ))}
        </ul>
      )}
      {discussions.length > 0 && (
        <>
          <h3>{text.discussions}</h3>
          <ul>
            {discussions.map(({ by, startedAt, decision }) => (
              <li key={startedAt}>
                {t(text.discussion, {
                  by,
                  date: date(startedAt),
                  decision: decision ? text.decisions[decision] : text.undecided,
                })}
              </li>
            ))}
          </ul>
        </>
      )}
      {alerts.map(({ by, school, sentAt }) => (
        <p key={sentAt}>{t(text.alert, { by, school, date: date(sentAt) })}</p>
      ))}
    </section>
  );
}
