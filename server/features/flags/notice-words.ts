import type { Notice } from '../../domain/compute-course.ts';
import { indicatorOf } from '../../domain/indicators/all.ts';
import type { SourceId } from '../../domain/vocabulary.ts';
import { reasonWords } from '../../staff/words.ts';

const sourceWords: Readonly<Record<SourceId, string>> = {
  roster: 'the class list',
  moodle: 'the VLE’s own services',
  xapi: 'the VLE’s event feed',
  caliper: 'the Caliper event feed',
  file: 'uploaded files',
};

const topicWords = {
  presence: 'activity in the course',
  submissions: 'hand-ins',
  completion: 'completed activities',
  attendance: 'attendance',
  'lecture-capture': 'recordings watched',
} as const;

/** Says to a tutor what they should know about the data behind the list. */
export function sayNotice(notice: Notice): string {
  switch (notice.about) {
    case 'whole-class':
      return `${notice.students} of ${notice.measured} students meet the rule on “${indicatorOf(notice.rule.indicator).label}”. That says something about the module rather than about anyone in it, so the rule flags nobody for now.`;
    case 'topic':
      return `Not known at present: ${topicWords[notice.topic]} (${reasonWords[notice.reason]}). No flag rests on it.`;
    case 'source':
      return `Reading from ${sourceWords[notice.source]} has not worked since the last good reading. No flag is raised by the gap.`;
    case 'gap':
      return `Nothing was received from ${sourceWords[notice.source]} from ${notice.from} to ${notice.to}. These days count for nobody.`;
  }
}
