import { useRef, useState } from 'react';
import { useParams } from 'wouter';
import type { JournalReply } from '../../../server/contracts/reflections.ts';
import { student } from '../../text/student.ts';
import { Loading } from '../../ui/loading.tsx';
import { Page } from '../../ui/page.tsx';
import { Problem } from '../../ui/problem.tsx';
import { useDashboard, useJournal } from './data.ts';
import { EarlierGoals } from './earlier-goals.tsx';
import { Entry } from './entry.tsx';
import { GoalOfWeek } from './goal-of-week.tsx';
import { NewEntry } from './new-entry.tsx';

const text = student.goals;

export function GoalsPage() {
  const { data, error, refetch } = useJournal();
  return (
    <Page title={text.title} lead={<p>{text.lead}</p>}>
      {data ? (
        <Journal journal={data} />
      ) : error ? (
        <Problem error={error} onRetry={() => void refetch()} />
      ) : (
        <Loading label={student.loading} />
      )}
    </Page>
  );
}

function Journal({ journal }: { journal: JournalReply }) {
  const { part, idea } = useParams<{ part?: string; idea?: string }>();
  const { data } = useDashboard();
  const goal = journal.goals.find(({ week }) => week === journal.week);
  const earlier = journal.goals.filter(({ week }) => week !== journal.week);
  const [removed, setRemoved] = useState('');
  const goalHeading = useRef<HTMLHeadingElement>(null);
  const entriesHeading = useRef<HTMLHeadingElement>(null);
  // What was deleted took the focus with it: the heading above takes it up, and a voice says that it is done.
  const afterGoal = () => {
    goalHeading.current?.focus();
    setRemoved(text.removed);
  };
  const afterEntry = () => {
    entriesHeading.current?.focus();
    setRemoved(text.removed);
  };
  return (
    <>
      <div className="week-columns">
        <section className="card" aria-labelledby="goal">
          <h2 id="goal" ref={goalHeading} tabIndex={-1}>
            {text.goalHeading}
          </h2>
          <GoalOfWeek
            week={journal.week}
            goal={goal}
            idea={data?.suggestions.find(({ id }) => part === 'idea' && id === idea)?.text}
            onRemoved={afterGoal}
          />
        </section>
        <section className="card" aria-labelledby="journal">
          <h2 id="journal">{text.journal}</h2>
          <NewEntry prompt={journal.prompt} startsFocused={part === 'write'} />
        </section>
      </div>
      <section aria-labelledby="entries">
        <h2 id="entries" ref={entriesHeading} tabIndex={-1}>
          {text.entries}
        </h2>
        <p role="status" className="only-spoken">
          {removed}
        </p>
        {journal.entries.length === 0 && <p>{text.noEntries}</p>}
        <ul className="plain entries">
          {journal.entries.map((entry) => (
            <Entry key={entry.id} entry={entry} onRemoved={afterEntry} />
          ))}
        </ul>
      </section>
      {earlier.length > 0 && <EarlierGoals goals={earlier} onRemoved={afterEntry} />}
    </>
  );
}
