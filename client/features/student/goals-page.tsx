import type { JournalReply } from '../../../server/contracts/reflections.ts';
import { student } from '../../text/student.ts';
import { Loading } from '../../ui/loading.tsx';
import { Page } from '../../ui/page.tsx';
import { Problem } from '../../ui/problem.tsx';
import { useJournal } from './data.ts';
import { EarlierGoals } from './earlier-goals.tsx';
import { Entry } from './entry.tsx';
import { GoalForm } from './goal-form.tsx';
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
  const goal = journal.goals.find(({ week }) => week === journal.week);
  const earlier = journal.goals.filter(({ week }) => week !== journal.week);
  return (
    <>
      <div className="week-columns">
        <section className="card" aria-labelledby="goal">
          <h2 id="goal">{text.goalHeading}</h2>
          <GoalForm key={goal?.rev ?? 0} week={journal.week} goal={goal} />
        </section>
        <section className="card" aria-labelledby="journal">
          <h2 id="journal">{text.journal}</h2>
          <NewEntry prompt={journal.prompt} />
        </section>
      </div>
      <section aria-labelledby="entries">
        <h2 id="entries">{text.entries}</h2>
        {journal.entries.length === 0 && <p>{text.noEntries}</p>}
        <ul className="plain entries">
          {journal.entries.map((entry) => (
            <Entry key={`${entry.id}.${entry.rev}`} entry={entry} />
          ))}
        </ul>
      </section>
      {earlier.length > 0 && <EarlierGoals goals={earlier} />}
    </>
  );
}
