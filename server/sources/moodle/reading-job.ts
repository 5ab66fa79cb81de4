import type { Activity } from '../../domain/activity.ts';
import type { Submission } from '../../domain/facts.ts';
import type { MoodleClient } from './client.ts';
import { attemptReading, type Loss } from './loss.ts';
import type { CourseReading } from './read-course.ts';
import type { MoodleUser } from './replies.ts';

export interface StudentReading {
  readonly moodleId: number;
  readonly lastAccessAt?: number | undefined;
  readonly activities: Activity[];
  /** Of all assignments, and of those quizzes that were read; undefined where one of them could not be. */
  submissions?: Submission[];
  /** Only where it was read in this run. */
  completions?: { itemId: string; completedAt?: number }[];
  /** Items whose restrictions keep the student out, or may do so; undefined where nobody can say. */
  notAsked?: string[];
  /** Went from the course while it was read: what was known of them stays as it was. */
  isGone?: boolean;
}

export interface ReadStudentsOptions {
  readonly client: MoodleClient;
  readonly courseId: number;
  readonly course: CourseReading;
  /** Users to read: the matched students. */
  readonly users: readonly MoodleUser[];
  /** Time of the last complete reading in milliseconds; absent: read everything. */
  readonly since?: number | undefined;
  /** Students whose completion was never read. */
  readonly isNew: (moodleId: number) => boolean;
  /** What was stored of a student's work on an assessment. */
  readonly storedSubmission: (moodleId: number, assessmentId: string) => Submission | undefined;
  readonly timeZone: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /**
   * Takes what was read, some students at a time, as soon as nothing more is read of them; it is let go afterwards, so that
   * a large course is never in memory as a whole.
   */
  readonly store: (students: readonly StudentReading[]) => Promise<void>;
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

/** What the readings of one run share. */
export interface ReadingJob extends ReadStudentsOptions {
  readonly students: ReadonlyMap<number, StudentReading>;
  readonly losses: Loss[];
  /** Those who were there since the last reading, or for whom nobody can say. */
  readonly changedUsers: readonly MoodleUser[];
  /** Readings for single students that failed although their function worked for others. */
  failedCalls: number;
  done: number;
  total: number;
}

// A failure for one student is theirs alone; as many as this in a row mean that the function is lost.
const failuresUntilLost = 5;
const atOnce = 4;

/**
 * One call for each entry, as many at a time as the client allows. Answers whether all of them were read; a function that
 * fails several times in a row is noted as lost and not called again. Whoever has left the course meanwhile is marked as gone,
 * where `idOf` tells whom an entry is about, and nothing of the others is lost by it.
 */
export async function readEach<T>(
  job: ReadingJob,
  entries: readonly T[],
  speaksOf: Loss['speaksOf'],
  read: (entry: T) => Promise<void>,
  idOf?: (entry: T) => number,
): Promise<boolean> {
  let inARow = 0;
  let failed = 0;
  const queue = entries.values();
  const worker = async () => {
    for (const entry of queue) {
      if (inARow >= failuresUntilLost) return;
      const own: Loss[] = [];
      const isRead = await attemptReading(own, speaksOf, async () => {
        await read(entry);
        return true;
      });
      job.onProgress?.((job.done += 1), job.total);
      inARow = isRead ? 0 : inARow + 1;
      if (isRead) continue;
      const student = idOf && job.students.get(idOf(entry));
      if (student && own[0]?.trouble === 'nobody' && inARow < failuresUntilLost) {
        student.isGone = true;
        continue;
      }
      failed += 1;
      if (failed === 1 || inARow === failuresUntilLost) job.losses.push(...own);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  job.failedCalls += failed;
  return failed === 0;
}
