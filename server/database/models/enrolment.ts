import mongoose, { Schema } from 'mongoose';
import { roles, type Role } from '../../domain/vocabulary.ts';
import { stampsTheList } from './list-stamp.ts';

/**
 * One person in one course with a role. Who may read it: staff of the course; the person themselves. Retention: the policy
 * pack's period after the course's end. `name` is repeated here so that a list of a course is one index range.
 */
export interface Enrolment {
  _id: mongoose.Types.ObjectId;
  courseId: mongoose.Types.ObjectId;
  personId: mongoose.Types.ObjectId;
  role: Role;
  /** A launch, and Moodle's web services, win over the roster for staff: some rosters call non-editing teachers learners. */
  roleFrom: 'launch' | 'roster' | 'moodle';
  /** As shown in lists; `Student 1234` where the platform withholds names. */
  name: string;
  sortName: string;
  /** Whether this course's roster or a launch of it gave the name; absent where neither did (see domain/names.ts). */
  nameFrom?: 'launch' | 'roster';
  groups: { id: string; name: string }[];
  isActive: boolean;
  joinedAt?: Date;
  leftAt?: Date;
  /** When a roster last brought them in or changed something about them; absent for who came by a launch alone. */
  lastSeenInRosterAt?: Date;
  /** Set while the student has opted out of analytics-based contact. */
  optedOutAt?: Date | null;
}

const enrolmentSchema = new Schema<Enrolment>(
  {
    courseId: { type: Schema.Types.ObjectId, required: true },
    personId: { type: Schema.Types.ObjectId, required: true },
    role: { type: String, enum: roles, required: true },
    roleFrom: { type: String, required: true },
    name: { type: String, required: true },
    sortName: { type: String, required: true },
    nameFrom: String,
    groups: { type: [{ _id: false, id: String, name: String }], default: [] },
    isActive: { type: Boolean, default: true },
    joinedAt: Date,
    leftAt: Date,
    lastSeenInRosterAt: Date,
    optedOutAt: { type: Date, default: null },
  },
  { collection: 'enrolments' },
);
enrolmentSchema.index({ courseId: 1, personId: 1 }, { unique: true });
enrolmentSchema.index({ courseId: 1, role: 1, isActive: 1, sortName: 1 });
enrolmentSchema.index({ personId: 1 });

stampsTheList(enrolmentSchema);

export const EnrolmentModel = mongoose.model('Enrolment', enrolmentSchema);
