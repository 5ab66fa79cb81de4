import { ActionModel } from '../../database/models/action.ts';
import { ChallengeModel } from '../../database/models/challenge.ts';
import { CourseModel } from '../../database/models/course.ts';
import { EnrolmentModel } from '../../database/models/enrolment.ts';
import { FlagModel, type StoredFlag } from '../../database/models/flag.ts';
import type { Deps } from '../../deps.ts';
import type { Actor } from '../../domain/access.ts';
import { fillWords } from '../../domain/fill-words.ts';
import { minimumEvaluationGroup } from '../../domain/thresholds.ts';
import type { ChallengeState } from '../../domain/vocabulary.ts';
import { findSchool } from '../../policy/find-school.ts';
import { toCsv } from '../../staff/csv.ts';
import { requireLead } from './require-lead.ts';

const dayMs = 86_400_000;
const tooFew = 'too few students to show';

const challengeWords: Readonly<Record<ChallengeState, string>> = {
  raised: 'not looked at yet',
  looking: 'being looked into',
  accepted: 'accepted',
  declined: 'that left the record as it was',
  withdrawn: 'withdrawn by the student',
};

/** Numbers by what they count. People who are in two courses of a school count in each. */
type Sums = Map<string, number>;

function add(sums: Sums, measure: string, number = 1): void {
  sums.set(measure, (sums.get(measure) ?? 0) + number);
}

/**
 * What a yearly review of the policy asks: how many were flagged, how soon somebody got in touch, by which kinds and
 * channels, whether follow-ups were kept, how many opted out, what was challenged and how that ended. By school and in
 * all, over the courses with teaching in the last year, without anybody's name; for a school with too few students nothing
 * but that. Throws NotAllowed for everybody but a lead.
 */
export async function writeYearlyReport(deps: Deps, actor: Actor): Promise<string> {
  requireLead(actor);
  const until = deps.now();
  const from = new Date(until.getTime() - 365 * dayMs);
  const courses = await CourseModel.find(
    {
      platformId: actor.platformId,
      'calendar.lastDay': { $gte: from.toISOString().slice(0, 10) },
      'calendar.firstDay': { $lte: until.toISOString().slice(0, 10) },
    },
    { label: 1 },
  ).lean();
  const schools = new Map<string, Sums>();
  const all: Sums = new Map();
  for (const { _id, label } of courses) {
    const school = findSchool(deps.pack.schools, label)?.name ?? 'School not known';
    const own = schools.get(school) ?? new Map<string, number>();
    schools.set(school, own);
    for (const [measure, number] of await countCourse(deps, _id.toHexString(), from)) {
      add(own, measure, number);
      add(all, measure, number);
    }
  }
  const [firstDay, lastDay] = [from, until].map((at) => at.toISOString().slice(0, 10));
  const parts: [string, Sums][] = [
    ['All together', all],
    ...[...schools].sort(([one], [other]) => (one < other ? -1 : 1)),
  ];
  return toCsv(
    ['From', 'To', 'School', 'Measure', 'Number'],
    parts.flatMap(([school, counts]) => {
      const areEnough = (counts.get('Students') ?? 0) >= minimumEvaluationGroup;
      const shown = areEnough ? [...counts] : [['Students', tooFew] as const];
      return shown.map(([measure, number]) => [firstDay ?? '', lastDay ?? '', school, measure, number]);
    }),
  );
}

async function countCourse(deps: Deps, courseId: string, from: Date): Promise<Sums> {
  const sums: Sums = new Map();
  const [students, optedOut, flags, actions, challenges] = await Promise.all([
    EnrolmentModel.countDocuments({ courseId, role: 'student' }),
    EnrolmentModel.countDocuments({ courseId, role: 'student', optedOutAt: { $ne: null } }),
    FlagModel.find(
      { courseId, openedAt: { $gte: from.getTime() } },
      { personId: 1, openedAt: 1, kind: 1, state: 1 },
    ).lean<StoredFlag[]>(),
    ActionModel.find(
      { courseId, at: { $gte: from } },
      { personId: 1, at: 1, category: 1, channel: 1, initiator: 1, followUp: 1 },
    ).lean(),
    ChallengeModel.find({ courseId, raisedAt: { $gte: from } }, { state: 1 }).lean(),
  ]);
  add(sums, '{Courses}');
  add(sums, 'Students', students);
  add(sums, 'Students who opted out of contact', optedOut);
  const support = flags.filter(({ kind }) => kind === 'support');
  add(sums, 'Support flags', support.length);
  add(sums, 'Students with a support flag', new Set(support.map(({ personId }) => String(personId))).size);
  add(sums, 'Offers to stretch', flags.length - support.length);
  add(
    sums,
    'Support flags with an {action} within a week',
    support.filter(({ personId, openedAt }) =>
      actions.some(
        ({ personId: other, at }) =>
          other.equals(personId) && at.getTime() >= openedAt && at.getTime() - openedAt <= 7 * dayMs,
      ),
    ).length,
  );
  add(sums, 'Support flags still open', support.filter(({ state }) => state === 'open').length);
  add(sums, '{Actions}', actions.length);
  add(sums, '{Actions} that a student began', actions.filter(({ initiator }) => initiator === 'student').length);
  for (const { category } of actions)
    add(sums, `{Actions} by category: ${labelOf(deps.pack.actionCategories, category)}`);
  for (const { channel } of actions) add(sums, `{Actions} by channel: ${labelOf(deps.pack.channels, channel)}`);
  const due = actions.filter(({ followUp }) => followUp && followUp.dueAt <= deps.now());
  add(sums, 'Follow-ups due', due.length);
  add(sums, 'Follow-ups done', due.filter(({ followUp }) => followUp && !followUp.isPending).length);
  add(sums, 'Challenges', challenges.length);
  for (const { state } of challenges) add(sums, `Challenges ${challengeWords[state]}`);
  return new Map([...sums].map(([measure, number]) => [fillWords(measure, deps.pack.words), number]));
}

function labelOf(known: readonly { readonly id: string; readonly label: string }[], id: string): string {
  return known.find((each) => each.id === id)?.label ?? id;
}
