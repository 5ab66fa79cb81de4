import type { ShownAction } from '../../contracts/actions.ts';
import type { StudentMaterial } from '../../student-view/student-view.ts';
import type { Deps } from '../../deps.ts';
import { presentActions } from '../../staff/present-action.ts';
import { presentAlerts } from '../../staff/present-alert.ts';
import { presentDiscussions } from '../../staff/present-discussion.ts';

/**
 * What staff wrote about the student in their own words, earlier wordings included. The pages show that and when something
 * was recorded; the words are personal data, so the download holds them, and staff are told so where they write.
 */
export async function openStaffNotes(
  courseId: string,
  { actions, discussions, alerts }: Pick<StudentMaterial, 'actions' | 'discussions' | 'alerts'>,
  { vault }: Pick<Deps, 'vault'>,
) {
  const [shownActions, shownDiscussions, shownAlerts] = await Promise.all([
    presentActions(courseId, actions, vault),
    presentDiscussions(courseId, discussions, vault),
    presentAlerts(courseId, alerts, vault),
  ]);
  return {
    actions: shownActions.map(({ id, at, by, recordedAt, summary, steps, followUp, earlier }) => ({
      action: id,
      at,
      by,
      recordedAt,
      ...(summary !== undefined && { notes: summary }),
      ...(steps !== undefined && { agreed: steps }),
      ...(followUp && { followUp: sayFollowUp(followUp) }),
      earlierWordings: earlier,
    })),
    discussions: shownDiscussions.map(
      ({ startedAt, startedBy, invited, considered, replies, decision, because, decidedBy, decidedAt }) => ({
        startedAt,
        startedBy,
        with: invited.map(({ name }) => name),
        considered,
        replies,
        decision,
        because,
        decidedBy,
        decidedAt,
      }),
    ),
    alerts: shownAlerts.map(({ sentAt, sentBy, school, contact, need, answer, answerBy, answeredAt }) => ({
      sentAt,
      sentBy,
      school,
      contact,
      need,
      answer,
      answerBy,
      answeredAt,
    })),
  };
}

function sayFollowUp({ dueAt, owner, isPending, doneAt, handedOver }: NonNullable<ShownAction['followUp']>) {
  return { dueAt, owner, isPending, doneAt, handedOver };
}
