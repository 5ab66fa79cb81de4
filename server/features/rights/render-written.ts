import { escapeHtml } from '../../http/escape-html.ts';
import type { Everything } from './collect-everything.ts';
import { pairs, say, section, table, written, type Section } from './html.ts';
import type { Sayings } from './sayings.ts';

/** What people recorded and wrote: staff, and the student. */
export function renderWritten(
  { choices, view, staffNotes, goals, reflections, supportRequests, challenges, whoLooked }: Everything,
  { moment, week: sayWeek }: Sayings,
): Section[] {
  return [
    section(
      'What staff recorded',
      table(
        ['When', 'Category', 'How', 'By', 'Agreed', 'Outcome', 'To be followed up'],
        view.actions.map((action) => [
          moment(action.at),
          action.category,
          action.channel,
          action.by,
          action.agreed ?? '',
          action.outcome ?? '',
          moment(action.followUpAt),
        ]),
      ),
    ),
    section('What staff wrote in their own words', [
      ...staffNotes.actions.flatMap(({ at, by, notes, earlierWordings }) => [
        written(notes, `${by} on ${moment(at)}`),
        ...earlierWordings.map(({ summary, replacedAt, replacedBy }) =>
          written(summary, `Until ${replacedBy} changed it on ${moment(replacedAt)}`),
        ),
      ]),
      ...staffNotes.discussions.flatMap(
        ({ startedAt, startedBy, considered, replies, decision, because, decidedBy, decidedAt }) => [
          written(considered, `${startedBy} to colleagues on ${moment(startedAt)}`),
          ...replies.map(({ by, at, text }) => written(text, `${by} on ${moment(at)}`)),
          written(
            because,
            `Why it was decided ${decision ? `(${say(decision)}) ` : ''}by ${decidedBy ?? 'a colleague'} on ${moment(decidedAt)}`,
          ),
        ],
      ),
      ...staffNotes.alerts.flatMap(({ sentAt, sentBy, school, need, answer, answeredAt }) => [
        written(need, `${sentBy} to ${school} on ${moment(sentAt)}`),
        written(answer, `What ${school} answered, noted on ${moment(answeredAt)}`),
      ]),
    ]),
    section(
      'Goals',
      table(
        ['Week', 'Goal', 'Plan', 'How it went'],
        goals.map(({ week, kind, target, text, plan, outcome }) => [
          sayWeek(week),
          text ?? [say(kind), target].filter(Boolean).join(': '),
          plan ?? '',
          outcome ? say(outcome) : '',
        ]),
      ),
    ),
    section(
      'Journal',
      reflections.map(({ createdAt, prompt, text, sharedAt }) =>
        [
          `<h3>${escapeHtml(moment(createdAt))}${sharedAt ? ' (shared with staff)' : ' (private)'}</h3>`,
          prompt ? `<p><em>${escapeHtml(prompt)}</em></p>` : '',
          `<p class="own">${escapeHtml(text)}</p>`,
        ].join(''),
      ),
    ),
    section(
      'Conversations you asked for',
      table(
        ['Asked', 'With', 'When it suits', 'About', 'How it stands', 'Answer'],
        supportRequests.map((request) => [
          moment(request.askedAt),
          request.with ?? 'whoever can',
          request.when ?? '',
          [request.topic && say(request.topic), request.about].filter(Boolean).join(': '),
          [say(request.state), request.meetingAt && `you meet on ${moment(request.meetingAt)}`]
            .filter(Boolean)
            .join('; '),
          [request.reply, request.answeredBy && `(${request.answeredBy})`].filter(Boolean).join(' '),
        ]),
      ),
    ),
    section(
      'What you said is not right',
      table(
        ['When', 'About', 'You said', 'How it stands', 'Answer'],
        challenges.map(({ raisedAt, label, topic, text, state, answer, answeredBy }) => [
          moment(raisedAt),
          label ?? say(topic),
          text,
          say(state),
          [answer, answer && answeredBy && `(${answeredBy})`].filter(Boolean).join(' '),
        ]),
      ),
    ),
    section('What you chose', [
      pairs([
        ['Comparison with the course', choices.showsMiddleRange ? 'shown' : 'not shown'],
        ['Suggestions put aside', choices.dismissedSuggestions.map(say).join(', ')],
      ]),
    ]),
    section(
      'Who looked, and when',
      table(
        ['When', 'Who', 'What'],
        whoLooked.map(({ at, by, deed }) => [moment(at), by, deed]),
      ),
    ),
  ];
}
