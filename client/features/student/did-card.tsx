import type { DashboardReply } from '../../../server/contracts/dashboard.ts';
import type { StudentView, Week } from '../../../server/contracts/student-view.ts';
import { sayCount, sayMoment, sayUsual } from '../../format.ts';
import { useText } from '../../session.ts';
import { student } from '../../text/student.ts';
import { DayStrip } from './day-strip.tsx';

const text = student.week;

/** What was seen of the student this week, beside their own usual and their goal. */
export function Did({ reply: { view, goal }, week }: { reply: DashboardReply; week: Week }) {
  const t = useText();
  const { usual } = view;
  return (
    <section className="card" aria-labelledby="did">
      <h2 id="did">{text.did}</h2>
      <p className={week.activeDays > 0 ? 'big' : undefined}>
        {week.activeDays > 0
          ? t(text.activeDays, { count: sayCount(week.activeDays, 'day') })
          : view.presence.missing === undefined
            ? text.activeNone
            : text.activeUnknown}
      </p>
      <DayStrip view={view} week={week} />
      {week.resources > 0 && (
        <p>{t(text.opened, { count: sayCount(week.resources, 'page or file', 'pages and files') })}</p>
      )}
      <p>
        {usual
          ? t(week.activeDays >= usual.activeDays ? text.usualReached : text.usual, {
              count: sayUsual(usual.activeDays),
            })
          : text.noUsual}{' '}
        {goal?.kind === 'active-days' && t(text.goalDays, { count: sayCount(goal.target ?? 1, 'day') })}
      </p>
      <Freshness view={view} />
    </section>
  );
}

/** How old it is, where it comes from and what it can't show, beside the figures that it is about. */
function Freshness({ view: { course, presence, indicators } }: { view: StudentView }) {
  const t = useText();
  if (presence.asOf === undefined) return null;
  const source = indicators.find(({ indicator, noData }) => indicator === 'recency' && !noData)?.restsOn;
  return (
    <p className="hint">
      {t(source === undefined ? text.freshness : text.freshnessFrom, {
        when: sayMoment(presence.asOf, course.timeZone),
        source: source ?? '',
      })}
    </p>
  );
}
