import type { NoDataReason } from '../domain/vocabulary.ts';

/** Why a figure is not known, said to staff. */
export const reasonWords: Readonly<Record<NoDataReason, string>> = {
  'no-source': 'nothing that could measure it is connected',
  'source-stale': 'its source has not been read recently enough',
  'source-failed': 'its source could not be read',
  'too-early': 'it is too early in the course',
  'joined-recently': 'the student joined recently',
  exempt: 'these weeks do not count for the student',
  'group-too-small': 'the group is too small to compare with',
  'nothing-due': 'nothing of the kind was due yet',
  'no-baseline': 'there are no earlier weeks to compare with',
  'access-hidden': 'the VLE withholds access times',
};
