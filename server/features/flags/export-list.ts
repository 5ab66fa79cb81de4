import { askedWords, kindWords, outcomeWords, stateWords } from '../../contracts/casework-words.ts';
import type { ExportInput, FlagList } from '../../contracts/flag-list.ts';
import type { Deps } from '../../deps.ts';
import type { Actor } from '../../domain/access.ts';
import { auditDeed } from '../../staff/audit-deed.ts';
import { csvDatesOf, type CsvDates } from '../../staff/csv-dates.ts';
import { toCsv } from '../../staff/csv.ts';
import { requireStaff } from '../../staff/require-staff.ts';
import { openList, type ReadFlagList } from './list-service.ts';

const dayMs = 86_400_000;

const headerOf = (which: ExportInput['which']) => [
  'Name',
  'Groups',
  'List',
  'Why',
  'State',
  // What a closed flag waited for is over.
  ...(which === 'closed' ? ['Raised'] : ['Waiting since', 'Days waiting']),
  'Asked for a conversation',
  'Last contact',
  'Channel',
  'How it stands',
  'Follow-up due',
  'List as of',
];

/** The list as a file for a spreadsheet, all rows or those named; each student in it gets an audit row. */
export async function exportFlagList(
  deps: Deps,
  readFlagList: ReadFlagList,
  actor: Actor,
  { personIds, which }: ExportInput,
): Promise<string> {
  const { courseId } = await requireStaff(deps, actor);
  const list = openList(await readFlagList(actor, which));
  const dates = await csvDatesOf(courseId);
  const wanted = personIds && new Set(personIds);
  const rows = list.rows.filter(({ personId }) => !wanted || wanted.has(personId));
  await auditDeed(deps, actor, 'exported-list');
  for (let from = 0; from < rows.length; from += 100) {
    await Promise.all(
      rows.slice(from, from + 100).map(({ personId }) => auditDeed(deps, actor, 'exported-list', personId)),
    );
  }
  return toCsv(
    headerOf(which),
    rows.map((row) => toCells(row, { list, which, dates })),
  );
}

/** A row in the words of the page. Somebody who asked without any flag stands on the list of support, as there. */
function toCells(
  row: FlagList['rows'][number],
  { list, which, dates: { day, moment } }: { list: FlagList; which: ExportInput['which']; dates: CsvDates },
): (string | number)[] {
  const flags = row.flags.length > 0 ? row.flags : [{ kind: 'support', state: 'open', texts: [] } as const];
  return [
    row.name,
    row.groups.map((place) => list.groups[place] ?? '').join('; '),
    flags.map(({ kind }) => kindWords[kind]).join('; '),
    [...(row.askedAt === undefined ? [] : [askedWords]), ...flags.flatMap(({ texts }) => texts)].join('; '),
    flags.map(({ state }) => stateWords[state]).join('; '),
    day(row.waitingSince),
    ...(which === 'closed' ? [] : [Math.max(0, Math.floor((list.now - row.waitingSince) / dayMs))]),
    day(row.askedAt),
    day(row.last?.at),
    row.last ? (list.channels[row.last.channel] ?? row.last.channel) : '',
    row.last ? outcomeWords[row.last.outcome] : '',
    day(row.followUpAt),
    moment(list.computedAt),
  ];
}
