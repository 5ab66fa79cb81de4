import type { MoodleClient } from './client.ts';
import { attemptReading, type Loss } from './loss.ts';
import { gradeBookSchema, gradeItemsSchema, type MoodleUser } from './replies.ts';

interface Seen {
  readonly assignments: readonly unknown[];
  readonly quizzes: readonly unknown[];
  readonly modules: ReadonlyMap<string, number>;
  /** Assignments that Moodle would not show. */
  readonly hiddenAssignments: number;
  readonly users: readonly MoodleUser[] | undefined;
}

/**
 * Moodle leaves out what its service user may not see, without an error: a missing capability looks like a course where
 * nothing is due. This compares the lists with each other and with the grade book, and returns what can't be trusted. An
 * activity that is only hidden from students looks the same; so an empty list with something behind it is not taken for
 * "nothing due", and a partly filled one is taken as it is, with a note.
 */
export async function readUnseen(client: MoodleClient, courseId: number, seen: Seen): Promise<Loss[]> {
  const losses: Loss[] = [];
  const { assignments, quizzes, modules, hiddenAssignments } = seen;
  const isLost = (functionName: string, detail: string, speaksOf: Loss['speaksOf'] = ['submissions']) =>
    losses.push({ functionName, trouble: 'not-permitted', detail, message: `${functionName}: ${detail}`, speaksOf });

  if (assignments.length === 0 && (hiddenAssignments > 0 || modules.has('assign'))) {
    isLost(
      'mod_assign_get_assignments',
      'the course has assignments, and the service user may see none of them (hidden, or mod/assign:view is missing)',
    );
  }
  if (quizzes.length === 0 && modules.has('quiz')) {
    isLost(
      'mod_quiz_get_quizzes_by_courses',
      'the course has quizzes, and the service user may see none of them (mod/quiz:view)',
    );
  }
  // One quiz that is seen proves the capability.
  if (losses.length > 0 || quizzes.length > 0) return losses;
  const unseen = await countUnseenGradeItems(client, courseId, seen.users, losses);
  if (unseen > 0) {
    isLost(
      'core_grades_get_gradeitems',
      `${unseen} graded ${unseen === 1 ? 'item' : 'items'} of the course can’t be seen by the service user: hidden, or a kind of activity that it may not view (for quizzes mod/quiz:view)`,
      assignments.length === 0 ? ['submissions'] : [],
    );
  }
  return losses;
}

/** Graded items that the grade book counts and does not show to the service user. */
async function countUnseenGradeItems(
  client: MoodleClient,
  courseId: number,
  users: readonly MoodleUser[] | undefined,
  losses: Loss[],
): Promise<number> {
  const student = users?.find(({ roles }) => roles.some(({ shortname }) => shortname === 'student'));
  if (!student) return 0;
  const all = await attemptReading(losses, [], () =>
    client.call('core_grades_get_gradeitems', { courseid: courseId }, gradeBookSchema),
  );
  if (!all || all.gradeItems.length === 0) return 0;
  const shown = await attemptReading(losses, [], () =>
    client.callForList(
      'gradereport_user_get_grade_items',
      { courseid: courseId, userid: student.id },
      gradeItemsSchema,
    ),
  );
  if (!shown) return 0;
  const shownIds = new Set(shown.elements.flatMap(({ gradeitems }) => gradeitems.map(({ id }) => id)));
  return all.gradeItems.filter(({ id }) => !shownIds.has(id)).length;
}
