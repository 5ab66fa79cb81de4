import mongoose from 'mongoose';
import { CourseModel } from '../../server/database/models/course.ts';
import { EnrolmentModel } from '../../server/database/models/enrolment.ts';
import { PersonModel } from '../../server/database/models/person.ts';
import { PlatformModel, type MoodleConnection } from '../../server/database/models/platform.ts';
import type { Role } from '../../server/domain/vocabulary.ts';
import { hashEmail } from '../../server/sources/source-event.ts';

export interface SeededCourse {
  readonly platformId: string;
  readonly courseId: string;
  /** Person ids by LTI `sub`. */
  readonly people: ReadonlyMap<string, string>;
}

/** A platform with one course that was launched, and the people named by their LTI `sub`; or one more course of a platform. */
export async function seedCourse({
  issuer = 'http://127.0.0.1:8080',
  contextId = '2',
  label = 'EDU101',
  platformId,
  students = [],
  staff = [],
  moodle,
}: {
  issuer?: string;
  contextId?: string;
  label?: string;
  platformId?: string;
  students?: readonly string[];
  staff?: readonly string[];
  moodle?: MoodleConnection;
} = {}): Promise<SeededCourse> {
  const now = new Date('2026-09-20T08:00:00Z');
  const known = platformId && (await PlatformModel.findById(platformId));
  const platform =
    known ||
    (await PlatformModel.create({
      name: 'Practice',
      issuer,
      clientId: new mongoose.Types.ObjectId().toHexString(),
      authenticationEndpoint: `${issuer}/auth`,
      tokenEndpoint: `${issuer}/token`,
      jwksUri: `${issuer}/jwks`,
      ...(moodle && { moodle }),
    }));
  const course = await CourseModel.create({
    platformId: platform._id,
    contextId,
    deploymentId: '1',
    label,
    title: 'EDU101 Learning and Teaching',
    calendar: { timeZone: 'Europe/London', firstDay: '2026-09-21', lastDay: '2026-12-13', vacations: [] },
    calendarFrom: 'launch',
    firstLaunchedAt: now,
    lastLaunchedAt: now,
  });
  const people = new Map<string, string>();
  const add = async (sub: string, role: Role) => {
    const email = `person${sub}@example.invalid`;
    const person =
      (await PersonModel.findOne({ platformId: platform._id, sub })) ??
      (await PersonModel.create({ platformId: platform._id, sub, email, emailSha1: hashEmail(email) }));
    await EnrolmentModel.create({
      courseId: course._id,
      personId: person._id,
      role,
      roleFrom: role === 'student' ? 'roster' : 'launch',
      name: `Person ${sub}`,
      sortName: `person ${sub}`,
    });
    people.set(sub, person._id.toHexString());
  };
  for (const sub of students) await add(sub, 'student');
  for (const sub of staff) await add(sub, 'tutor');
  return { platformId: platform._id.toHexString(), courseId: course._id.toHexString(), people };
}
