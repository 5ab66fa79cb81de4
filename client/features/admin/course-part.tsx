import type { AdminCourses } from '../../../server/contracts/admin.ts';
import { useText } from '../../session.ts';
import { admin } from '../../text/admin.ts';
import { DroppedLines, sayCount, sayDay, sayWhen } from './pieces.tsx';

const text = admin.freshness;
type Course = AdminCourses['courses'][number];

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
      {course.sources.length === 0 && <p>{text.noSources}</p>}
      {course.sources.map((source) => (
        <SourcePart key={source.source} source={source} />
      ))}
    </section>
  );
}

function SourcePart({ source }: { source: Course['sources'][number] }) {
  const t = useText();
  // What a feed tells of others is no trouble; what a list of participants and Moodle do not agree on is.
  const isFeed = source.source === 'xapi' || source.source === 'caliper';
  const hasDropped = Object.keys(source.dropped).length > 0;
  const trouble = [
    source.failedBecause,
    source.withheld,
    ...source.notes,
    ...source.gaps.map(({ from, to }) => t(text.gap, { from: sayDay(from), to: sayDay(to) })),
  ].filter((line) => line !== undefined);
  return (
    <div className="source">
      <h3>{text.sources[source.source]}</h3>
      <dl className="pairs">
        <dt>{text.trouble}</dt>
        <dd>
          {trouble.length === 0 && (isFeed || !hasDropped) && text.fine}
          {trouble.map((line) => (
            <div key={line}>{line}</div>
          ))}
          {!isFeed && <DroppedLines dropped={source.dropped} />}
        </dd>
        <dt>{text.ok}</dt>
        <dd>{source.okAt === undefined ? text.never : sayWhen(source.okAt)}</dd>
        <dt>{text.tried}</dt>
        <dd>{source.triedAt === undefined ? text.never : sayWhen(source.triedAt)}</dd>
        <dt>{text.counts}</dt>
        <dd>
          {sayCount(source.read)} / {sayCount(source.stored)}
        </dd>
        {isFeed && hasDropped && (
          <>
            <dt>{text.notCounted}</dt>
            <dd>
              <DroppedLines dropped={source.dropped} />
            </dd>
          </>
        )}
      </dl>
    </div>
  );
}
