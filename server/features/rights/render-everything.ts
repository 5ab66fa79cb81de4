import type { Everything } from './collect-everything.ts';

/** A page for reading and printing: no scripts, nothing from elsewhere, every text escaped. */
export function renderEverything(everything: Everything): string {
  const { about, you, enrolment, view, activity, goals, reflections, supportRequests, challenges, whoLooked } =
    everything;
  const { timeZone } = view.course;
  const moment = (at: number | Date | undefined) =>
    at === undefined ? '' : new Date(at).toLocaleString('en-GB', { timeZone, dateStyle: 'long', timeStyle: 'short' });
  const sections = [
    section('About you', [
      pairs([
        ['Name', you.name],
        ['E-mail', you.email],
        ['User name', you.username],
        ['Student number', you.studentNumber],
        ['Id on the platform', you.idOnThePlatform],
        ['Course', enrolment.course],
        ['Shown in lists as', enrolment.shownAs],
        ['Groups', enrolment.groups.join(', ')],
        ['Joined', moment(enrolment.joinedAt)],
        ['Contact because of analytics', enrolment.optedOutAt ? `opted out on ${moment(enrolment.optedOutAt)}` : 'yes'],
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
            week.firstDay,
            week.lastDay,
            String(week.activeDays),
            String(week.resources),
            counts(week.counts),
          ]),
      ),
    ),
    section(
      'Every day that was counted',
      table(
        ['Day', 'Source', 'What was counted'],
        activity.flatMap(({ days }) => days.map((day) => [day.day, day.source, counts(day.counts)])),
      ),
    ),
    section(
      'Your work',
      table(
        ['Work', 'Due', 'Handed in', 'State'],
        view.work.map(({ title, dueAt, submittedAt, state }) => [title, moment(dueAt), moment(submittedAt), state]),
      ),
    ),
    section(
      'How each figure was worked out',
      view.indicators.map((indicator) =>
        [
          `<h3>${escape(indicator.label)}</h3>`,
          pairs([
            ['Result', indicator.noData?.text ?? indicator.result],
            ['How', indicator.howItIsWorkedOut],
            ['With your numbers', indicator.formula],
            ...indicator.evidence.map(({ label, value }) => [label, value] as const),
            ['Looks at', indicator.rules.map(({ text }) => text).join('; ')],
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
          `<h3>${escape(flag.title)}</h3>`,
          pairs([
            ['Since', moment(flag.openedAt)],
            ['State', flag.state],
            ['Why', flag.summary],
            ...flag.reasons.map(({ label, result }) => [label, result] as const),
          ]),
        ].join(''),
      ),
    ),
    section(
      'What staff recorded',
      table(
        ['When', 'Category', 'How', 'By', 'Agreed', 'Outcome'],
        view.actions.map((action) => [
          moment(action.at),
          action.category,
          action.channel,
          action.by,
          action.agreed ?? '',
          action.outcome ?? '',
        ]),
      ),
    ),
    section(
      'Goals',
      table(
        ['Week', 'Goal', 'Plan', 'How it went'],
        goals.map(({ week, kind, target, text, plan, outcome }) => [
          week,
          text ?? [kind, target].filter(Boolean).join(': '),
          plan ?? '',
          outcome ?? '',
        ]),
      ),
    ),
    section(
      'Journal',
      reflections.map(({ createdAt, prompt, text, sharedAt }) =>
        [
          `<h3>${escape(moment(createdAt))}${sharedAt ? ' (shared with your tutor)' : ' (private)'}</h3>`,
          prompt ? `<p><em>${escape(prompt)}</em></p>` : '',
          `<p class="own">${escape(text)}</p>`,
        ].join(''),
      ),
    ),
    section(
      'Conversations you asked for',
      table(
        ['Asked', 'With', 'About', 'State', 'Answer'],
        supportRequests.map((request) => [
          moment(request.askedAt),
          request.with ?? 'whoever can',
          [request.topic, request.about].filter(Boolean).join(': '),
          request.state,
          request.reply ?? '',
        ]),
      ),
    ),
    section(
      'What you said is not right',
      table(
        ['When', 'About', 'You said', 'State', 'Answer'],
        challenges.map(({ raisedAt, label, topic, text, state, answer }) => [
          moment(raisedAt),
          label ?? topic,
          text,
          state,
          answer ?? '',
        ]),
      ),
    ),
    section(
      'Who looked, and when',
      table(
        ['When', 'Who', 'What'],
        whoLooked.map(({ at, by, deed }) => [moment(at), by, deed]),
      ),
    ),
  ];
  return `<!doctype html>
<html lang="en-GB">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>What Waymark holds about you</title><style>${style}</style></head>
<body><main><h1>What Waymark holds about you</h1>
<p>${escape(about.covers)} Made on ${escape(moment(Date.parse(about.madeAt)))}.</p>
<p>${escape(about.notIncluded)}</p>
${sections.join('\n')}
</main></body></html>
`;
}

const style =
  'body{font:1rem/1.5 system-ui,sans-serif;margin:0;color:#1c2733}main{max-width:60rem;margin:0 auto;padding:1rem}' +
  'table{border-collapse:collapse;width:100%}th,td{text-align:start;vertical-align:top;padding:.4rem;border-bottom:1px solid #c9d1d9}' +
  'dt{font-weight:600}dd{margin:0 0 .5rem}.own{white-space:pre-wrap}.wide{overflow-x:auto}';

function section(title: string, content: string | readonly string[]): string {
  const parts = (typeof content === 'string' ? [content] : content).filter((part) => part !== '');
  return `<section><h2>${escape(title)}</h2>${parts.length > 0 ? parts.join('') : '<p>Nothing is held.</p>'}</section>`;
}

function pairs(rows: readonly (readonly [string, string | undefined])[]): string {
  const known = rows.filter(([, value]) => value);
  return `<dl>${known.map(([label, value]) => `<dt>${escape(label)}</dt><dd>${escape(value ?? '')}</dd>`).join('')}</dl>`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return '';
  const cells = (row: readonly string[]) => row.map((cell) => `<td>${escape(cell)}</td>`).join('');
  return `<div class="wide"><table><thead><tr>${head.map((cell) => `<th scope="col">${escape(cell)}</th>`).join('')}</tr></thead><tbody>${rows
    .map((row) => `<tr>${cells(row)}</tr>`)
    .join('')}</tbody></table></div>`;
}

function counts(of: Readonly<Partial<Record<string, number>>>): string {
  return Object.entries(of)
    .map(([kind, count]) => `${kind} ${count}`)
    .join(', ');
}

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`);
}
