import { backTest, measurePastWeeks } from '../../server/domain/back-test.ts';
import { defaultRuleset, type Rule } from '../../server/domain/rules.ts';
import { minutesPerContact } from './contact.ts';
import { readMoodleLog } from './moodle-log.ts';
import { drawOverlaps } from './overlaps.ts';
import { drawTable } from './table.ts';

/** What the default rules would have flagged in courses whose outcomes nobody knows, from their log files. */
export function reportLogs(files: readonly string[]): string {
  const courses = files.flatMap((file) => {
    const logged = readMoodleLog(file);
    if (!logged) return [];
    const weeks = measurePastWeeks(logged.courseAt(logged.end), logged.students, logged.end);
    return [{ logged, weeks, test: backTest(weeks, defaultRuleset(), minutesPerContact) }];
  });
  const spoken = defaultRuleset().rules.filter((rule) =>
    courses.some(({ test }) =>
      test.weeks.some(({ rules }) => rules.some((each) => isOf(rule, each) && each.students > 0)),
    ),
  );
  const byWeek = courses.flatMap(({ logged, weeks, test }) =>
    test.weeks.map((week, index) => [
      logged.name,
      String(week.week),
      String(logged.students.length),
      String(weeks[index]?.measured.cohort.activePeople ?? 0),
      ...spoken.map((rule) => {
        const found = week.rules.find((each) => isOf(rule, each));
        return `${found?.students ?? 0}${found?.isSetAside ? ' (set aside)' : ''}`;
      }),
      String(week.flagged.length),
      String(week.newlyFlagged.length),
      week.contactHours.toFixed(1),
    ]),
  );
  return [
    '## Real Moodle courses: what would have been flagged (no outcomes are known)',
    'Where a number is “set aside”, more than half of the class met the rule or was hardly there: the rule is then silent, and the tutor is told instead.',
    drawTable(
      [
        'course',
        'week',
        'students',
        'active in 14 days',
        ...spoken.map(({ indicator }) => indicator),
        'flagged',
        'newly',
        'contact hours',
      ],
      byWeek,
    ),
    '## Over each whole course',
    drawTable(
      ['course', 'students', 'ever flagged', 'flags raised', 'contact hours'],
      courses.map(({ logged, test }) => [
        logged.name,
        String(logged.students.length),
        String(test.peopleEverFlagged),
        String(test.weeks.reduce((sum, { newlyFlagged }) => sum + newlyFlagged.length, 0)),
        test.contactHours.toFixed(1),
      ]),
    ),
    '## How rules overlap',
    drawOverlaps(courses.map(({ test }) => test)),
  ].join('\n\n');
}

function isOf(rule: Rule, { rule: other }: { readonly rule: Rule }): boolean {
  return rule.indicator === other.indicator && rule.strength === other.strength;
}
