import { forbiddenWords } from './words.ts';

/** A phrase in a draft that might land badly, and a gentler way to say it. The tutor decides. */
export interface DraftRemark {
  readonly kind: 'discouraging' | 'vague' | 'demanding';
  /** Where the phrase stands: positions in the draft as JavaScript counts them, `to` not included. */
  readonly from: number;
  readonly to: number;
  readonly phrase: string;
  readonly gentler: string;
}

const phrases: readonly { readonly kind: DraftRemark['kind']; readonly pattern: RegExp; readonly gentler: string }[] = [
  {
    kind: 'discouraging',
    pattern: /\b(i am|i'm|i’m|we are|we're|we’re) (very |quite )?disappointed\b/giu,
    gentler: 'Say what you noticed, and ask: “I noticed …, and wondered how you are.”',
  },
  {
    kind: 'discouraging',
    pattern: /\b(you are|you're|you’re|you have) (falling|fallen|fell|lagging|slipping|slipped) behind\b/giu,
    gentler: 'Try “There are a few things still open; we can look at them together.”',
  },
  {
    kind: 'discouraging',
    pattern: /\bbehind (the|your) (class|others|peers|classmates)\b/giu,
    gentler: 'Leave out comparisons with others; speak of the next step.',
  },
  {
    kind: 'discouraging',
    pattern:
      /\b(compared (to|with)|unlike) (the )?(other|others|your (peers|classmates)|everyone else|other students)\b/giu,
    gentler: 'Leave out comparisons with others; speak of the next step.',
  },
  { kind: 'discouraging', pattern: /\b(it is|it's|it’s) too late\b/giu, gentler: 'Say what is still possible.' },
  {
    kind: 'discouraging',
    pattern: /\b(lack of|low|insufficient|minimal) (effort|engagement|commitment|participation|motivation)\b/giu,
    gentler: 'Name what you saw and leave the reason open: “I have not seen you in … since …”.',
  },
  {
    kind: 'discouraging',
    pattern: /\b(unacceptable|unsatisfactory|not good enough|below (the )?(standard|expectations?))\b/giu,
    gentler: 'Say what the next step would be, and offer help with it.',
  },
  {
    kind: 'discouraging',
    pattern: /\byou (never|always|still haven'?t|still haven’t|clearly|obviously)\b/giu,
    gentler: 'Name one thing with its date, without a judgement.',
  },
  {
    kind: 'discouraging',
    pattern: /\b(serious|severe) (concerns?|consequences?|problems?)\b/giu,
    gentler: 'Try “I would like to understand how things are going.”',
  },
  {
    kind: 'discouraging',
    pattern: /\b(otherwise|or else),? you (will|may|might|could|won'?t|won’t)\b/giu,
    gentler: 'Say what opens up when they reply, not what happens if they do not.',
  },
  {
    kind: 'discouraging',
    pattern:
      /\byou (will|may|might|could|can|are going to) (be|get) (removed|withdrawn|deregistered|de-registered|reported|excluded|penali[sz]ed|thrown out)\b/giu,
    gentler: 'Leave consequences to those who decide on them; say what help there is.',
  },
  {
    kind: 'discouraging',
    pattern: /\b(you have|you've|you’ve) let (me|us|yourself|your \w+) down\b/giu,
    gentler: 'Say what you noticed, and ask: “I noticed …, and wondered how you are.”',
  },
  {
    kind: 'discouraging',
    pattern:
      /\b(our|the) (system|analytics|data|records?|algorithm) (says?|shows?|suggests?|indicates?|flagged|has flagged)\b/giu,
    gentler: 'Speak as yourself: “I noticed …”.',
  },
  {
    kind: 'discouraging',
    pattern: /\b(you (were|have been|are)) flagged\b/giu,
    gentler: 'Speak as yourself: “I noticed …”.',
  },

  {
    kind: 'demanding',
    pattern: /\byou (must|have to|need to|are required to|are expected to|should have|ought to)\b/giu,
    gentler: 'Offer a choice: “Would it help to …?”, “You could …”.',
  },
  {
    kind: 'demanding',
    pattern: /\bunless you\b/giu,
    gentler: 'Say what opens up when they reply, not what happens if they do not.',
  },
  {
    kind: 'demanding',
    pattern: /\b(immediately|at once|without delay|urgently|asap)\b/giu,
    gentler: 'Give a day, and say that another one is fine.',
  },
  {
    kind: 'demanding',
    pattern: /\b(final|last) (warning|chance|reminder|notice)\b/giu,
    gentler: 'Leave it out: this is an invitation.',
  },
  {
    kind: 'demanding',
    pattern: /\b(failure to|if you do not|if you don'?t|if you don’t) (respond|reply|attend|comply|answer|submit)\b/giu,
    gentler: 'Try “If I do not hear from you, I will try again next week.”',
  },
  {
    kind: 'demanding',
    pattern: /\b(explain yourself|explain why you (did not|didn'?t|didn’t|have not|haven'?t|haven’t)|justify)\b/giu,
    gentler: 'Ask openly: “Is there anything that got in the way?”',
  },
  {
    kind: 'demanding',
    pattern: /\b(mandatory|compulsory|no excuses?)\b/giu,
    gentler: 'Say why it would be useful for them.',
  },

  {
    kind: 'vague',
    pattern: /\b(engage|participate|contribute|interact) more\b/giu,
    gentler: 'Name one step: a page, a session, a time to talk.',
  },
  { kind: 'vague', pattern: /\b(try|work|study) harder\b/giu, gentler: 'Name one step that would help most.' },
  {
    kind: 'vague',
    pattern:
      /\b(improve|increase|step up|up) your (engagement|attendance|effort|performance|activity|participation)\b/giu,
    gentler: 'Name one step: a page, a session, a time to talk.',
  },
  {
    kind: 'vague',
    pattern: /\b(catch up|get back on track)( with everything| on everything)?\b(?! (with|on|by) \w)/giu,
    gentler: 'Say with what first: name one task.',
  },
  {
    kind: 'vague',
    pattern: /\b(as soon as (possible|you can)|at some point|in due course|when you get a chance|sometime)\b/giu,
    gentler: 'Suggest a day or two to choose from.',
  },
  {
    kind: 'vague',
    pattern: /\b(various|several|a number of|some) (issues|problems|concerns|things)\b/giu,
    gentler: 'Name the one that matters most.',
  },
  {
    kind: 'vague',
    pattern: /\b(contact|see) (the )?(relevant|appropriate) (service|services|person|people|office|department)\b/giu,
    gentler: 'Name the service and how to reach it.',
  },
];

const ofTheList = forbiddenWords.map(({ pattern, because }) => ({
  kind: 'discouraging' as const,
  pattern: new RegExp(pattern.source, 'giu'),
  gentler: `Leave it out: it ${because}. Say what you saw and what could come next.`,
}));

/**
 * Points at phrases in a message draft that may discourage, say too little or sound like an order, in the order of the
 * text; where two overlap, the one that begins first and reaches furthest.
 */
export function checkDraft(draft: string): DraftRemark[] {
  const all: DraftRemark[] = [];
  for (const { kind, pattern, gentler } of [...phrases, ...ofTheList])
    for (const match of draft.matchAll(pattern))
      all.push({ kind, from: match.index, to: match.index + match[0].length, phrase: match[0], gentler });
  all.sort((a, b) => a.from - b.from || b.to - a.to);
  const remarks: DraftRemark[] = [];
  for (const remark of all) if (remark.from >= (remarks.at(-1)?.to ?? 0)) remarks.push(remark);
  return remarks;
}
