import { ActionModel } from '../../database/models/action.ts';
import { CourseModel } from '../../database/models/course.ts';
import { EnrolmentModel, type Enrolment } from '../../database/models/enrolment.ts';
import { FlagModel, type StoredFlag } from '../../database/models/flag.ts';
import { dayNumber, dayNumberAt } from '../../domain/days.ts';
import type { FairnessRow } from '../../domain/fairness.ts';
import type { TeachingCalendar } from '../../domain/facts.ts';
import { fairnessDays } from '../../domain/thresholds.ts';

const dayMs = 86_400_000;

/**
 * Every student of a course with the groups they belong to, whether a flag was raised on them lately and whether staff
 * then got in touch. Neither names nor ids leave here.
 *
 * Only flags of the last weeks count: somebody who joined late has had less time to be flagged, and would otherwise look
 * favoured. An earlier flag is one from before that span.
 */
export async function readFairnessRows(courseId: string, now: number): Promise<FairnessRow[]> {
  const since = now - fairnessDays * dayMs;
  const [course, enrolments, flags, actions] = await Promise.all([
    CourseModel.findById(courseId, { calendar: 1 }).lean(),
    EnrolmentModel.find(
      { courseId, role: 'student', isActive: true },
      { _id: 0, personId: 1, joinedAt: 1, groups: 1 },
    ).lean<Pick<Enrolment, 'personId' | 'joinedAt' | 'groups'>[]>(),
    FlagModel.find({ courseId, kind: 'support' }, { _id: 0, personId: 1, openedAt: 1 }).lean<
      Pick<StoredFlag, 'personId' | 'openedAt'>[]
    >(),
    ActionModel.find(
      { courseId, at: { $gte: new Date(since) }, initiator: 'staff', outcome: { $ne: 'no-action' } },
      { _id: 0, personId: 1, at: 1 },
    ).lean<{ personId: { toHexString(): string }; at: Date }[]>(),
  ]);
  if (!course) return [];

  const flagsOf = groupById(flags);
  const actionsOf = groupById(actions);
  return enrolments.map(({ personId, joinedAt, groups }): FairnessRow => {
    const id = personId.toHexString();
    const own = flagsOf.get(id) ?? [];
    const lately = own.filter(({ openedAt }) => openedAt >= since && openedAt <= now);
    const first = Math.min(...lately.map(({ openedAt }) => openedAt));
    return {
      groups: {
        joined: whenJoined(joinedAt, course.calendar),
        'earlier flag': own.some(({ openedAt }) => openedAt < since) ? 'an earlier flag' : 'no earlier flag',
        ...modeOfStudy(groups),
      },
      wasFlagged: lately.length > 0,
      wasContacted: (actionsOf.get(id) ?? []).some(({ at }) => at.getTime() >= first),
    };
  });
}

function groupById<Item extends { readonly personId: { toHexString(): string } }>(
  items: readonly Item[],
): Map<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const id = item.personId.toHexString();
    const own = groups.get(id);
    if (own) own.push(item);
    else groups.set(id, [item]);
  }
  return groups;
}

function whenJoined(joinedAt: Date | undefined, { firstDay, timeZone }: TeachingCalendar): string {
  if (!joinedAt) return 'not known';
  const day = dayNumberAt(joinedAt.getTime(), timeZone) - dayNumber(firstDay);
  if (day < 7) return 'by week 1';
  return day < 21 ? 'in week 2 or 3' : 'in week 4 or later';
}

/** From the platform's own groups, where one is named after it. No other name of a group is looked at. */
function modeOfStudy(groups: Enrolment['groups']): { 'mode of study'?: string } {
  if (groups.some(({ name }) => /\bpart[- ]?time\b/i.test(name))) return { 'mode of study': 'part time' };
  return groups.some(({ name }) => /\bfull[- ]?time\b/i.test(name)) ? { 'mode of study': 'full time' } : {};
}
