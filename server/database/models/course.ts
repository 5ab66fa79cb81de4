import mongoose, { Schema } from 'mongoose';
import type { Assessment, CourseItem, DaySpan, Recording, TeachingCalendar } from '../../domain/facts.ts';

/**
 * A course in which Waymark was launched, with what its platform says of it. Who may read it: people of the course; an
 * administrator sees title and state only. Retention: with the course's last enrolment.
 */
export interface Course {
  _id: mongoose.Types.ObjectId;
  platformId: mongoose.Types.ObjectId;
  /** LTI context id. */
  contextId: string;
  deploymentId: string;
  label?: string;
  title: string;
  sourcedId?: string;
  /** Where the roster and the tool's own grade column are read, as the last launch said. */
  membershipsUrl?: string;
  lineItemsUrl?: string;
  /** Where the platform tells what has changed in the roster since it was last read, and when that was last the whole of it. */
  rosterChanges?: { url: string; readWholeAt: Date };
  calendar: TeachingCalendar;
  /** `launch`: from the launch's dates; `moodle`: from the platform's services; `tutor`: set by hand and kept. */
  calendarFrom: 'assumed' | 'launch' | 'moodle' | 'tutor';
  assessments: Assessment[];
  items: CourseItem[];
  recordings: Recording[];
  pauses: (DaySpan & { label: string })[];
  /** Set for a course that has been put away: no longer refreshed. */
  endedAt?: Date;
  firstLaunchedAt: Date;
  lastLaunchedAt: Date;
}

const courseSchema = new Schema<Course>(
  {
    platformId: { type: Schema.Types.ObjectId, required: true },
    contextId: { type: String, required: true },
    deploymentId: { type: String, required: true },
    label: String,
    title: { type: String, required: true },
    sourcedId: String,
    membershipsUrl: String,
    lineItemsUrl: String,
    rosterChanges: { type: new Schema({ url: String, readWholeAt: Date }, { _id: false }) },
    calendar: { type: Schema.Types.Mixed, required: true },
    calendarFrom: { type: String, required: true },
    assessments: { type: Schema.Types.Mixed, default: [] },
    items: { type: Schema.Types.Mixed, default: [] },
    recordings: { type: Schema.Types.Mixed, default: [] },
    pauses: { type: Schema.Types.Mixed, default: [] },
    endedAt: Date,
    firstLaunchedAt: { type: Date, required: true },
    lastLaunchedAt: { type: Date, required: true },
  },
  { collection: 'courses', minimize: false },
);
courseSchema.index({ platformId: 1, contextId: 1 }, { unique: true });
courseSchema.index({ platformId: 1, lastLaunchedAt: -1 });
courseSchema.index({ endedAt: 1, lastLaunchedAt: 1 });

export const CourseModel = mongoose.model('Course', courseSchema);
