import type { DiscussionDecision, FlagReason, PauseKind } from '../../server/domain/vocabulary.ts';

/** What the closed lists of the domain are called on the tutor’s pages alone, en-GB; those that downloads share are in the contracts. */

export const reasonWords: Readonly<Record<FlagReason, string>> = {
  'engaging-again': 'Engaging again',
  'support-in-place': 'Support is in place',
  'no-action-needed': 'Nothing more is needed',
  'known-circumstances': 'Known circumstances explain it',
  'data-incomplete': 'The data do not show what the student did',
  'rules-no-longer-apply': 'The rules no longer apply',
  'left-course': 'Left the {course}',
  'still-a-concern': 'Closed too early',
};

export const decisionWords: Readonly<Record<DiscussionDecision, string>> = {
  contact: 'Get in touch',
  refer: 'Put in touch with a service',
  wait: 'Wait and look again',
  'no-action': 'No action',
};

export const pauseWords: Readonly<Record<PauseKind, string>> = {
  'authorised-absence': 'Authorised absence',
  'extenuating-circumstances': 'Extenuating circumstances',
  placement: 'Placement',
  interruption: 'Interruption of studies',
  other: 'Other',
};

export const topicWords: Readonly<Record<string, string>> = {
  'keeping-up': 'keeping up',
  coursework: 'coursework',
  understanding: 'understanding the material',
  'going-further': 'going further',
  circumstances: 'circumstances',
  other: 'something else',
};
