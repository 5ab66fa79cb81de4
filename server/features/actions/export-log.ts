import type { ShownAction } from '../../contracts/actions.ts';
import { initiatorWords, outcomeWords } from '../../contracts/casework-words.ts';
import { ActionModel, type StoredAction } from '../../database/models/action.ts';
import { inOneReply } from '../../database/replies.ts';
import type { Deps } from '../../deps.ts';
import type { Actor } from '../../domain/access.ts';
import { fillWords } from '../../domain/fill-words.ts';
import { auditDeed } from '../../staff/audit-deed.ts';
import { csvDatesOf, type CsvDates } from '../../staff/csv-dates.ts';
import { toCsv } from '../../staff/csv.ts';
import { presentActions } from '../../staff/present-action.ts';
import { requireStaff } from '../../staff/require-staff.ts';

const mostRows = 20_000;

const header = [
  'Student',
  'Date',
  'Category',
  'Channel',
  'Who began it',
  'The flag said',
  'How it stands',
  'By',
  'Agreed steps',
  'Follow-up due',
  'Follow-up by',
  'Follow-up done',
];

/** The log without the notes that are for staff only: for the student record system. Each student gets an audit row. */
export async function exportLog(deps: Deps, actor: Actor): Promise<string> {
  const { courseId } = await requireStaff(deps, actor);
  const stored = await ActionModel.find({ courseId })
    .sort({ at: -1 })
    .limit(mostRows)
    .batchSize(inOneReply)
    .lean<StoredAction[]>();
  const actions = await presentActions(courseId, stored, deps.vault);
  await auditDeed(deps, actor, 'exported-list');
  for (const personId of new Set(actions.map((action) => action.personId))) {
    await auditDeed(deps, actor, 'exported-list', personId);
  }
  const { pack } = deps;
  const labels = new Map(
    [...pack.actionCategories, ...pack.channels].map(({ id, label }) => [id, fillWords(label, pack.words)]),
  );
  const dates = await csvDatesOf(courseId);
  return toCsv(
    header,
    actions.map((action) => toCells(action, labels, dates)),
  );
}

function toCells(action: ShownAction, labels: ReadonlyMap<string, string>, { day }: CsvDates): string[] {
  const { followUp } = action;
  return [
    action.studentName,
    day(action.at),
    labels.get(action.category) ?? action.category,
    labels.get(action.channel) ?? action.channel,
    initiatorWords[action.initiator],
    action.flagTexts.join('; '),
    outcomeWords[action.outcome],
    action.by,
    action.steps ?? '',
    day(followUp?.dueAt),
    followUp?.owner ?? '',
    day(followUp?.doneAt),
  ];
}
