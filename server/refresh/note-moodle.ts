import type { SourceTopic } from '../domain/facts.ts';
import { FreshnessModel, type Freshness } from '../database/models/freshness.ts';
import type { Loss } from '../sources/moodle/loss.ts';
import type { PeopleMatch } from '../sources/moodle/match-people.ts';
import type { CourseReading } from '../sources/moodle/read-course.ts';
import type { StudentsReading } from '../sources/moodle/read-students.ts';
import { withoutFunction } from '../sources/moodle/test-token.ts';
import { noteSuccess } from './store-freshness.ts';

export const moodleTopics: readonly SourceTopic[] = ['presence', 'submissions', 'completion'];

/** Notes how a reading of Moodle went: what each topic rests on, what was lost and why, who did not match. */
export async function noteMoodle(
  courseId: string,
  at: Date,
  result: {
    readonly reading: CourseReading;
    readonly students: StudentsReading;
    readonly match: PeopleMatch;
    readonly losses: readonly Loss[];
    readonly added: number;
  },
): Promise<void> {
  const { reading, students, match, losses, added } = result;
  const before = await FreshnessModel.findOne({ courseId, source: 'moodle' }).lean<Freshness>();
  await noteSuccess(courseId, 'moodle', at, {
    speaksOf: [...moodleTopics],
    topics: describeTopics(before, at, result),
    notes: [...new Set(losses.map(describeLoss))],
    counts: { read: students.traces, stored: added, dropped: countDropped(reading, students, match) },
  });
}

function describeTopics(
  before: Freshness | null,
  at: Date,
  { reading, students, losses }: { reading: CourseReading; students: StudentsReading; losses: readonly Loss[] },
): Freshness['topics'] {
  const topics: Freshness['topics'] = {};
  for (const loss of losses) {
    for (const topic of loss.speaksOf) {
      const okAt =
        before?.topics?.[topic]?.okAt ?? (before?.speaksOf.includes(topic) ? before.okAt?.getTime() : undefined);
      topics[topic] = { ...(okAt !== undefined && { okAt }), failedBecause: loss.message };
    }
  }
  if (students.isAccessHidden && reading.users) topics.presence = { okAt: at.getTime(), withheld: 'access-hidden' };
  return topics;
}

function countDropped(
  reading: CourseReading,
  students: StudentsReading,
  match: PeopleMatch,
): Freshness['counts']['dropped'] {
  const studentUsers = (reading.users ?? []).filter(({ roles }) =>
    roles.some(({ shortname }) => shortname === 'student'),
  );
  const counts = {
    'in-roster-not-in-moodle': match.counts.absent,
    'id-of-somebody-else': match.counts.contradicted,
    'reading-failed': students.failedCalls,
    'in-moodle-not-in-roster': studentUsers.filter(({ id }) => !match.personByMoodleId.has(id)).length,
  };
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0));
}

/** What was lost and what that means, in words for staff. */
function describeLoss({ functionName, message }: Loss): string {
  const without = withoutFunction(functionName);
  return without ? `${without} (${message})` : message;
}
