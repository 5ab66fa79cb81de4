/**
 * Words that must never appear in anything Waymark shows, stores as its own text, or proposes: they judge, rank or
 * predict (DESIGN.md, promise 5; Queen Mary Student Learning Engagement Policy, item 18). A test holds every text of
 * indicators, explanations, suggestions, packs and screens against this list.
 */
export const forbiddenWords: readonly { readonly pattern: RegExp; readonly because: string }[] = [
  { pattern: /\bat[- ]risk\b/iu, because: 'labels a person' },
  { pattern: /\brisk (score|level|band|rating)s?\b/iu, because: 'labels a person' },
  { pattern: /\bhigh[- ]risk\b/iu, because: 'labels a person' },
  { pattern: /\bfail(s|ed|ing|ure)?\b/iu, because: 'destines a person for it' },
  { pattern: /\b(red|black|watch) ?list(s|ed)?\b/iu, because: 'turns people into cases' },
  {
    pattern: /\b(rank(s|ed|ing)?|league table|top of the class|bottom of the class|percentile)\b/iu,
    because: 'ranks people',
  },
  { pattern: /\bpredict(s|ed|ion|ions|ive)?\b/iu, because: 'promises to know the future' },
  { pattern: /\blikelihood of (success|passing|dropping)\b/iu, because: 'promises to know the future' },
  { pattern: /\bdrop(ping)?[- ]?outs?\b/iu, because: 'names an end as a person' },
  {
    pattern: /\b(poor|weak|bad|lazy|worst|struggling|underperform\w*|deficien\w*|inadequate)\b/iu,
    because: 'judges a person',
  },
  { pattern: /\b(disengaged|non[- ]?engag\w+|unmotivated|careless|hopeless)\b/iu, because: 'judges a person' },
  { pattern: /\b(punish\w*|disciplin(e|ed|ary) (action|measure|procedure)s?|sanction\w*)\b/iu, because: 'threatens' },
  { pattern: /\b(offender|culprit|delinquent)s?\b/iu, because: 'judges a person' },
];

/** The forbidden words in a text, as found; empty where it is fit to show. */
export function findForbiddenWords(text: string): string[] {
  return forbiddenWords.flatMap(({ pattern }) => {
    const found = pattern.exec(text);
    return found ? [found[0]] : [];
  });
}
