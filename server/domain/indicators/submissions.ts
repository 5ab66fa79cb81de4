import type { CourseAt } from '../course-at.ts';
import { dayNumberAt, sayDay } from '../days.ts';
import { whyNothingAsked, type DueAssessment } from '../due-assessments.ts';
import { measured, noData, sayNumber, type Indicator } from './indicator.ts';

export const submissions: Indicator = {
  id: 'submissions',
  label: 'Coursework not seen yet',
  whyItMatters:
    'Coursework that has not come in is worth a conversation early, while there is still time to put it right.',
  needs: ['submissions'],
  howItIsWorkedOut:
    'We count the assessments that are past their due time and that we have not seen from you. An extension moves your due time, and work that came in late counts as handed in.',
  unit: 'count',
  inputLabels: {
    due: 'Assessments due so far',
    handedIn: 'Handed in',
    late: 'Of these, after the due time',
    leftOut: 'Left out (excused, pause or before you joined)',
  },
  formula: ({ due = 0, handedIn = 0, leftOut = 0 }) =>
    leftOut === 0
      ? `${sayNumber(due)} due − ${sayNumber(handedIn)} handed in`
      : `${sayNumber(due)} due − ${sayNumber(handedIn)} handed in − ${sayNumber(leftOut)} left out`,
  whatWouldChangeIt: 'Handing in, an agreed extension, or a correction if it was handed in another way.',
  whatItCannotTell: 'Work handed in on paper, by e-mail or in another system is not seen here.',

  measure(student, at) {
    const reading = at.topics.submissions;
    if (!reading.isKnown) return noData('submissions', reading.reason, reading.asOf);
    if (student.submissions === undefined) return noData('submissions', 'no-source', reading.asOf);
    const { due } = student;
    let leftOut = 0;
    let late = 0;
    let missing = 0;
    for (const { state } of due) {
      if (state === 'left-out') leftOut++;
      else if (state === 'handed-in-late') late++;
      else if (state === 'not-seen') missing++;
    }
    if (due.length === leftOut) return noData('submissions', whyNothingAsked(due, at), reading.asOf);

    const handedIn = due.length - leftOut - missing;
    return measured(
      'submissions',
      missing,
      { due: due.length, handedIn, late, leftOut },
      due.map((each) => ({
        label: each.label,
        value: sayState(each, at),
      })),
      reading,
    );
  },
};

function sayState({ state, submittedAt, isDueUnknown }: DueAssessment, at: CourseAt): string {
  switch (state) {
    case 'handed-in':
    case 'handed-in-late': {
      const day = sayDay(dayNumberAt(submittedAt ?? 0, at.course.calendar.timeZone));
      return state === 'handed-in' ? `handed in ${day}` : `handed in ${day}, after the due time`;
    }
    case 'not-seen':
      return 'not seen yet';
    case 'left-out':
      return isDueUnknown
        ? 'could not be read: another due time, or not asked of this student'
        : 'not asked of this student';
  }
}
