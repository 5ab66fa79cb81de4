import type { ReadingJob, StudentReading } from './reading-job.ts';
import type { MoodleUser } from './replies.ts';
import { isAskedOf } from './restrictions.ts';
import { amendSubmission } from './submissions-of.ts';

/** Notes what is not asked of one student, because access to it is restricted; what nobody can tell is not held against them. */
export function applyRestrictions(job: ReadingJob, user: MoodleUser, student: StudentReading): void {
  const { restrictions, assignments } = job.course;
  if (!restrictions) return keepKnown(job, student);
  const isAssignment = new Set(assignments.map(({ cmid }) => String(cmid)));
  student.notAsked = [];
  for (const [id, availability] of restrictions) {
    // Of an assignment Moodle lists whom it is asked of; whoever is not listed is excused already.
    const asked = isAskedOf(availability, { user, now: job.now, isListed: isAssignment.has(id) });
    if (asked === 'yes') continue;
    student.notAsked.push(id);
    if (student.submissions && !student.submissions.some((own) => own.assessmentId === id && own.isExcused)) {
      amendSubmission(student.submissions, id, asked === 'no' ? { isExcused: true } : { isDueUnknown: true });
    }
  }
}

/** Where the contents could not be read this time, nobody is asked for more than before. */
function keepKnown({ course, storedSubmission }: ReadingJob, { moodleId, submissions }: StudentReading): void {
  if (!submissions) return;
  for (const { coursemodule } of course.quizzes) {
    const id = String(coursemodule);
    const { isExcused, isDueUnknown } = storedSubmission(moodleId, id) ?? {};
    if (isExcused) amendSubmission(submissions, id, { isExcused });
    else if (isDueUnknown) amendSubmission(submissions, id, { isDueUnknown });
  }
}
