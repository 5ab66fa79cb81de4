import type { FlagList } from '../../contracts/flag-list.ts';
import { CourseStateModel, type CourseState } from '../../database/models/course-state.ts';
import { readListStamp } from '../../database/models/list-stamp.ts';
import type { Deps } from '../../deps.ts';
import { buildListRows, type ListRows } from './build-list.ts';
import { readListFacts } from './list-facts.ts';
import { sayNotice } from './notice-words.ts';

/** What the list of a course says to every member of staff alike. */
export type SharedList = Pick<FlagList, 'teachingWeek' | 'computedAt' | 'asOf' | 'notices'> & ListRows;

const coursesKept = 40;
/** However the stamps may have missed a write, nothing older than this is served. */
const oldestMs = 20_000;

/** Reads the running list of a course, or gives the one built last while nothing it rests on has been written since. */
export function createSharedList({ now }: Pick<Deps, 'now'>): (courseId: string) => Promise<SharedList> {
  const kept = new Map<string, { stamp: string; at: number; list: Promise<SharedList> }>();
  return async (courseId) => {
    // The stamp is read before the facts: a write in between makes the list newer than its stamp, never older.
    const [rev, state] = await Promise.all([
      readListStamp(courseId),
      CourseStateModel.findOne({ courseId }, { _id: 0, computedAt: 1, refreshedAt: 1 }).lean<CourseState>(),
    ]);
    const stamp = [rev, state?.computedAt?.getTime(), state?.refreshedAt?.getTime()].join('.');
    const at = now().getTime();
    const known = kept.get(courseId);
    if (known?.stamp === stamp && at - known.at < oldestMs) return known.list;
    const list = readSharedList(courseId);
    kept.delete(courseId);
    kept.set(courseId, { stamp, at, list });
    list.catch(() => kept.delete(courseId));
    for (const oldest of [...kept.keys()].slice(0, -coursesKept)) kept.delete(oldest);
    return list;
  };
}

async function readSharedList(courseId: string): Promise<SharedList> {
  return presentShared(await readListFacts(courseId, ['open', 'discussing', 'acting']));
}

/** The flags that were closed; asked for seldom, and read each time. */
export async function readClosedList(courseId: string): Promise<SharedList> {
  const facts = await readListFacts(courseId, ['resolved', 'dismissed']);
  return presentShared({ ...facts, requests: [] });
}

function presentShared(facts: Awaited<ReturnType<typeof readListFacts>>): SharedList {
  const asOf = facts.freshness.flatMap(({ okAt, speaksOf }) => (okAt && speaksOf.length > 0 ? [okAt.getTime()] : []));
  return {
    ...(facts.state?.week !== undefined && { teachingWeek: facts.state.week }),
    ...(facts.state?.computedAt && { computedAt: facts.state.computedAt.getTime() }),
    ...(asOf.length > 0 && { asOf: Math.min(...asOf) }),
    notices: facts.state?.notices.map(sayNotice) ?? [],
    ...buildListRows(facts),
  };
}
