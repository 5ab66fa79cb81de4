import type { Helped, ShownComparison, ShownEvaluation } from '../../contracts/oversight.ts';
import { EnrolmentModel } from '../../database/models/enrolment.ts';
import type { Deps } from '../../deps.ts';
import type { Actor } from '../../domain/access.ts';
import { evaluateActions, type Comparison, type FlaggedCase } from '../../domain/evaluation.ts';
import { fillWords } from '../../domain/fill-words.ts';
import { minimumEvaluationGroup } from '../../domain/thresholds.ts';
import { requireStaff } from '../../staff/require-staff.ts';
import { readCases } from './read-cases.ts';

/** What followed actions, for the reader's course and over all courses they teach. Small groups are not shown. */
export async function readHelped(deps: Deps, actor: Actor): Promise<Helped> {
  const staff = await requireStaff(deps, actor);
  const taught = await EnrolmentModel.distinct('courseId', { personId: staff.personId, role: 'tutor', isActive: true });
  const courseIds = [...new Set([staff.courseId, ...taught.map(String)])];
  const now = deps.now().getTime();
  const cases: FlaggedCase[][] = [];
  for (const courseId of courseIds) cases.push(await readCases(courseId, now));
  const own = evaluateActions(cases[0] ?? [], now);
  return {
    course: present(deps, own),
    ...(courseIds.length > 1 && {
      together: { courses: courseIds.length, evaluation: present(deps, evaluateActions(cases.flat(), now)) },
    }),
    caution: own.caution,
    smallestGroup: minimumEvaluationGroup,
  };
}

function present({ pack }: Deps, evaluation: ReturnType<typeof evaluateActions>): ShownEvaluation {
  const labels = new Map(
    [...pack.actionCategories, ...pack.channels].map(({ id, label }) => [id, fillWords(label, pack.words)]),
  );
  const presentOne = (comparison: Comparison): ShownComparison => ({
    group: labels.get(comparison.group) ?? comparison.group,
    // The size of a group that is too small would be a figure about it.
    ...(comparison.suppressed !== 'group-too-small' && {
      withAction: comparison.withAction,
      without: comparison.without,
    }),
    ...(comparison.difference && { difference: comparison.difference }),
    ...(comparison.suppressed && { suppressed: comparison.suppressed }),
  });
  return {
    all: presentOne(evaluation.all),
    byCategory: evaluation.byCategory.map(presentOne),
    byChannel: evaluation.byChannel.map(presentOne),
    byTiming: evaluation.byTiming.map(presentOne),
  };
}
