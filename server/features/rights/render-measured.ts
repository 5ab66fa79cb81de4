import { escapeHtml } from '../../http/escape-html.ts';
import type { Everything } from './collect-everything.ts';
import { counts, pairs, say, section, table, type Section } from './html.ts';
import type { Sayings } from './sayings.ts';

/** What was read about a student and worked out from it. */
export function renderMeasured(
  { you, enrolment, record, view, activity }: Everything,
  { moment, date, week: sayWeek, titleOf, sourceOf }: Sayings,
): Section[] {
  return [
    section('About you', [
      pairs([
        ['Name', you.name],
        ['E-mail', you.email],
        ['User name', you.username],
        ['Student number', you.studentNumber],
        ['Your id where the course is kept', you.idOnThePlatform],
        ['Course', enrolment.course],
        ['Shown in lists as', enrolment.shownAs],
        ['Groups', enrolment.groups.join(', ')],
        ['Joined', moment(enrolment.joinedAt)],
        ['Left', moment(enrolment.leftAt)],
        ['Last visit that was reported', moment(record.lastAccessAt)],
        [
          'Contact because of your figures',
          enrolment.optedOutAt ? `opted out on ${moment(enrolment.optedOutAt)}` : 'yes',
        ],
      ]),
    ]),
    section(
      'Your weeks',
      table(
        ['Week', 'From', 'To', 'Active days', 'Pages and files opened', 'What was counted'],
        view.weeks
          .filter(({ when }) => when !== 'to-come')
          .map((week) => [
            week.vacation ?? String(week.number ?? ''),
            date(week.firstDay),
            date(week.lastDay),
            String(week.activeDays),
            String(week.resources),
            counts(week.counts),
          ]),
      ),
    ),
    section(
      'Every day that was counted',
      table(
        ['Day', 'From', 'What was counted'],
        activity.flatMap(({ days }) => days.map((day) => [date(day.day), sourceOf(day.source), counts(day.counts)])),
      ),
    ),
    section(
      'Pages and files you opened',
      table(
        ['Week', 'Opened'],
        activity
          .filter(({ objects }) => objects.length > 0)
          .map(({ week, objects }) => [sayWeek(week), objects.map(titleOf).join('; ')]),
      ),
    ),
    section(
      'Your work',
      table(
        ['Work', 'Due', 'Handed in', 'How it stands'],
        view.work.map(({ title, dueAt, submittedAt, state }) => [
          title,
          moment(dueAt),
          moment(submittedAt),
          say(state),
        ]),
      ),
    ),
    section('Sessions, activities and recordings', [
      table(
        ['Session', 'Attended'],
        (record.sessions ?? []).map(({ at, wasAttended }) => [moment(at), wasAttended ? 'yes' : 'no']),
      ),
      table(
        ['Activity', 'Completed'],
        (record.completions ?? []).map(({ itemId, completedAt }) => [
          titleOf(itemId),
          moment(completedAt) || 'not yet',
        ]),
      ),
      table(
        ['Recording', 'Watched'],
        (record.watched ?? []).map(({ recordingId, at }) => [titleOf(recordingId), moment(at)]),
      ),
    ]),
    section('Time that does not count for you, and what was corrected', [
      table(
        ['From', 'To', 'Why'],
        view.pauses.map(({ from, to, label }) => [date(from), date(to), label]),
      ),
      ...view.corrections.map((correction) => `<p>${escapeHtml(correction)}</p>`),
    ]),
    section(
      'How each figure was worked out',
      view.indicators.map((indicator) =>
        [
          `<h3>${escapeHtml(indicator.label)}</h3>`,
          pairs([
            ['Result', indicator.noData?.text ?? indicator.result],
            ['How', indicator.howItIsWorkedOut],
            ['With your numbers', indicator.formula],
            ...indicator.evidence.map(({ label, value }) => [label, value] as const),
            ['When it counts', indicator.rules.map(({ text }) => text).join('; ')],
            ['For now', indicator.flagsNobody],
            ['As of', moment(indicator.asOf)],
            ['What it cannot tell', indicator.whatItCannotTell],
          ]),
        ].join(''),
      ),
    ),
    section(
      'Flags',
      view.flags.map((flag) =>
        [
          `<h3>${escapeHtml(flag.title)}</h3>`,
          pairs([
            ['Since', moment(flag.openedAt)],
            ['State', say(flag.state)],
            ['Why', flag.summary],
            ...flag.reasons.map(({ label, result }) => [label, result] as const),
            ...flag.later.map(
              ({ at, reasons }) =>
                [moment(at), reasons.map(({ label, result }) => `${label}: ${result}`).join('; ')] as const,
            ),
            ...flag.history.map(
              ({ at, by, to, reason }) =>
                [moment(at), [`${by}: ${say(to)}`, reason && say(reason)].filter(Boolean).join(', ')] as const,
            ),
          ]),
        ].join(''),
      ),
    ),
  ];
}
