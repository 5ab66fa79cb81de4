import { expect, test } from 'vitest';
import { activeDaysAround } from '../../../server/domain/active-days-around.ts';
import { courseAt } from '../../../server/domain/course-at.ts';
import { dayNumber, mondayOf } from '../../../server/domain/days.ts';
import type { StudentFacts } from '../../../server/domain/facts.ts';
import { seeStudent } from '../../../server/domain/seen-student.ts';
import { aCourse, aSource, aStudent, dayName, days, onDay } from './support/facts.ts';

const now = onDay(70);
const everyWeek = new Set(days(0, 70, 7).map((day) => mondayOf(dayNumber(dayName(day)))));

function ask(
  student: StudentFacts,
  { from = 14, course = {}, heardWeeks = everyWeek }: { from?: number; course?: object; heardWeeks?: Set<number> } = {},
) {
  const at = courseAt(aCourse(now, course), now);
  return activeDaysAround({ from: onDay(from), days: 14, heardWeeks }, seeStudent(student, at), at);
}
const without = (...left: number[]) =>
  new Set([...everyWeek].filter((monday) => !left.some((day) => monday === mondayOf(dayNumber(dayName(day))))));
const gap = (from: number, to: number) => ({
  sources: [aSource(now, { gaps: [{ from: dayName(from), to: dayName(to) }] })],
});

test.each<[string, StudentFacts, Parameters<typeof ask>[1], number | undefined]>([
  ['counts days, each once', aStudent([14, 14, 15, 27, 28]), {}, 3],
  ['knows a quiet fortnight of somebody who is seen at other times', aStudent([1, 2, 40]), {}, 0],
  ['does not know of somebody of whom nothing ever arrived', aStudent([]), {}, undefined],
  ['does not take a fortnight without data for a quiet one', aStudent([1, 2]), { course: gap(14, 27) }, undefined],
  ['scales what is left where a part was not received', aStudent([14, 15, 16]), { course: gap(21, 27) }, 6],
  ['keeps half of the days', aStudent([14]), { course: gap(21, 27) }, 2],
  ['drops less than half', aStudent([14]), { course: gap(20, 27) }, undefined],
  ['does not know of weeks in which nobody was heard', aStudent([1, 40]), { heardWeeks: without(14, 21) }, undefined],
  ['waits until the span has been read', aStudent([58]), { from: 57 }, undefined],
  ['takes a span that ended on the day before the reading', aStudent([58]), { from: 56 }, 1],
  ['knows nothing without a source', aStudent([14]), { course: { sources: [] } }, undefined],
  ['leaves out what comes before joining', aStudent([26], { joinedAt: onDay(25) }), {}, undefined],
])('%s', (_what, student, options, expected) => {
  expect(ask(student, options)).toBe(expected);
});
