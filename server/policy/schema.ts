import { z } from 'zod';
import { validateRules } from '../domain/rules.ts';
import { comparisons, indicatorIds, ruleStrengths } from '../domain/vocabulary.ts';
import { findForbiddenWords } from '../domain/words.ts';

/**
 * One institution's words, categories, contacts, routes and defaults, as data. Texts may hold `{course}` and the other
 * words below. Whoever writes a pack of their own starts from `own-pack.example.json`, puts in their own addresses, and
 * has it checked by `npm run policy -- check FILE`.
 */

const line = z.string().trim().min(1, 'say something here').max(300);
const paragraph = z.string().trim().min(1, 'say something here').max(2_000);
const id = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,39}$/, 'lower-case letters, digits and hyphens, beginning with a letter');
/** Relative addresses, scripts and plain http have no place in what students are sent to. */
const address = z.union([z.url({ protocol: /^https$/ }), z.email().transform((mail) => `mailto:${mail}`)]);
const days = z.int().min(1).max(3_660);

const source = z.strictObject({ title: line, url: address.optional() });

/**
 * Where a person can turn: a role's name and an address, never a named individual. Your institution fills this in: the
 * shipped packs give an address only where the policy they follow states it, and leave the others open.
 */
const route = z.strictObject({
  name: line,
  description: paragraph,
  /** `https://…`, or an e-mail address of a service. */
  url: address.optional(),
  /** Numbers that anybody may dial; only nationally published ones belong into a pack that is shared. */
  phone: z
    .string()
    .regex(/^[0-9 +]{3,20}$/, 'digits, spaces and + only, three to twenty of them')
    .optional(),
});

const listOf = <Item extends z.ZodType<{ id: string }>>(item: Item) =>
  z
    .array(item)
    .min(1)
    .refine((items) => new Set(items.map((each) => each.id)).size === items.length, 'the same id twice');

const rule = z.strictObject({
  indicator: z.enum(indicatorIds),
  comparison: z.enum(comparisons),
  threshold: z.number(),
  fromWeek: z.int(),
  toWeek: z.int().optional(),
  strength: z.enum(ruleStrengths),
});

const words = z.strictObject({
  /** Each with a small letter, as in the middle of a sentence. */
  course: line,
  courses: line,
  action: line,
  actions: line,
  tutor: line,
  adviser: line,
  school: line,
  lead: line,
  platform: line,
});

