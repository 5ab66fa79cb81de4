import type { ReactNode } from 'react';
import { Link } from 'wouter';
import type { StudentView, Week } from '../../../server/contracts/student-view.ts';
import { sayDay } from '../../format.ts';
import { useSession, useText } from '../../session.ts';
import { student } from '../../text/student.ts';
import { Loading } from '../../ui/loading.tsx';
import { Page } from '../../ui/page.tsx';
import { Problem } from '../../ui/problem.tsx';
import { useDashboard } from './data.ts';
import { Did } from './did-card.tsx';
import { Due } from './due-card.tsx';
import { Flags } from './flag-notices.tsx';
import { GoalCard } from './goal-card.tsx';
import { workNotSeen } from './not-seen.tsx';
import { Suggestions } from './suggestions.tsx';
import { canBeSeen, FirstWeek, Missing } from './week-notices.tsx';
import { WhatWasAsked } from './what-was-asked.tsx';

const text = student.week;

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
  // Asking has one place on the page: the first that calls for it, and none while a request is on its way.
  const mayAsk = data.asked.requests.every(({ state }) => state === 'done');
  const asksBesideWork = workNotSeen(view).length > 0;
  return (
    <Page title={title} lead={<Lead view={view} now={now} />}>
      <Missing view={view} />
      <FirstWeek view={view} />
      <WhatWasAsked asked={data.asked} />
      <div className="week-columns">
        <div>
          {now && canBeSeen(view) && <Did reply={data} week={now} />}
          <Due view={view} mayAsk={mayAsk} />
        </div>
        <div>
          <GoalCard reply={data} now={now} />
          <Flags reply={data} mayAsk={mayAsk && !asksBesideWork} />
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
