import type { NoDataReason } from '../domain/vocabulary.ts';

/** Why a figure is not known, said to staff; `{course}` and `{platform}` are the institution's words. */
export const reasonWords: Readonly<Record<NoDataReason, string>> = {
  'no-source': 'nothing that could measure it is connected',
  'source-stale': 'its source has not been read recently enough',
  'feed-gap': 'nothing was received on too many of these days',
  'source-failed': 'its source could not be read',
  'too-early': 'it is too early in the {course}',
  'joined-recently': 'the student has not been in the {course} for long enough',
  exempt: 'none of it counts for the student',
  'group-too-small': 'too few others were active to compare with',
  'nothing-due': 'nothing of the kind was due, recorded or released in that time',
  'no-dates': 'the {course} gives no dates by which to do it',
  'too-little': 'there is too little to go by so far',
  'no-baseline': 'there are no earlier weeks to compare with',
  'access-hidden': '{platform} withholds access times',
};
