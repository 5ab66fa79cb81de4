import { dayNumber, dayNumberAt, mondayOf, sayDay, toDay } from './days.ts';
import type { Assessment, CourseFacts, CourseItem, DaySpan, Recording, SourceHealth, SourceTopic } from './facts.ts';
import { isInSpan, latestTeachingWeek, teachingWeeks, type TeachingWeek } from './teaching-weeks.ts';
import { baselineDays, recentDays, staleAfterHours } from './thresholds.ts';
import type { NoDataReason, SourceId } from './vocabulary.ts';

const hourMs = 3_600_000;

/** What can be said on one topic: as of when and by whom, or why nothing can. */
export type TopicReading =
  | {
      readonly isKnown: true;
      /** The oldest of the readings it rests on; never after `now`. */
      readonly asOf: number;
      readonly asOfDay: number;
      readonly restsOn: readonly SourceId[];
    }
  | { readonly isKnown: false; readonly reason: NoDataReason; readonly asOf?: number | undefined };

/** Days of a course in which something could be seen and done, counted back from the day of the last reading. */
export interface DayWindow {
  /** Day numbers, both included. */
  readonly from: number;
  readonly to: number;
  /** Days in between that count: no vacation or pause. */
  readonly days: number;
  /** As evidence names it: `Active days from 2 November to 15 November`. */
  readonly label: string;
  /** Those of them from which nothing was received. */
  readonly unseen: readonly number[];
}

/** A course as it stands at one moment: everything that is the same for all of its students, worked out once. */
export interface CourseAt {
  readonly course: CourseFacts;
  readonly now: number;
  readonly today: number;
  readonly firstDay: number;
  readonly lastDay: number;
  readonly isRunning: boolean;
  readonly weeks: readonly TeachingWeek[];
  /** The number of the latest teaching week that has begun: 0 before the course. */
  readonly week: number;
  /** The same weeks as day numbers. */
  readonly weekSpans: readonly { readonly from: number; readonly to: number }[];
  /** The Monday of the first week: a day's place in `weeks` is the number of whole weeks since then. */
  readonly firstMonday: number;
  /** How many of the weeks have begun. */
  readonly weeksBegun: number;
  readonly topics: Readonly<Record<SourceTopic, TopicReading>>;
  /** The last two teaching weeks and the four before; undefined where the course is too young. */
  readonly recent: DayWindow | undefined;
  readonly baseline: DayWindow | undefined;
  /** Whether a day counts for the class: inside the course, no vacation, no pause. */
  countsDay(day: number): boolean;
  /** Days of the course from which no presence was received, ascending: nobody can say who was there. */
  readonly unseenDays: readonly number[];
  /** Whether a tutor has taken the day out for everybody. */
  isPausedDay(day: number): boolean;
  /** How many days count after `after`, up to and including `upTo`. */
  countDays(after: number, upTo: number): number;
  /** The first day of a window that ends with `to` and holds so many days that count; the course's first at the least. */
  startOfWindow(to: number, days: number): number;
  /** Where no feed was received, on any topic, for the reader of a flag. */
  readonly gaps: readonly (DaySpan & { readonly source: SourceId })[];
  /** In the order of their usual due times, those without one last. */
  readonly assessments: readonly {
    readonly assessment: Assessment;
    readonly dueAt: number | undefined;
    readonly dueDay: number;
    /** As evidence names it: `Coursework 1, due 3 November`. */
    readonly label: string;
  }[];
  /** Items released by the last reading of presence: the place of each by every name under which an event may refer to it. */
  readonly releasedPlaces: ReadonlyMap<string, number>;
  readonly releasedCount: number;
  /** Tracked items that were expected by the last reading of completion. */
  readonly expectedItems: readonly { readonly item: CourseItem; readonly day: number }[];
  /** The place of each of them by its id. */
  readonly expectedPlaces: ReadonlyMap<string, number>;
  /** Places in `weeks` of full teaching weeks that are over and mostly count: where evenness is looked at. */
  readonly evenWeeks: readonly number[];
  readonly recordings: ReadonlyMap<string, Recording>;
}

