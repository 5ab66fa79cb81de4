/**
 * The closed lists of words that code, contracts, database and screens share (DESIGN.md, section 2). What an institution
 * may choose for itself (action categories, channels, the word for a course) is not here but in its policy pack.
 */

/** `presence` says that a student was there on a day, and nothing of what or how much they opened. */
export const activityKinds = [
  'presence',
  'view',
  'submission',
  'quiz-attempt',
  'forum-post',
  'completion',
  'attendance',
  'lecture-capture',
  'meeting',
  'co-curricular',
] as const;
export type ActivityKind = (typeof activityKinds)[number];

/** `moodle` is pulled from web services and knows dated traces and last access only; the feeds know every event. */
export const sourceIds = ['roster', 'moodle', 'xapi', 'caliper', 'file'] as const;
export type SourceId = (typeof sourceIds)[number];

/** Work that nobody asks for, done by one process of however many there are. */
export const scheduledJobs = ['refresh-due-courses', 'compute-touched-courses', 'once-a-day'] as const;
export type ScheduledJob = (typeof scheduledJobs)[number];

/** What the name of an account stands for, where a feed speaks of accounts. */
export const accountNames = ['username', 'sourcedId', 'email', 'sub'] as const;
export type AccountNames = (typeof accountNames)[number];

/** Why something that a source told of changed no figure. Each is counted and said, nothing is lost silently. */
export const dropReasons = [
  'nobody-named',
  'object-not-an-activity',
  'verb-not-of-interest',
  'event-not-of-interest',
  'event-unknown',
  'no-course',
  'course-without-waymark',
  'not-a-student',
  'person-unknown-yet',
  'voiding',
  'voided',
  'voids-nothing-held',
  'role-unknown',
  'in-roster-not-in-moodle',
  'in-moodle-not-in-roster',
  'id-of-somebody-else',
  'reading-failed',
] as const;
export type DropReason = (typeof dropReasons)[number];

/** `lead` is an engagement lead (oversight without names); `administrator` sees the system, not the people. */
export const roles = ['student', 'tutor', 'assistant', 'mentor', 'lead', 'administrator'] as const;
export type Role = (typeof roles)[number];

export const indicatorIds = [
  'recency',
  'relative-activity',
  'own-trend',
  'submissions',
  'attendance',
  'completion',
  'coverage',
  'regularity',
  'lead-time',
  'lecture-capture',
  'stretch',
] as const;
export type IndicatorId = (typeof indicatorIds)[number];

/** Why an indicator has no value. Never a judgement about the student. */
export const noDataReasons = [
  'no-source', // nothing that could measure this is connected to the course
  'source-stale', // the source was not read recently enough to speak about this window
  'source-failed', // the source answered wrongly when last read
  'feed-gap', // nothing was received for the whole course on too many of the days that count
  'too-early', // the course is not yet in the weeks in which this means anything
  'joined-recently', // the student has not been in the course for the whole window
  'exempt', // all of it lies before joining, after leaving, or in a vacation, a pause or an authorised absence
  'group-too-small', // the comparison group has fewer people than may be compared
  'nothing-due', // nothing of the kind that is measured was due, released or recorded in the window
  'no-dates', // the course has activities of this kind, and says of none by when it should be done
  'too-little', // there is some of it, and too little for a figure to mean anything
  'no-baseline', // no earlier activity to compare with
  'access-hidden', // the platform withholds the access times that this needs
] as const;
export type NoDataReason = (typeof noDataReasons)[number];

export const flagKinds = ['support', 'stretch'] as const;
export type FlagKind = (typeof flagKinds)[number];

export const flagStates = ['open', 'discussing', 'acting', 'resolved', 'dismissed'] as const;
export type FlagState = (typeof flagStates)[number];

export const ruleStrengths = ['strong', 'supporting'] as const;
export type RuleStrength = (typeof ruleStrengths)[number];

export const comparisons = ['<', '<=', '>', '>='] as const;
export type Comparison = (typeof comparisons)[number];

/** Why a flag was closed or opened again: a kind only, fit to be read by the student. Notes belong in an action. */
export const flagReasons = [
  'engaging-again', // activity has picked up
  'support-in-place', // help has been agreed or was there already
  'no-action-needed', // discussed, and nothing more is called for
  'known-circumstances', // something already known explains it
  'data-incomplete', // the figures do not show what the student did
  'left-course', // the student is no longer in the course
  'rules-no-longer-apply', // the course's rules changed, or their weeks are over
  'still-a-concern', // closed too early
] as const;
export type FlagReason = (typeof flagReasons)[number];

/** Why weeks do not count for one student: the kind only, never the circumstance itself. */
export const pauseKinds = [
  'authorised-absence',
  'extenuating-circumstances',
  'placement',
  'interruption',
  'other',
] as const;
export type PauseKind = (typeof pauseKinds)[number];

export const initiators = ['staff', 'student'] as const;
export type Initiator = (typeof initiators)[number];

export const actionOutcomes = [
  'awaiting-reply',
  'no-reply',
  'spoke',
  'agreed-steps',
  'referred',
  'no-action',
  'settled',
] as const;
export type ActionOutcome = (typeof actionOutcomes)[number];

export const goalKinds = ['own-words', 'active-days', 'resources', 'hand-in'] as const;
export type GoalKind = (typeof goalKinds)[number];

/** How a goal went in the student's own eyes. */
export const goalOutcomes = ['done', 'partly', 'another-time'] as const;
export type GoalOutcome = (typeof goalOutcomes)[number];

/** `asked` until staff take it up; `withdrawn` by the student only. */
export const requestStates = ['asked', 'seen', 'arranged', 'done', 'withdrawn'] as const;
export type RequestState = (typeof requestStates)[number];

/** What a student may say that a conversation is to be about. */
export const requestTopics = [
  'keeping-up',
  'coursework',
  'understanding',
  'going-further',
  'circumstances',
  'other',
] as const;
export type RequestTopic = (typeof requestTopics)[number];

/** `withdrawn` by the student only; the rest by staff. */
export const challengeStates = ['raised', 'looking', 'accepted', 'declined', 'withdrawn'] as const;
export type ChallengeState = (typeof challengeStates)[number];

/** What a student can say is wrong. */
export const challengeTopics = ['indicator', 'flag', 'action', 'submission', 'attendance', 'other'] as const;
export type ChallengeTopic = (typeof challengeTopics)[number];

/** What colleagues agree after talking a flag over, before anybody makes contact. */
export const discussionDecisions = ['contact', 'refer', 'wait', 'no-action'] as const;
export type DiscussionDecision = (typeof discussionDecisions)[number];
