import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { drawChart } from '../../bench/backtest/chart.ts';
import { findMoodleLogs, readMoodleLog } from '../../bench/backtest/moodle-log.ts';
import { isOulad, readOulad } from '../../bench/backtest/oulad.ts';
import { chooseBest } from '../../bench/backtest/recommend.ts';
import { measurePresentation, precisionOf, recallOf, runRuleset, scoreRule } from '../../bench/backtest/score.ts';
import { backTest, measurePastWeeks } from '../../server/domain/back-test.ts';
import { defaultRuleset } from '../../server/domain/rules.ts';

const directory = mkdtempSync(join(tmpdir(), 'backtest-'));
afterAll(() => rmSync(directory, { recursive: true }));

/** Twenty people who come every other day; four who stop after week 2; one of the four completes all the same. */
function writeFixture() {
  const people = [
    ...Array.from({ length: 20 }, (_, n) => ({
      id: n,
      days: [7, 14, 21, 28],
      result: n === 0 ? 'Fail' : 'Pass',
      left: '',
    })),
    ...Array.from({ length: 4 }, (_, n) => ({
      id: 100 + n,
      days: [7, 7, 7, 7],
      result: n === 0 ? 'Pass' : 'Withdrawn',
      left: n === 0 ? '' : '91',
    })),
    { id: 200, days: [7, 7, 7, 7], result: 'Withdrawn', left: '10' },
  ];
  const write = (file: string, lines: string[]) => writeFileSync(join(directory, file), `${lines.join('\n')}\n`);
  write('courses.csv', ['code_module,code_presentation,module_presentation_length', 'AAA,2013J,268']);
  write('assessments.csv', [
    'code_module,code_presentation,id_assessment,assessment_type,date,weight',
    'AAA,2013J,1,TMA,19,10',
    'AAA,2013J,2,Exam,,100',
  ]);
  write('studentInfo.csv', [
    'code_module,code_presentation,id_student,gender,region,highest_education,imd_band,age_band,num_of_prev_attempts,studied_credits,disability,final_result',
    ...people.map(({ id, result }) => `AAA,2013J,${id},F,,A Level,,0-35,0,60,N,${result}`),
  ]);
  write('studentRegistration.csv', [
    'code_module,code_presentation,id_student,date_registration,date_unregistration',
    ...people.map(({ id, left }) => `AAA,2013J,${id},-30,${left}`),
  ]);
  write('studentAssessment.csv', [
    'id_assessment,id_student,date_submitted,is_banked,score',
    ...people.filter(({ id }) => id < 100).map(({ id }) => `1,${id},18,0,70`),
  ]);
  write('vle_panel.csv', [
    'code_module,code_presentation,id_student,final_result,clicks_pre_course,clicks_to_week_2,active_days_to_week_2,clicks_to_week_4,active_days_to_week_4,clicks_to_week_6,active_days_to_week_6,clicks_to_week_8,active_days_to_week_8,clicks_total',
    ...people.map(
      ({ id, result, days }) => `AAA,2013J,${id},${result},0,${days.map((day) => `50,${day}`).join(',')},50`,
    ),
  ]);
}

test('a back-test on data with outcomes counts whom the rules find, of those who were still there', () => {
  writeFixture();
  expect(isOulad(directory)).toBe(true);
  const [presentation] = readOulad(directory);
  const measured = measurePresentation(presentation!);

  // The person who left on day 10 is nobody that a flag at week 2 or later could reach.
  const silent = scoreRule(
    measured,
    { indicator: 'recency', comparison: '>=', threshold: 14, fromWeek: 1, strength: 'strong' },
    4,
  );
  expect(silent).toEqual({ people: 24, notCompleting: 4, flagged: 4, hits: 3 });
  expect(precisionOf(silent!)).toBe(0.75);
  expect(recallOf(silent!)).toBe(0.75);

  const run = runRuleset(measured, defaultRuleset());
  expect(run.standing.map(({ week, raised, score }) => [week, raised, score.flagged])).toEqual([
    [2, 0, 0],
    [4, 4, 4],
    [6, 0, 4],
    [8, 0, 4],
  ]);
  // Left on day 91: 63 days after the flag at the end of week 4.
  expect(run.leadWeeks).toEqual([9, 9, 9]);

  const chart = drawChart([{ name: presentation!.name, points: run.standing }], 'Flags');
  expect(chart).toMatch(/^<svg [^>]*role="img"/);
  expect(chart).toContain('AAA 2013J: week 2 precision –, recall 0 %; week 4 precision 75 %, recall 75 %');
  expect(chart).not.toMatch(/NaN|undefined/);
});

test('the candidate with the greatest recall is chosen among those precise enough, or else the most precise', () => {
  const score = (flagged: number, hits: number) => ({ people: 100, notCompleting: 40, flagged, hits });
  expect(chooseBest([score(20, 16), score(30, 21), score(60, 36)])).toBe(1);
  expect(chooseBest([score(20, 10), score(30, 18), score(60, 30)])).toBe(1);
});

test('a Moodle log shows what would have been flagged; staff and days outside the course are left out', () => {
  const lines = ['Time,Event context,Component,Event name,Description,Origin,user_id'];
  const log = (day: number, user: number, event = 'Course viewed') =>
    lines.push(`"${day}/03/18, 10:00",Course: A,System,${event},Somebody did something.,web,${user}`);
  for (let day = 1; day <= 31; day++) {
    for (let user = 1; user <= 9; user++) if (user > 1 || day <= 10) log(day, user);
    log(day, 99, 'User graded');
    log(day, 99);
  }
  lines.push('"1/12/20, 10:00",Course: A,System,Course viewed,Somebody looked again.,web,2');
  writeFileSync(join(directory, 'course.csv'), lines.join('\n'));
  const [file] = findMoodleLogs(directory);
  const logged = readMoodleLog(file!)!;
  expect(logged.students.map(({ personId }) => personId).sort()).toEqual(['1', '2', '3', '4', '5', '6', '7', '8', '9']);
  const weeks = measurePastWeeks(logged.courseAt(logged.end), logged.students, logged.end);
  const result = backTest(weeks, defaultRuleset(), 30);
  expect(result.weeks.map(({ week, newlyFlagged }) => [week, newlyFlagged])).toEqual([
    [1, []],
    [2, []],
    [3, []],
    [4, ['1']],
    [5, []],
  ]);
  expect(result.contactHours).toBe(0.5);
});
