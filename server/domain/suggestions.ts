import { courseAt } from './course-at.ts';
import { dayNumberAt, sayDay } from './days.ts';
import type { CourseFacts, StudentFacts } from './facts.ts';
import { fillWords } from './fill-words.ts';
import type { Measurement } from './measurement.ts';
import { studentAt } from './student-at.ts';
import { suggestFrom } from './thresholds.ts';
import type { IndicatorId } from './vocabulary.ts';

/** Something a student might try, offered and dismissible. */
export interface Suggestion {
  /** The same suggestion has the same id, so that it stays dismissed. */
  readonly id: string;
  readonly kind: 'resource' | 'service' | 'habit';
  readonly text: string;
  /** Why it is offered now. */
  readonly because: string;
  readonly url?: string | undefined;
}

interface Service {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly url?: string | undefined;
  readonly fits: readonly IndicatorId[];
}

const dayMs = 86_400_000;

/**
 * One or two suggestions that fit, of different kinds, the most useful first. The same input gives the same ones.
 *
 * @param input.services the policy pack's.
 * @param input.dismissed ids that the student has put aside.
 */
export function suggestFor(input: {
  readonly course: CourseFacts;
  readonly student: StudentFacts;
  readonly measurements: readonly Measurement[];
  readonly services: readonly Service[];
  readonly words: Readonly<Record<string, string>>;
  readonly dismissed: ReadonlySet<string>;
  readonly now: number;
}): Suggestion[] {
  const chosen: Suggestion[] = [];
  for (const candidate of candidates(input)) {
    if (input.dismissed.has(candidate.id) || chosen.some(({ kind }) => kind === candidate.kind)) continue;
    chosen.push({
      ...candidate,
      text: fillWords(candidate.text, input.words),
      because: fillWords(candidate.because, input.words),
    });
    if (chosen.length === 2) break;
  }
  return chosen;
}

function* candidates(input: Parameters<typeof suggestFor>[0]): Generator<Suggestion> {
  const { course, now } = input;
  const at = courseAt(course, now);
  const student = studentAt(input.student, at);
  const value = (id: IndicatorId) => {
    const measurement = input.measurements.find((each) => each.id === id);
    return measurement?.state === 'measured' ? measurement.value : undefined;
  };
  const day = (time: number) => sayDay(dayNumberAt(time, course.calendar.timeZone));

  const next = course.assessments
    .map((assessment) => ({ assessment, submission: student.submissions?.get(assessment.id) }))
    .filter(({ submission }) => submission?.submittedAt === undefined && submission?.isExcused !== true)
    .map(({ assessment, submission }) => ({
      assessment,
      dueAt: submission?.extendedTo ?? assessment.dueAt ?? Infinity,
    }))
    .filter(({ dueAt }) => dueAt > now && dueAt - now <= suggestFrom.dueWithinDays * dayMs)
    .sort((a, b) => a.dueAt - b.dueAt)[0];
  if (next)
    yield {
      id: `due-${next.assessment.id}`,
      kind: 'resource',
      text: `Open “${next.assessment.title}” for a quarter of an hour, read what it asks for and note one question.`,
      because: `It is due on ${day(next.dueAt)}.`,
      ...(next.assessment.url === undefined ? {} : { url: next.assessment.url }),
    };

  const missing = value('submissions') ?? 0;
  // That a word with the tutor helps stands beside the work itself.
  if (missing > 0)
    yield* serviceFor('submissions', input.services, 'They help with planning and with asking for more time.');

  // Quieter than what? Only a student with weeks of their own behind them has a usual.
  const quiet =
    value('own-trend') === undefined
      ? 'Not much has been seen of you here lately.'
      : 'It is quieter than usual for you.';
  const isQuiet = (value('recency') ?? 0) >= suggestFrom.quietDays || (value('own-trend') ?? 1) < suggestFrom.trend;
  const opened = new Set(input.student.rollUps.flatMap(({ objects }) => objects));
  const unopened = course.items
    .filter(({ id, url, releasedAt }) => !opened.has(id) && !(url && opened.has(url)) && (releasedAt ?? 0) <= now)
    .sort((a, b) => (b.releasedAt ?? 0) - (a.releasedAt ?? 0) || (a.id < b.id ? -1 : 1))[0];
  if (isQuiet) {
    if (unopened && value('coverage') !== undefined)
      yield {
        id: `open-${unopened.id}`,
        kind: 'resource',
        text: `Start small: have a look at “${unopened.title}”.`,
        because: `${quiet} One short visit is an easy way in.`,
        ...(unopened.url === undefined ? {} : { url: unopened.url }),
      };
    yield {
      id: 'one-short-session',
      kind: 'habit',
      text: 'Choose one half hour in the next few days, put it in your calendar, and decide now what you will open first.',
      because: `${quiet} That may be just right; if not, a small plan helps.`,
    };
    yield* serviceFor('recency', input.services, 'If something is getting in the way, they are good to talk to.');
  }
  if ((value('lead-time') ?? Infinity) < suggestFrom.leadHours)
    yield {
      id: 'a-day-earlier',
      kind: 'habit',
      text: 'For your next piece of work, set your own due time one day before the real one.',
      because: 'You tend to hand in close to the due time; a day to spare takes the pressure off.',
    };
  if ((value('regularity') ?? 1) < suggestFrom.regularity)
    yield {
      id: 'same-slot',
      kind: 'habit',
      text: 'Keep the same short slot each week for this {course}, and protect it like a class.',
      because: 'Your weeks vary a lot; a little in most weeks tends to stick better.',
    };
  if ((value('stretch') ?? 0) >= 0.9)
    yield* serviceFor('stretch', input.services, 'You are well ahead; this is for when you want more.');
  if (unopened && value('coverage') !== undefined)
    yield {
      id: `open-${unopened.id}`,
      kind: 'resource',
      text: `Have a look at “${unopened.title}”.`,
      because: 'You have not opened it yet.',
      ...(unopened.url === undefined ? {} : { url: unopened.url }),
    };
  yield {
    id: 'one-question',
    kind: 'habit',
    text: 'After your next session, write down one thing that became clear and one question.',
    because: 'Putting it into your own words is one of the best ways to remember.',
  };
}

function* serviceFor(indicator: IndicatorId, services: readonly Service[], because: string): Generator<Suggestion> {
  const service =
    services.find(({ fits }) => fits.includes(indicator)) ?? services.find(({ fits }) => fits.length === 0);
  if (service)
    yield {
      id: `service-${service.id}`,
      kind: 'service',
      text: `${service.name}: ${service.description}`,
      because,
      ...(service.url === undefined ? {} : { url: service.url }),
    };
}
