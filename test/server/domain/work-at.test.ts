import { describe, expect, test } from 'vitest';
import { courseAt } from '../../../server/domain/course-at.ts';
import type { Assessment, CourseFacts, StudentFacts } from '../../../server/domain/facts.ts';
import { submissions } from '../../../server/domain/indicators/submissions.ts';
import { summariseCohort } from '../../../server/domain/cohort.ts';
import { studentAt } from '../../../server/domain/student-at.ts';
import { summariseWork, workAt } from '../../../server/domain/work-at.ts';
import { aCourse, aSource, aStudent, dayName, days, onDay } from './support/facts.ts';

const now = onDay(41);
const hour = 3_600_000;
const essay = (change: Partial<Assessment> = {}): Assessment => ({
  id: 'essay',
  title: 'Essay 1',
  kind: 'assignment',
  dueAt: onDay(20),
  ...change,
});

function look(change: Partial<StudentFacts>, course: Partial<CourseFacts> = {}) {
  const at = courseAt(aCourse(now, { assessments: [essay()], ...course }), now);
  const student = studentAt(aStudent(days(0, 40), { submissions: [], ...change }), at);
  return { summary: summariseWork(student, at), states: workAt(student, at).map(({ state }) => state), student, at };
}

const notSeen = { notSeen: ['essay'], notKnown: [] };
const notKnown = { notSeen: [], notKnown: ['essay'] };
const neither = { notSeen: [], notKnown: [] };

describe('work past its due time', () => {
  test.each<[string, object, Partial<StudentFacts>, Partial<CourseFacts>?]>([
    ['was not seen', notSeen, {}],
    ['was handed in', neither, { submissions: [{ assessmentId: 'essay', submittedAt: onDay(19) }] }],
    ['was handed in late', neither, { submissions: [{ assessmentId: 'essay', submittedAt: onDay(30) }] }],
    ['is due at this moment', neither, {}, { assessments: [essay({ dueAt: now })] }],
    ['was due a moment ago', notSeen, {}, { assessments: [essay({ dueAt: now - 1 })] }],
    ['has a later time of their own', neither, { submissions: [{ assessmentId: 'essay', extendedTo: onDay(50) }] }],
    ['is excused', neither, { submissions: [{ assessmentId: 'essay', isExcused: true }] }],
    ['was due in a pause', neither, { pauses: [{ from: dayName(18), to: dayName(22), kind: 'placement' }] }],
    ['was due before they joined', neither, { joinedAt: onDay(25) }],
    [
      'has a due time that nobody could read',
      notKnown,
      { submissions: [{ assessmentId: 'essay', isDueUnknown: true }] },
    ],
    ['was never read of the student', notKnown, { submissions: undefined }],
    ['is read by no source', notKnown, {}, { sources: [aSource(now, { speaksOf: ['presence'] })] }],
    ['is read by a source that never answered', notKnown, {}, { sources: [aSource(now, { okAt: undefined })] }],
    ['was read too long ago', notKnown, {}, { sources: [aSource(onDay(30))] }],
    [
      'was due after the last reading',
      notKnown,
      {},
      { sources: [aSource(now - hour)], assessments: [essay({ dueAt: now - hour / 2 })] },
    ],
  ])('%s', (_, expected, student, course) => {
    expect(look(student, course).summary).toEqual(expected);
  });
});

test('a correction speaks of its own piece of work and makes no other one missing', () => {
  const other = essay({ id: 'other', title: 'Essay 2' });
  const { summary, states, student, at } = look(
    {
      submissions: undefined,
      corrections: [{ about: 'submission', assessmentId: 'essay', submittedAt: onDay(19) }],
    },
    { assessments: [essay(), other] },
  );
  expect(states).toEqual(['handed-in', 'unknown']);
  expect(summary).toEqual({ notSeen: [], notKnown: ['other'] });
  expect(submissions.measure(student, at, summariseCohort([]))).toMatchObject({ state: 'measured', value: 0 });
});
