import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { mapItems } from '../../../../server/sources/moodle/course-structure.ts';
import { mapCompletions } from '../../../../server/sources/moodle/map-activity.ts';
import { completionSchema, contentsSchema } from '../../../../server/sources/moodle/replies.ts';

/** What a real Moodle 4.5.6 sent of kinds of activity beside assignments, quizzes and pages. */
const sent = (name: string): unknown => JSON.parse(readFileSync(`test/samples/moodle/${name}.json`, 'utf8'));

it('each kind is expected by the date that closes it', () => {
  const sections = contentsSchema.parse(sent('core_course_get_contents.restricted'));
  const items = mapItems({ sections, assignments: [], quizzes: [], events: [] });
  const expectedBy = Object.fromEntries(
    items.map(({ kind, expectedBy: by }) => [kind, by && new Date(by).toISOString()]),
  );
  expect(expectedBy).toMatchObject({
    lesson: '2026-11-27T16:49:01.000Z',
    choice: '2026-11-27T16:49:01.000Z',
    workshop: '2026-11-27T16:49:01.000Z',
    h5pactivity: undefined,
    wiki: undefined,
  });
});

it('what is done in an activity that marks itself is the student’s own; what staff mark is not', () => {
  const { statuses } = completionSchema.parse(sent('core_completion_get_activities_completion_status.kinds'));
  const tracked = new Set(statuses.map(({ cmid }) => String(cmid)));
  const kindsOf = (of: typeof statuses) => {
    const done = mapCompletions(of, tracked).activities.map(({ objectId }) => objectId);
    return of.flatMap(({ cmid, modname }) => (done.includes(String(cmid)) ? [modname] : []));
  };
  expect(kindsOf(statuses)).toEqual(
    expect.arrayContaining([
      'scorm',
      'h5pactivity',
      'lesson',
      'choice',
      'feedback',
      'glossary',
      'wiki',
      'data',
      'workshop',
    ]),
  );
  const asAssignments = statuses.map((status) => ({ ...status, modname: 'assign' }));
  expect(mapCompletions(asAssignments, tracked).activities).toHaveLength(
    mapCompletions(statuses, tracked).activities.length - 1,
  );
});
