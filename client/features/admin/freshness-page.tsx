import type { AdminOverview } from '../../../server/contracts/admin.ts';
import { useText } from '../../session.ts';
import { admin } from '../../text/admin.ts';
import { Page } from '../../ui/page.tsx';
import { sayWhen } from './pieces.tsx';

const text = admin.freshness;
type Course = AdminOverview['courses'][number];

export function FreshnessPage({ courses }: { courses: readonly Course[] }) {
  const t = useText();
  return (
    <Page title={text.title} lead={<p>{t(text.lead)}</p>}>
      {courses.length === 0 && <p>{t(text.none)}</p>}
      {courses.map((course) => (
        <CoursePart key={course.id} course={course} />
      ))}
    </Page>
  );
}

function CoursePart({ course }: { course: Course }) {
  const t = useText();
  const facts = [
    course.platform,
    t(text.students, { count: course.students }),
    t(text.launched, { date: sayWhen(course.lastLaunchedAt) }),
    course.computedAt === undefined ? text.neverComputed : t(text.computed, { date: sayWhen(course.computedAt) }),
  ];
  return (
    <section className="card" aria-labelledby={`course-${course.id}`}>
      <h2 id={`course-${course.id}`}>{course.title}</h2>
      <p>{facts.join(' · ')}</p>
      <p className="hint">
        {t(text.calendar, { from: course.firstDay, to: course.lastDay })} ({text.calendarFrom[course.calendarFrom]})
      </p>
      {course.sources.length === 0 ? <p>{text.noSources}</p> : <SourceTable course={course} />}
    </section>
  );
}

function SourceTable({ course }: { course: Course }) {
  const t = useText();
  return (
    // A region that scrolls must be reachable by keyboard.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className="scroll-x" tabIndex={0} role="region" aria-labelledby={`course-${course.id}`}>
      <table>
        <thead>
          <tr>
            <th scope="col">{text.source}</th>
            <th scope="col">{text.ok}</th>
            <th scope="col">{text.tried}</th>
            <th scope="col">{text.counts}</th>
            <th scope="col">{text.trouble}</th>
          </tr>
        </thead>
        <tbody>
          {course.sources.map((source) => {
            const trouble = [
              source.failedBecause,
              source.withheld,
              ...source.notes,
              ...source.gaps.map((gap) => t(text.gap, gap)),
              ...Object.entries(source.dropped).map(([why, count]) => `${why}: ${count}`),
            ].filter((line) => line !== undefined);
            return (
              <tr key={source.source}>
                <th scope="row">{source.source}</th>
                <td>{source.okAt === undefined ? text.never : sayWhen(source.okAt)}</td>
                <td>{source.triedAt === undefined ? text.never : sayWhen(source.triedAt)}</td>
                <td>
                  {source.read} / {source.stored}
                </td>
                <td>{trouble.length === 0 ? text.fine : trouble.map((line) => <div key={line}>{line}</div>)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
