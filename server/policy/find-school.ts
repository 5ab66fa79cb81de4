import type { PolicyPack } from './schema.ts';

type School = PolicyPack['schools'][number];

/** The school that a course belongs to by its label, as the institution's pack says it; undefined where it says nothing. */
export function findSchool(schools: readonly School[], courseLabel: string | undefined): School | undefined {
  const label = courseLabel?.trim().toLowerCase() ?? '';
  let found: { school: School; length: number } | undefined;
  for (const school of schools) {
    for (const beginning of school.courseLabels) {
      if (!label.startsWith(beginning.toLowerCase())) continue;
      // The longest beginning is the most particular: a school may have a few courses within another's letters.
      if (!found || beginning.length > found.length) found = { school, length: beginning.length };
    }
  }
  return found?.school;
}
