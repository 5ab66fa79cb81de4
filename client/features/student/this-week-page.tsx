import type { ReactNode } from 'react';
import { Link } from 'wouter';
import type { DashboardReply } from '../../../server/contracts/dashboard.ts';
import type { StudentView, Week, Work } from '../../../server/contracts/student-view.ts';
import { dayAt, sayCount, sayDay, sayMoment, sayUsual } from '../../format.ts';
import { useSession, useText } from '../../session.ts';
import { WorkList } from '../../student-view/work-list.tsx';
import { student } from '../../text/student.ts';
import { Loading } from '../../ui/loading.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Page } from '../../ui/page.tsx';
import { Problem } from '../../ui/problem.tsx';
import { isUnread, useDashboard } from './data.ts';
import { DayStrip } from './day-strip.tsx';
import { GoalCard } from './goal-card.tsx';
import { NotSeen } from './not-seen.tsx';
import { Suggestions } from './suggestions.tsx';

const text = student.week;
const dueShown = 3;

export function ThisWeekPage() {
  const t = useText();
  const { name } = useSession();
  const { data, error, refetch } = useDashboard();
  const isOver = data?.view.course.state === 'after';
  const named = isOver ? text.titleAfter : text.titleNamed;
  const title = name ? t(named, { name }) : text.title;
  if (!data) {
    return (
      <Page title={title}>
        {error ? <Problem error={error} onRetry={() => void refetch()} /> : <Loading label={student.loading} />}
      </Page>
    );
  }
  const { view } = data;
  const now = view.weeks.find(({ when }) => when === 'now');
  return (
    <Page title={title} lead={<Lead view={view} now={now} />}>
      <Missing view={view} />
      <FirstWeek view={view} />
      <div className="week-columns">
        <div>
          {now && <Did reply={data} week={now} />}
          <Due view={view} />
        </div>
        <div>
          <GoalCard reply={data} now={now} />
          <Flags reply={data} />
          {!isOver && <Suggestions suggestions={data.suggestions} hasGoal={data.goal !== undefined} />}
          <ReflectCard prompt={data.prompt} />
        </div>
      </div>
    </Page>
  );
}

function Lead({ view: { course }, now }: { view: StudentView; now: Week | undefined }): ReactNode {
  const t = useText();
  const { title } = course;
  const sentence =
    course.state === 'before'
      ? t(text.before, { title, date: sayDay(course.firstDay) })
      : course.state === 'after'
        ? t(text.after, { title, date: sayDay(course.lastDay) })
        : course.vacation
          ? t(text.vacation, { title, vacation: course.vacation })
          : now &&
            t(text.lead, {
              title,
              number: course.week,
              all: course.teachingWeeks,
              from: sayDay(now.firstDay, 'short'),
              to: sayDay(now.lastDay, 'short'),
            });
  return <p>{sentence}</p>;
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

/** So early, figures say little; what helps is to find one's way. */
function FirstWeek({ view }: { view: StudentView }) {
  const t = useText();
  const { state, week, vacation } = view.course;
  if (state !== 'running' || week !== 1 || vacation !== undefined || isUnread(view)) return null;
  return (
    <Notice kind="information" title={text.firstTitle}>
      <p>{t(text.first)}</p>
    </Notice>
  );
}

/** What can't be seen is our side, and said so before anything that rests on it. */
function Missing({ view }: { view: StudentView }) {
  const t = useText();
  if (isUnread(view)) {
    return (
      <Notice kind="information" title={t(text.unreadTitle)}>
        <p>{text.unread}</p>
      </Notice>
    );
  }
  const reason = view.indicators.find(({ indicator }) => indicator === 'recency')?.noData;
  if (view.presence.missing === undefined || view.course.state !== 'running') return null;
  return (
    <Notice kind="information" title={text.missingTitle}>
      <p>{t(text.missing, { reason: reason?.reason === view.presence.missing ? reason.text : '' }).trim()}</p>
    </Notice>
  );
}

function Did({ reply: { view, goal }, week }: { reply: DashboardReply; week: Week }) {
  const t = useText();
  const { usual } = view;
  return (
    <section className="card" aria-labelledby="did">
      <h2 id="did">{text.did}</h2>
      <p className="big">
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

function Due({ view }: { view: StudentView }) {
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
      <NotSeen view={view} />
      {handedIn > 0 && <p>{t(text.handedIn, { count: handedIn, all: wereDue.length })}</p>}
      <p>
        <Link className="quiet-link" href="/weeks">
          {text.allWork}
        </Link>
      </p>
    </section>
  );
}

function ReflectCard({ prompt }: { prompt: string }) {
  return (
    <section className="card" aria-labelledby="reflect">
      <h2 id="reflect">{text.reflect}</h2>
      <p>{prompt}</p>
      <p>
        <Link className="quiet-link" href="/goals/write">
          {text.write}
        </Link>
      </p>
    </section>
  );
}

function Flags({ reply: { view, hasOptedOut } }: { reply: DashboardReply }) {
  const t = useText();
  return view.flags
    .filter(({ isClosed }) => !isClosed)
    .map((flag) => (
      <Notice
        key={flag.id}
        kind={flag.kind === 'stretch' ? 'good' : 'information'}
        title={flag.kind === 'stretch' ? text.flagStretchTitle : hasOptedOut ? text.flagOutTitle : text.flagTitle}
      >
        <p>{t(hasOptedOut ? text.flagOut : text.flag, { summary: flag.summary })}</p>
        <p className="links">
          <Link className="quiet-link" href="/how">
            {text.flagLink}
          </Link>
          <Link className="quiet-link" href="/support">
            {text.talk}
          </Link>
        </p>
      </Notice>
    ));
}
