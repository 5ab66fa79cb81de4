import type { ReactNode } from 'react';
import { Link } from 'wouter';
import type { DashboardReply } from '../../../server/contracts/dashboard.ts';
import type { StudentView, Week, Work } from '../../../server/contracts/student-view.ts';
import { dayAt, sayCount, sayDate, sayDay, sayMoment } from '../../format.ts';
import { useSession, useText } from '../../session.ts';
import { WorkList } from '../../student-view/work-list.tsx';
import { student } from '../../text/student.ts';
import { Loading } from '../../ui/loading.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Page } from '../../ui/page.tsx';
import { Problem } from '../../ui/problem.tsx';
import { useDashboard } from './data.ts';
import { DayStrip } from './day-strip.tsx';
import { GoalCard } from './goal-card.tsx';
import { Suggestions } from './suggestions.tsx';

const text = student.week;
const dueShown = 3;

export function ThisWeekPage() {
  const t = useText();
  const { name } = useSession();
  const { data, error, refetch } = useDashboard();
  const title = name ? t(text.titleNamed, { name }) : text.title;
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
      <div className="week-columns">
        <div>
          {now && <Did view={view} week={now} />}
          <Due view={view} />
        </div>
        <div>
          <GoalCard reply={data} now={now} />
          <Suggestions suggestions={data.suggestions} />
          <ReflectCard prompt={data.prompt} />
          <Flags reply={data} />
        </div>
      </div>
    </Page>
  );
}

function Lead({ view: { course, presence }, now }: { view: StudentView; now: Week | undefined }): ReactNode {
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
  return (
    <>
      <p>{sentence}</p>
      {presence.asOf !== undefined && (
        <p className="hint">{t(text.freshness, { when: sayMoment(presence.asOf, course.timeZone) })}</p>
      )}
    </>
  );
}

/** What can't be seen is our side, and said so before anything that rests on it. */
function Missing({ view }: { view: StudentView }) {
  const t = useText();
  const reason = view.indicators.find(({ indicator }) => indicator === 'recency')?.noData;
  if (view.presence.missing === undefined || view.course.state !== 'running') return null;
  return (
    <Notice kind="information" title={text.missingTitle}>
      <p>{t(text.missing, { reason: reason?.reason === view.presence.missing ? reason.text : '' }).trim()}</p>
    </Notice>
  );
}

function Did({ view, week }: { view: StudentView; week: Week }) {
  const t = useText();
  const { usual } = view;
  return (
    <section className="card" aria-labelledby="did">
      <h2 id="did">{text.did}</h2>
      <p className="big">
        {week.activeDays > 0 ? t(text.activeDays, { count: sayCount(week.activeDays, 'day') }) : text.activeNone}
      </p>
      <DayStrip view={view} week={week} />
      {week.resources > 0 && (
        <p>{t(text.opened, { count: sayCount(week.resources, 'page or file', 'pages and files') })}</p>
      )}
      <p>
        {usual
          ? t(week.activeDays >= usual.activeDays ? text.usualReached : text.usual, {
              count: sayCount(usual.activeDays, 'active day'),
            })
          : text.noUsual}
      </p>
    </section>
  );
}

function Due({ view }: { view: StudentView }) {
  const t = useText();
  const { today, timeZone } = view.course;
  const isAhead = ({ dueAt }: Work) => dueAt !== undefined && dayAt(dueAt, timeZone) >= today;
  const ahead = view.work.filter((work) => isAhead(work) && work.state !== 'left-out').slice(0, dueShown);
  const notSeen = view.work.filter(({ state }) => state === 'not-seen');
  const wereDue = view.work.filter(
    (work) => ['handed-in', 'handed-in-late', 'not-seen'].includes(work.state) && !isAhead(work),
  );
  const handedIn = wereDue.filter(({ submittedAt }) => submittedAt !== undefined).length;
  return (
    <section className="card" aria-labelledby="due">
      <h2 id="due">{text.due}</h2>
      {ahead.length > 0 ? <WorkList work={ahead} today={today} timeZone={timeZone} /> : <p>{text.dueNone}</p>}
      {notSeen.length > 0 && (
        <Notice kind="information" title={text.notSeenTitle}>
          <ul className="plain">
            {notSeen.map((work) => (
              <li key={work.id}>
                {t(text.notSeenWork, {
                  title: work.title,
                  date: work.dueAt === undefined ? '' : sayDate(work.dueAt, timeZone),
                })}{' '}
                <Link className="quiet-link" href={`/wrong/submission/${encodeURIComponent(work.id)}`}>
                  {text.tellUs}
                  <span className="only-spoken">: {work.title}</span>
                </Link>
              </li>
            ))}
          </ul>
          <p>{text.notSeen}</p>
          <p className="buttons">
            <Link className="button" href="/support">
              {text.talk}
            </Link>
          </p>
        </Notice>
      )}
      {wereDue.length > 0 && <p>{t(text.handedIn, { count: handedIn, all: wereDue.length })}</p>}
      <p>
        <Link href="/weeks">{text.allWork}</Link>
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
        <Link href="/goals">{text.write}</Link>
      </p>
    </section>
  );
}

function Flags({ reply: { view } }: { reply: DashboardReply }) {
  const t = useText();
  return view.flags
    .filter(({ isClosed }) => !isClosed)
    .map((flag) => (
      <Notice
        key={flag.id}
        kind={flag.kind === 'stretch' ? 'good' : 'information'}
        title={flag.kind === 'stretch' ? text.flagStretchTitle : text.flagTitle}
      >
        <p>{t(text.flag, { summary: flag.summary })}</p>
        <p>
          <Link href="/how">{text.flagLink}</Link>
        </p>
      </Notice>
    ));
}
