import type { StudentView } from '../contracts/student-view.ts';
import type { CourseAt } from '../domain/course-at.ts';
import { dayNumber, dayNumberAt, sayDay } from '../domain/days.ts';
import type { Correction } from '../domain/facts.ts';
import type { StudentAt } from '../domain/student-at.ts';
import { staleAfterHours } from '../domain/thresholds.ts';

const hourMs = 3_600_000;

/** How fresh each source is, once for each although it may fare differently by topic. */
export function presentSources(at: CourseAt): StudentView['sources'] {
  const sources = new Map<string, StudentView['sources'][number]>();
  for (const { source, okAt, failedBecause, speaksOf } of at.course.sources) {
    if (speaksOf.length === 0 && source !== 'roster') continue;
    const isLate = okAt !== undefined && at.now - okAt > staleAfterHours[source] * hourMs;
    const state = failedBecause ? 'failing' : okAt === undefined ? 'never' : isLate ? 'late' : 'fresh';
    const known = sources.get(source);
    // The topic that fares worse is the one to know about.
    if (known && severity[known.state] >= severity[state]) continue;
    sources.set(source, { source, ...(okAt !== undefined && { okAt: Math.min(okAt, at.now) }), state });
  }
  return [...sources.values()];
}

const severity = { fresh: 0, late: 1, never: 2, failing: 3 } as const;

export function presentPresence({ topics: { presence } }: CourseAt): StudentView['presence'] {
  return {
    ...(presence.asOf !== undefined && { asOf: presence.asOf }),
    ...(!presence.isKnown && { missing: presence.reason }),
  };
}

/** Spans that do not count for this student: the kind of reason only, never the circumstance. */
export function presentPauses(student: StudentAt, at: CourseAt): StudentView['pauses'] {
  const own = student.student.pauses.map(({ from, to, kind }) => ({ from, to, kind, label: pauseLabels[kind] }));
  const everybodys = at.course.pauses.map(({ from, to, label }) => ({ from, to, label }));
  return [...own, ...everybodys].sort((a, b) => a.from.localeCompare(b.from));
}

const pauseLabels = {
  'authorised-absence': 'Authorised absence',
  'extenuating-circumstances': 'Extenuating circumstances',
  placement: 'Placement',
  interruption: 'Interruption of studies',
  other: 'Agreed pause',
} as const;

/** What was corrected after a challenge, in words. */
export function presentCorrections(student: StudentAt, at: CourseAt): string[] {
  return student.student.corrections.map((correction) => sayCorrection(correction, at));
}

function sayCorrection(correction: Correction, at: CourseAt): string {
  const dayOf = (time: number) => sayDay(dayNumberAt(time, at.course.calendar.timeZone));
  switch (correction.about) {
    case 'active-day':
      return `Counted as an active day: ${sayDay(dayNumber(correction.day))}`;
    case 'submission':
      return `${titleOf(correction.assessmentId)}: handed in ${dayOf(correction.submittedAt)}`;
    case 'excused':
      return `${titleOf(correction.assessmentId)}: not asked of you`;
    case 'completion':
      return `${at.course.items.find(({ id }) => id === correction.itemId)?.title ?? 'An activity'}: completed ${dayOf(correction.completedAt)}`;
    case 'attendance':
      return 'A session counted as attended';
  }

  function titleOf(assessmentId: string): string {
    return at.course.assessments.find(({ id }) => id === assessmentId)?.title ?? 'An assessment';
  }
}