/** Works out once what all students of a course share at a moment (milliseconds since the epoch). */
export function courseAt(course: CourseFacts, now: number): CourseAt {
  const { calendar } = course;
  const firstDay = dayNumber(calendar.firstDay);
  const lastDay = dayNumber(calendar.lastDay);
  const today = dayNumberAt(now, calendar.timeZone);
  const weeks = teachingWeeks(calendar);

  const read = (topic: SourceTopic) => readTopic(course, topic, now);
  const topics = {
    presence: read('presence'),
    submissions: read('submissions'),
    completion: read('completion'),
    attendance: read('attendance'),
    'lecture-capture': read('lecture-capture'),
  };

  const presenceGaps = course.sources.filter((source) => speaksOf(source, 'presence')).flatMap((source) => source.gaps);
  const without = [...calendar.vacations, ...course.pauses];
  const length = Math.max(0, lastDay - firstDay + 1);
  const counts = new Uint8Array(length).map((_, index) =>
    without.some((span) => isInSpan(firstDay + index, span)) ? 0 : 1,
  );
  const unseen: number[] = [];
  for (let day = firstDay; day <= lastDay; day++)
    if (presenceGaps.some((span) => isInSpan(day, span))) unseen.push(day);
  // upTo[i]: days that count among the first i days of the course.
  const upTo = new Int32Array(length + 1);
  for (let index = 0; index < length; index++) upTo[index + 1] = (upTo[index] ?? 0) + (counts[index] ?? 0);
  const countUpTo = (day: number) => upTo[Math.min(length, Math.max(0, day - firstDay + 1))] ?? 0;
  const countsDay = (day: number) => counts[day - firstDay] === 1;
  const countDays = (after: number, to: number) => Math.max(0, countUpTo(to) - countUpTo(after));

  const windowBack = (to: number, days: number): DayWindow | undefined => {
    let found = 0;
    for (let day = Math.min(to, lastDay); day >= firstDay; day--) {
      if (countsDay(day)) found++;
      if (found !== days) continue;
      return {
        from: day,
        to,
        days,
        label: `Active days from ${sayDay(day)} to ${sayDay(to)}`,
        unseen: unseen.filter((each) => each >= day && each <= to && countsDay(each)),
      };
    }
    return undefined;
  };
  const recent = topics.presence.isKnown ? windowBack(topics.presence.asOfDay, recentDays) : undefined;
  const baseline = recent && windowBack(recent.from - 1, baselineDays);

  const { presence, completion } = topics;
  const weekSpans = weeks.map((week) => ({ from: dayNumber(week.firstDay), to: dayNumber(week.lastDay) }));
  const released = course.items.filter(
    ({ releasedAt }) => releasedAt === undefined || (presence.isKnown && releasedAt <= presence.asOf),
  );

  const releasedPlaces = new Map<string, number>();
  released.forEach(({ url }, place) => url !== undefined && releasedPlaces.set(url, place));
  released.forEach(({ id }, place) => releasedPlaces.set(id, place));

  const expectedItems = course.items.flatMap((item) =>
    item.isTracked && item.expectedBy !== undefined && completion.isKnown && item.expectedBy < completion.asOf
      ? [{ item, day: dayNumberAt(item.expectedBy, calendar.timeZone) }]
      : [],
  );
  const expectedPlaces = new Map<string, number>();
  expectedItems.forEach(({ item }, place) => expectedPlaces.set(item.id, place));

  return {
    course,
    now,
    today,
    firstDay,
    lastDay,
    isRunning: today >= firstDay && today <= lastDay,
    weeks,
    week: latestTeachingWeek(weeks, toDay(today)),
    weekSpans,
    firstMonday: mondayOf(firstDay),
    weeksBegun: weekSpans.filter(({ from }) => from <= today).length,
    topics,
    recent,
    baseline,
    countsDay,
    unseenDays: unseen,
    isPausedDay: (day) => course.pauses.length > 0 && course.pauses.some((span) => isInSpan(day, span)),
    countDays,
    startOfWindow: (to, days) => windowBack(to, days)?.from ?? firstDay,
    gaps: course.sources.flatMap(({ source, gaps }) => gaps.map(({ from, to }) => ({ source, from, to }))),
    assessments: course.assessments
      .map((assessment) => {
        const dueDay = assessment.dueAt === undefined ? 0 : dayNumberAt(assessment.dueAt, calendar.timeZone);
        return { assessment, dueAt: assessment.dueAt, dueDay, label: labelDue(assessment, dueDay) };
      })
      .sort((a, b) => (a.dueAt ?? Infinity) - (b.dueAt ?? Infinity)),
    releasedPlaces,
    releasedCount: released.length,
    expectedItems,
    expectedPlaces,
    evenWeeks: weekSpans.flatMap(({ from, to }, index) =>
      weeks[index]?.number !== undefined &&
      presence.isKnown &&
      to < presence.asOfDay &&
      (countDays(from - 1, to) - unseen.filter((day) => day >= from && day <= to && countsDay(day)).length) * 2 >=
        to - from + 1
        ? [index]
        : [],
    ),
    recordings: new Map(course.recordings.map((recording) => [recording.id, recording])),
  };
}

/** How evidence names an assessment that is due on a day (by its number). */
export function labelDue({ title }: Assessment, dueDay: number): string {
  return `${title}, due ${sayDay(dueDay)}`;
}

function speaksOf(source: SourceHealth, topic: SourceTopic): boolean {
  return source.speaksOf.includes(topic);
}

/**
 * A topic is as old as the oldest source that has ever spoken on it: with one of two feeds silent, a student's days
 * after that moment are only half seen, and half seen is not seen. A source that never answered is not waited for.
 */
function readTopic(course: CourseFacts, topic: SourceTopic, now: number): TopicReading {
  const speaking = course.sources.filter((source) => speaksOf(source, topic));
  if (speaking.length === 0) return { isKnown: false, reason: 'no-source' };

  const usable = speaking.filter((source) => source.okAt !== undefined && source.withheld === undefined);
  if (usable.length === 0) {
    const withheld = speaking.find((source) => source.withheld !== undefined)?.withheld;
    const hasFailed = speaking.some((source) => source.failedBecause !== undefined);
    return { isKnown: false, reason: withheld ?? (hasFailed ? 'source-failed' : 'source-stale') };
  }

  const oldest = usable.reduce((a, b) => ((a.okAt ?? 0) <= (b.okAt ?? 0) ? a : b));
  const asOf = Math.min(now, oldest.okAt ?? now);
  const stale = usable.find((source) => now - (source.okAt ?? 0) > staleAfterHours[source.source] * hourMs);
  if (stale)
    return { isKnown: false, reason: stale.failedBecause === undefined ? 'source-stale' : 'source-failed', asOf };
  return {
    isKnown: true,
    asOf,
    asOfDay: dayNumberAt(asOf, course.calendar.timeZone),
    restsOn: usable.map((source) => source.source),
  };
}
