import type { ActionOutcome, FlagKind, FlagState, Initiator } from '../domain/vocabulary.ts';

/** What staff call the closed lists of the domain, en-GB: the same on their pages and in the files they download. */

export const kindWords: Readonly<Record<FlagKind, string>> = { support: 'Support', stretch: 'Doing well' };

export const stateWords: Readonly<Record<FlagState, string>> = {
  open: 'Open',
  discussing: 'Talking it over',
  acting: 'In contact',
  resolved: 'Settled',
  dismissed: 'Set aside',
};

export const outcomeWords: Readonly<Record<ActionOutcome, string>> = {
  'awaiting-reply': 'Waiting for a reply',
  'no-reply': 'No reply so far',
  spoke: 'We spoke',
  'agreed-steps': 'Agreed next steps',
  referred: 'Put in touch with a service',
  'no-action': 'No action',
  settled: 'Settled',
};

/** Where it says who began an action. */
export const initiatorWords: Readonly<Record<Initiator, string>> = { staff: 'Staff', student: 'The student' };

/** Why a student is on the list who asked, flag or no flag. */
export const askedWords = 'Asked for a conversation';
