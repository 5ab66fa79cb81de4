import { expect, test } from 'vitest';
import { computeCourse } from '../../../server/domain/compute-course.ts';
import { defaultRuleset } from '../../../server/domain/rules.ts';
import { aCourse, aStudent, classmates, days, onDay } from './support/facts.ts';

const now = onDay(41);
const assessments = [13, 20, 27, 34].map((day) => ({
  id: `a${day}`,
  title: `Essay ${day}`,
  kind: 'assignment' as const,
  dueAt: onDay(day),
}));
const items = Array.from({ length: 8 }, (_, index) => ({
  id: `page-${index}`,
  title: `Page ${index}`,
  kind: 'page',
  isTracked: true,
  releasedAt: onDay(index),
  expectedBy: onDay(index * 4),
}));

test('a student who does well over weeks is offered, as a kind of its own, and never as a problem', () => {
  const ahead = aStudent(days(0, 41, 2), {
    personId: 'ahead',
    submissions: assessments.map(({ id, dueAt }) => ({ assessmentId: id, submittedAt: dueAt - 3 * 86_400_000 })),
    completions: items.map(({ id, releasedAt }) => ({ itemId: id, completedAt: releasedAt + 86_400_000 })),
  });
  const others = classmates(12, 41).map((student) => ({
    ...student,
    submissions: assessments.map(({ id, dueAt }) => ({ assessmentId: id, submittedAt: dueAt - 3_600_000 })),
    completions: items.map(({ id }) => ({ itemId: id, completedAt: onDay(34) })),
  }));
  const { flagChanges } = computeCourse({
    course: aCourse(now, { assessments, items }),
    students: [ahead, ...others],
    ruleset: defaultRuleset(),
    flags: [],
    now,
  });
  expect(flagChanges.map(({ flag }) => [flag.personId, flag.kind])).toEqual([['ahead', 'stretch']]);
});
