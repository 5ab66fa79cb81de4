/**
 * Makes the lean course logs of the practice VLE from a published Moodle log export. Run once by hand:
 *   npx tsx scripts/make-practice-course.ts <export.csv> <course id> <first Monday of the log>
 * Writes <name>.csv.gz and <name>.json to test/practice-vle/course-log. Every event is kept. Titles that people gave
 * their submissions are dropped, because some hold names or student numbers.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { gzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import { attributeSubmissions, type ExportedEvent } from './attribute-submissions.ts';

const ACTIONS: [event: string, description: RegExp, action: string][] = [
  ['Course viewed', /./, 'course-viewed'],
  ['Course module viewed', /./, 'module-viewed'],
  ['Course activity completion updated', /./, 'completion-updated'],
  ['List Submissions', /the list of submissions/, 'submissions-listed'],
  ['List Submissions', /./, 'own-submission-viewed'],
  ['Add Submission', /enabled grading/, 'grading-enabled'],
  ['Add Submission', /resubmission sent/, 'resubmission-sent'],
  ['Add Submission', /submission sent/, 'submission-sent'],
  ['Add Submission', /added submission/, 'submission-added'],
  ['Delete Submission', /./, 'submission-deleted'],
  ['The status of the submission has been viewed.', /./, 'submission-status-viewed'],
  ['Submission form viewed.', /./, 'submission-form-viewed'],
  ['Submission confirmation form viewed.', /./, 'submission-form-viewed'],
  ['The user has accepted the statement of the submission.', /./, 'statement-accepted'],
  ['A submission has been submitted.', /./, 'submission-submitted'],
  ['A file has been uploaded.', /./, 'submission-file-uploaded'],
  ['Submission created.', /./, 'submission-created'],
  ['Submission updated.', /./, 'submission-updated'],
  ['User list viewed', /./, 'people-viewed'],
  ['User profile viewed', /./, 'profile-viewed'],
  ['Badge listing viewed', /./, 'badges-viewed'],
];

const TYPES: Record<string, string> = {
  File: 'resource',
  URL: 'url',
  Forum: 'forum',
  Label: 'label',
  Folder: 'folder',
  Assignment: 'assign',
  'Turnitin Assignment 2': 'turnitintooltwo',
  'Realtime quiz': 'realtimequiz',
};

const [path, courseId, firstMonday] = process.argv.slice(2);
if (!path || !courseId || !firstMonday) throw new Error('Give the export, the course id and the first Monday.');
const name = basename(path, '.csv');
const rows = parse<Record<string, string>>(readFileSync(path, 'utf8'), {
  columns: true,
  bom: true,
  relax_quotes: true,
});
const start = Date.parse(`${firstMonday}T00:00:00Z`);

/** Minutes of local wall-clock time since the first Monday; the export writes day/month/year. */
function minutesSinceStart(text: string): number {
  const match = /^(\d+)\/(\d+)\/(\d+), (\d+):(\d+)$/.exec(text);
  if (!match) throw new Error(`A time that is none: ${text}`);
  const [day, month, year, hour, minute] = match.slice(1).map(Number) as [number, number, number, number, number];
  return (Date.UTC(2000 + year, month - 1, day, hour, minute) - start) / 60_000;
}

function actionOf(event: string, description: string): string {
  const found = ACTIONS.find(([name, pattern]) => name === event && pattern.test(description));
  if (!found) throw new Error(`An event that nobody has mapped: ${event}`);
  return found[2];
}

const moduleIdByContext = new Map<string, string>();
const modules = new Map<string, { id: number; type: string; name: string }>();
for (const row of rows) {
  const id = /module(?: with)? id '(\d+)'/.exec(row['Description'] ?? '')?.[1];
  const [, type, label] = /^([^:]+): (.*)$/s.exec(row['Event context'] ?? '') ?? [];
  if (!id || !type || !label) continue;
  moduleIdByContext.set(row['Event context'] ?? '', id);
  const readable = label.replaceAll('\uFFFD', ' ').replaceAll('&amp;', '&').replace(/\s+/g, ' ').trim();
  modules.set(id, { id: Number(id), type: TYPES[type] ?? 'resource', name: readable });
}
let nextModuleId = Math.max(...[...modules.keys()].map(Number)) + 1;
function moduleOf(context: string, description: string): string {
  const named = /module(?: with)? id '(\d+)'/.exec(description)?.[1];
  if (named) return named;
  if (context.startsWith('Course:') || !context.includes(':')) return '';
  const known = moduleIdByContext.get(context);
  if (known) return known;
  const [, type, label] = /^([^:]+): (.*)$/s.exec(context) ?? [];
  const id = String(nextModuleId++);
  moduleIdByContext.set(context, id);
  modules.set(id, { id: Number(id), type: TYPES[type ?? ''] ?? 'resource', name: label ?? context });
  return id;
}

// The export is newest first; its order within a minute is the order in which things happened, turned round.
const events: ExportedEvent[] = rows.reverse().map((row) => {
  const description = row['Description'] ?? '';
  return {
    minute: minutesSinceStart(row['Time'] ?? ''),
    person: row['user_id'] ?? '',
    action: actionOf(row['Event name'] ?? '', description),
    module: moduleOf(row['Event context'] ?? '', description),
    title: /submission(?: sent to Turnitin)? '(.*)'/s.exec(description)?.[1] ?? '',
  };
});
const attributed = attributeSubmissions(events);

let previous = 0;
const lines = events.map((event, index) => {
  const line = [event.minute - previous, event.person, event.action, event.module, attributed[index] ?? ''].join(',');
  previous = event.minute;
  return line.replace(/,+$/, '');
});
const folder = new URL('../test/practice-vle/course-log/', import.meta.url);
writeFileSync(
  new URL(`${name}.csv.gz`, folder),
  gzipSync(`minutesLater,person,action,module,attributedTo\n${lines.join('\n')}\n`, { level: 9 }),
);
const about = { courseId: Number(courseId), firstMonday, modules: [...modules.values()].sort((a, b) => a.id - b.id) };
writeFileSync(new URL(`${name}.json`, folder), `${JSON.stringify(about, null, 2)}\n`);
console.log(
  `${events.length} events, ${modules.size} modules, ${attributed.filter(Boolean).length} submissions attributed`,
);