export const policyPackSchema = z
  .strictObject({
    id,
    name: line,
    institution: line,
    /** The documents that this pack follows. */
    sources: z.array(source).min(1),
    words,
    /** What the institution promises, in plain words of our own. */
    principles: z.array(paragraph).min(1),

    actionCategories: listOf(z.strictObject({ id, label: line, description: paragraph })),
    /** Whether staff may add a category of their own. */
    mayAddCategories: z.boolean(),
    channels: listOf(
      z.strictObject({
        id,
        label: line,
        /** Counts as an attempt to reach somebody, as a discussion with a colleague does not. */
        isAttempt: z.boolean(),
      }),
    ),

    /**
     * The institution's schools: for totals by school, and for whom to tell on a joint programme. A course belongs to the
     * school that names the beginning of its label; where none does, the school is not known and nothing is guessed.
     */
    schools: z
      .array(z.strictObject({ id, name: line, courseLabels: z.array(line).default([]), contact: route }))
      .default([])
      .refine((schools) => new Set(schools.map((each) => each.id)).size === schools.length, 'the same id twice'),

    access: z.strictObject({ mayAssistantsSeeIndividuals: z.boolean() }),
    rules: z.array(rule),

    expectations: z.strictObject({
      intro: paragraph,
      /** What taking part looks like here. */
      points: z.array(paragraph).min(1),
      whoMakesContact: paragraph,
      whatContactLooksLike: paragraph,
      /** What the student is asked to do when somebody writes. */
      yourPart: paragraph,
    }),
    reflectionPrompts: z.array(line).min(4),
    services: listOf(
      z.strictObject({
        id,
        name: line,
        description: paragraph,
        url: address.optional(),
        /** The indicators that this fits; empty: it fits always. */
        fits: z.array(z.enum(indicatorIds)),
      }),
    ),
    routes: z.strictObject({
      support: route,
      /** In the order in which they are meant to be taken: the informal one first. */
      complaints: z.array(route).min(1),
      crisis: z.strictObject({
        intro: paragraph,
        /** Told to staff beside every note. */
        forStaff: paragraph,
        contacts: z.array(route).min(1),
      }),
      fitnessToStudy: z.strictObject({
        route,
        /** Days without any reply after which the route is shown to staff. */
        shownAfterDays: days,
        /** Attempts that must have been made by then, over how many channels. */
        attempts: z.int().min(1).max(20),
        channels: z.int().min(1).max(10),
      }),
      questions: route,
    }),
    confidentiality: paragraph,
    roleLimits: paragraph,

    messages: listOf(
      z.strictObject({
        id,
        label: line,
        kind: z.enum(['support', 'stretch', 'follow-up', 'thanks']),
        /** The indicators that this fits; empty: it fits always. */
        fits: z.array(z.enum(indicatorIds)),
        subject: line,
        /** `{name}`, `{sender}`, `{courseTitle}`, `{observation}`, `{nextStep}` are filled in for one student. */
        body: paragraph,
      }),
    ),
    requiresColleagueDiscussion: z.boolean(),
    colleagueDiscussion: paragraph,
    optOut: z.strictObject({ isAllowed: z.boolean(), effect: paragraph }),

    retention: z.strictObject({
      /** Days that single events are kept to rebuild roll-ups from. */
      rawEventDays: days,
      /** Days after its last day that a course with all that belongs to it is kept. */
      courseDays: days,
      auditDays: days,
      unmatchedDays: days,
      /** Days that goals, requests and reflections outlive nothing: kept with the course unless this is shorter. */
      noteDays: days,
    }),
    guidance: z.strictObject({
      title: line,
      points: z.array(paragraph).min(3),
      acknowledgement: paragraph,
      everyDays: days,
    }),
    minutesPerContact: z.int().min(1).max(240),
    followUpAfterDays: z.int().min(1).max(90),
  })
  .superRefine((pack, context) => {
    for (const problem of findUnfit(pack)) context.addIssue({ code: 'custom', ...problem });
  });

export type PolicyPack = Readonly<z.infer<typeof policyPackSchema>>;
export type PolicyPackInput = z.input<typeof policyPackSchema>;

interface Unfit {
  readonly path: (string | number)[];
  readonly message: string;
}

const filledPerMessage = ['name', 'sender', 'courseTitle', 'observation', 'nextStep'];

/**
 * What is wrong with a pack beside its shape: rules out of range, words that must not appear, places in a text that nothing
 * fills. Takes anything, so that a pack with one error of shape is told all the others, too.
 */
export function findUnfit(pack: unknown): Unfit[] {
  const parts = z.object({ rules: z.unknown(), words: z.unknown() }).partial().catch({}).parse(pack);
  const rules = z.array(rule).safeParse(parts.rules);
  const known = Object.keys(z.record(z.string(), z.unknown()).catch({}).parse(parts.words));
  return [
    ...Object.entries(rules.success ? validateRules(rules.data) : {}).map(([field, message]) => ({
      path: field.split('.').map(asPathStep),
      message,
    })),
    ...textsOf(pack).flatMap(({ path, text }): Unfit[] => {
      const found = findForbiddenWords(text);
      const fillable = path[0] === 'words' ? [] : path[0] === 'messages' ? [...known, ...filledPerMessage] : known;
      const open = [...text.matchAll(/\{(\w*)\}/g)].flatMap(([place, name = '']) =>
        fillable.some((each) => each === name || each === name.charAt(0).toLowerCase() + name.slice(1)) ? [] : [place],
      );
      return [
        ...(found.length > 0 ? [{ path, message: `the words “${found.join('”, “')}” must not appear` }] : []),
        ...(open.length > 0 ? [{ path, message: `nothing fills ${open.join(', ')}` }] : []),
      ];
    }),
  ];
}

function asPathStep(step: string): string | number {
  return /^\d+$/.test(step) ? Number(step) : step;
}

/** Every text of a pack with the path to it. Titles of other people's documents are theirs, and left out. */
export function textsOf(value: unknown, path: (string | number)[] = []): { path: (string | number)[]; text: string }[] {
  if (typeof value === 'string') return [{ path, text: value }];
  if (Array.isArray(value)) return value.flatMap((item, index) => textsOf(item, [...path, index]));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) =>
    key === 'sources' || key === 'url' ? [] : textsOf(item, [...path, key]),
  );
}
