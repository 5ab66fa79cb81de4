import { Fragment } from 'react';
import type { AdminCourses } from '../../../server/contracts/admin.ts';
import { useText } from '../../session.ts';
import { admin } from '../../text/admin.ts';
import { DroppedLines, sayCount, sayDay, sayWhen } from './pieces.tsx';

const text = admin.freshness;
type Course = AdminCourses['courses'][number];
type Source = Course['sources'][number];

/** What was last read for one course, source by source. */
export function CoursePart({ course }: { course: Course }) {
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
        {t(text.calendar, { from: sayDay(course.firstDay), to: sayDay(course.lastDay) })} (
        {text.calendarFrom[course.calendarFrom]})
      </p>
      {course.sources.length === 0 ? <p>{text.noSources}</p> : <Troubles sources={course.sources} />}
      {course.sources.length > 0 && (
        <details className="folded">
          <summary>{text.each}</summary>
          {course.sources.map((source) => (
            <SourcePart key={source.source} source={source} />
          ))}
        </details>
      )}
    </section>
  );
}

/** What an administrator may have to do something about, in sight without unfolding anything. */
function Troubles({ sources }: { sources: readonly Source[] }) {
  const troubled = sources.filter(({ failedBecause, isAccessHidden, notes, gaps }) => {
    return failedBecause !== undefined || isAccessHidden || notes.length > 0 || gaps.length > 0;
  });
  if (troubled.length === 0) return <p>{text.allFine}</p>;
  return (
    <dl className="pairs">
      {troubled.map((source) => (
        <Fragment key={source.source}>
          <dt>{text.sources[source.source]}</dt>
          <dd>
            <TroubleLines source={source} />
          </dd>
        </Fragment>
      ))}
    </dl>
  );
}

function TroubleLines({ source: { failedBecause, isAccessHidden, notes, gaps } }: { source: Source }) {
  const t = useText();
  const said = gaps.map(({ from, to }) => t(text.gap, { from: sayDay(from), to: sayDay(to) }));
  const lines = [failedBecause, isAccessHidden ? text.accessHidden : undefined, ...notes, ...said];
  return lines.map((line) => line !== undefined && <div key={line}>{line}</div>);
}

/** One source in figures. What a feed tells of others is no trouble; where a roster and Moodle do not agree, it is. */
function SourcePart({ source }: { source: Source }) {
  const isFeed = source.source === 'xapi' || source.source === 'caliper';
  const hasDropped = Object.keys(source.dropped).length > 0;
  return (
    <div className="source">
      <h3>{text.sources[source.source]}</h3>
      <dl className="pairs">
        <dt>{text.ok}</dt>
        <dd>{source.okAt === undefined ? text.never : sayWhen(source.okAt)}</dd>
        <dt>{text.tried}</dt>
        <dd>{source.triedAt === undefined ? text.never : sayWhen(source.triedAt)}</dd>
        <dt>{text.counts}</dt>
        <dd>
          {sayCount(source.read)} / {sayCount(source.stored)}
        </dd>
        {hasDropped && (
          <>
            <dt>{isFeed ? text.notCounted : text.differs}</dt>
            <dd>
              <DroppedLines dropped={source.dropped} />
            </dd>
          </>
        )}
      </dl>
    </div>
  );
}
