import mongoose, { Schema } from 'mongoose';

/**
 * A person as one platform knows them. Who may read it: the person; staff of a course through its enrolments. Retention:
 * with the person's last enrolment. Names and e-mail are absent where the platform withholds them. No characteristic
 * beyond what is named here is read or stored.
 */
export interface Person {
  _id: mongoose.Types.ObjectId;
  platformId: mongoose.Types.ObjectId;
  /** LTI `sub`: unique on its platform only, and often a small integer. */
  sub: string;
  name?: string;
  givenName?: string;
  familyName?: string;
  email?: string;
  /** SHA-1 of `mailto:` and the e-mail address in lower case: how some feeds name a person. */
  emailSha1?: string;
  sourcedId?: string;
  username?: string;
}

const personSchema = new Schema<Person>(
  {
    platformId: { type: Schema.Types.ObjectId, required: true },
    sub: { type: String, required: true },
    name: String,
    givenName: String,
    familyName: String,
    email: String,
    emailSha1: String,
    sourcedId: String,
    username: String,
  },
  { collection: 'people' },
);
personSchema.index({ platformId: 1, sub: 1 }, { unique: true });
personSchema.index({ platformId: 1, sourcedId: 1 }, { partialFilterExpression: { sourcedId: { $exists: true } } });
personSchema.index({ platformId: 1, email: 1 }, { partialFilterExpression: { email: { $exists: true } } });
personSchema.index({ platformId: 1, emailSha1: 1 }, { partialFilterExpression: { emailSha1: { $exists: true } } });
personSchema.index({ platformId: 1, username: 1 }, { partialFilterExpression: { username: { $exists: true } } });

export const PersonModel = mongoose.model('Person', personSchema);
