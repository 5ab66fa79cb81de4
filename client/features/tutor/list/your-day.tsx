import { Fragment, type ReactNode } from 'react';
import { Link } from 'wouter';
import { useText } from '../../../session.ts';
import { dayText } from '../../../text/tutor-day.ts';
import { useAnswers, useDiscussions, useFollowUps } from '../data.ts';
import { isDue, isSameDay, sayDistance, sayShortDay, sayTime } from '../say-when.ts';

/** As many names as a line of a narrow frame holds; the others are one step away. */
const mostNamed = 3;

interface Named {
  readonly id: string;
  readonly personId: string;
  readonly name: string;
  readonly note?: string | undefined;
}

/** What waits for the reader today, by name, before anything that may wait: nothing of it depends on a flag. */
export function YourDay() {
  const t = useText();
  const followUps = useFollowUps();
  const answers = useAnswers();
  const discussions = useDiscussions();
  if (!followUps.data || !answers.data || !discussions.data) return null;
  const { me, now } = followUps.data;
  const mine = followUps.data.actions.filter(({ followUp }) => followUp?.ownerId === me);
  const toNamed = ({ id, personId, studentName, followUp }: (typeof mine)[number]): Named => ({
    id,
    personId,
    name: studentName,
    note: followUp && !isSameDay(followUp.dueAt, now) ? sayDistance(followUp.dueAt, now) : undefined,
  });
  const due = mine.filter(({ followUp }) => followUp && isDue(followUp.dueAt, now));
  const next = mine.find((action) => !due.includes(action));
  const talks = answers.data.requests
    .filter(({ state, meetingAt }) => state === 'arranged' && meetingAt !== undefined && isSameDay(meetingAt, now))
    .map(({ id, personId, studentName, meetingAt = now }) => ({
      id,
      personId,
      name: studentName,
      note: sayTime(meetingAt),
    }));
  const views = discussions.data.discussions
    .filter(({ invited, replies }) =>
      invited.some(({ id, name }) => id === me && !replies.some(({ by }) => by === name)),
    )
    .map(({ id, personId, studentName }) => ({ id, personId, name: studentName }));
  const isFree = due.length + talks.length + views.length === 0;
  return (
    <section className="day" aria-label={dayText.title}>
      {isFree && (
        <p>
          {dayText.nothing}
          {next?.followUp &&
            ` ${t(dayText.next, {
              name: next.studentName,
              when: `${sayShortDay(next.followUp.dueAt)} (${sayDistance(next.followUp.dueAt, now)})`,
            })}`}
        </p>
      )}
      <dl>
        <Line label={dayText.followUps} people={due.map(toNamed)} all="/follow-ups" />
        <Line label={dayText.talks} people={talks} all="/answers" />
        <Line label={dayText.views} people={views} all="/discussions" />
      </dl>
    </section>
  );
}

function Line({ label, people, all }: { label: string; people: readonly Named[]; all: string }): ReactNode {
  const t = useText();
  if (people.length === 0) return null;
  const further = people.length - mostNamed;
  return (
    <div>
      <dt>
        <Link href={all}>{label}</Link>
      </dt>
      <dd>
        {people.slice(0, mostNamed).map(({ id, personId, name, note }, index) => (
          <Fragment key={id}>
            {index > 0 && ', '}
            <Link href={`/students/${personId}`}>{name}</Link>
            {note !== undefined && ` (${note})`}
          </Fragment>
        ))}
        {further > 0 && ` ${t(dayText.further, { count: further })}`}
      </dd>
    </div>
  );
}
