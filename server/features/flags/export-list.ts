import type { FlagList } from '../../contracts/flag-list.ts';
import type { Deps } from '../../deps.ts';
import type { Actor } from '../../domain/access.ts';
import { auditDeed } from '../../staff/audit-deed.ts';
import { toCsv } from '../../staff/csv.ts';
import { openList, type ReadFlagList } from './list-service.ts';

const header = [
  'Name',
  'Groups',
  'Kind',
  'State',
  'Reasons',
  'Waiting since',
  'Asked for support',
  'Last contact',
  'Channel',
  'Outcome',
  'Follow-up due',
  'List computed',
];

/** The list as a file for a spreadsheet, all rows or those named; each student in it gets an audit row. */
export async function exportFlagList(
  deps: Deps,
  readFlagList: ReadFlagList,
  actor: Actor,
  { personIds }: { personIds?: readonly string[] | undefined },
): Promise<string> {
  const list = openList(await readFlagList(actor, 'running'));
  const wanted = personIds && new Set(personIds);
  const rows = list.rows.filter(({ personId }) => !wanted || wanted.has(personId));
  await auditDeed(deps, actor, 'exported-list');
  for (let from = 0; from < rows.length; from += 100) {
    await Promise.all(
      rows.slice(from, from + 100).map(({ personId }) => auditDeed(deps, actor, 'exported-list', personId)),
    );
  }
  return toCsv(
    header,
    rows.map((row) => toCells(row, list)),
  );
}

function toCells(row: FlagList['rows'][number], list: FlagList): string[] {
  return [
    row.name,
    row.groups.map((place) => list.groups[place] ?? '').join('; '),
    row.flags.map(({ kind }) => kind).join('; '),
    row.flags.map(({ state }) => state).join('; '),
    row.flags.flatMap(({ texts }) => texts).join('; '),
    day(row.waitingSince),
    day(row.askedAt),
    day(row.last?.at),
    row.last ? (list.channels[row.last.channel] ?? row.last.channel) : '',
    row.last?.outcome ?? '',
    day(row.followUpAt),
    day(list.computedAt),
  ];
}

function day(at: number | undefined): string {
  return at === undefined ? '' : new Date(at).toISOString().slice(0, 10);
}
