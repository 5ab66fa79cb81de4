import type { RuleInput, RulesPreview } from '../../contracts/rules.ts';
import { loadCourseFacts, loadStudentFacts } from '../../database/facts.ts';
import { loadRuleset } from '../../database/models/ruleset.ts';
import type { Deps } from '../../deps.ts';
import type { Actor } from '../../domain/access.ts';
import { backTest, compareBackTests, measurePastWeeks, type BackTest, type PastWeek } from '../../domain/back-test.ts';
import { sayRule } from '../../domain/explanations.ts';
import { fillWords } from '../../domain/fill-words.ts';
import { indicatorOf } from '../../domain/indicators/all.ts';
import { auditDeed } from '../../staff/audit-deed.ts';
import { findNames } from '../../staff/colleagues.ts';
import { checkRules, packRuleset, requireRuleSetter } from './service.ts';

interface Measured {
  readonly courseId: string;
  readonly at: number;
  readonly weeks: PastWeek[];
  readonly students: number;
}

/** How long a measured past is used again, while one tutor tries out thresholds: measuring is what costs time. */
const keptMs = 5 * 60_000;
const coursesKept = 3;

/** Makes the preview of proposed rules; its memory of measured weeks is small and short. */
export function createPreview(deps: Deps) {
  const measured = new Map<string, Measured>();

  async function measure(courseId: string): Promise<Measured> {
    const now = deps.now().getTime();
    const known = measured.get(courseId);
    if (known && now - known.at < keptMs) return known;
    const [course, students] = await Promise.all([loadCourseFacts(courseId), loadStudentFacts(courseId)]);
    const fresh = { courseId, at: now, weeks: measurePastWeeks(course, students, now), students: students.length };
    measured.delete(courseId);
    measured.set(courseId, fresh);
    for (const oldest of [...measured.keys()].slice(0, -coursesKept)) measured.delete(oldest);
    return fresh;
  }

  /** What proposed rules would have flagged in each past week, beside the present ones. Throws InvalidInput by field. */
  return async function previewRules(actor: Actor, rules: readonly RuleInput[]): Promise<RulesPreview> {
    const staff = await requireRuleSetter(deps, actor);
    checkRules(rules);
    await auditDeed(deps, staff, 'viewed-list');
    const { weeks, students } = await measure(staff.courseId);
    const present = backTest(weeks, await loadRuleset(staff.courseId, packRuleset(deps)), deps.pack.minutesPerContact);
    const proposed = backTest(weeks, { version: 0, rules: [...rules] }, deps.pack.minutesPerContact);
    const compared = compareBackTests(present, proposed);
    const latest = compared.at(-1);
    const nameOf = await findNames(staff.courseId, [...(latest?.appears ?? []), ...(latest?.disappears ?? [])]);
    const named = (ids: readonly string[] | undefined) => (ids ?? []).map((id) => ({ id, name: nameOf(id) }));
    return {
      weeks: compared.map((week, index) => ({
        week: week.week,
        present: week.present,
        proposed: week.proposed,
        newlyPresent: present.weeks[index]?.newlyFlagged.length ?? 0,
        newlyProposed: proposed.weeks[index]?.newlyFlagged.length ?? 0,
        hoursPresent: present.weeks[index]?.contactHours ?? 0,
        hoursProposed: proposed.weeks[index]?.contactHours ?? 0,
      })),
      appears: named(latest?.appears),
      disappears: named(latest?.disappears),
      setAside: setAsideIn(proposed, (text) => fillWords(text, deps.pack.words)),
      students,
    };
  };
}

function setAsideIn(test: BackTest, say: (text: string) => string): RulesPreview['setAside'] {
  const weeks = new Map<string, number[]>();
  for (const { week, rules } of test.weeks) {
    for (const { rule, isSetAside } of rules) {
      if (!isSetAside) continue;
      const text = `${say(indicatorOf(rule.indicator).label)}: ${sayRule(rule)}`;
      weeks.set(text, [...(weeks.get(text) ?? []), week]);
    }
  }
  return [...weeks].map(([rule, found]) => ({ rule, weeks: found }));
}
