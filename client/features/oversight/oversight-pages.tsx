import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Route, Switch } from 'wouter';
import type { Overview, OverviewRow } from '../../../server/contracts/oversight.ts';
import { ApiError, downloadFrom, get } from '../../api.ts';
import { FairnessPage } from '../../fairness/fairness-report.tsx';
import { ReadingPage } from '../../reading/reading-page.tsx';
import { useText } from '../../session.ts';
import { fairness } from '../../text/fairness.ts';
import { oversight as text } from '../../text/oversight.ts';
import { Field } from '../../ui/field.tsx';
import { FiguresTable } from '../../ui/figures-table.tsx';
import { Loading } from '../../ui/loading.tsx';
import { Navigation } from '../../ui/navigation.tsx';
import { Page } from '../../ui/page.tsx';
import { Problem } from '../../ui/problem.tsx';
import { ReadingLink } from '../../ui/reading-link.tsx';

const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric' });

/** For an engagement lead: how support is going, and whether it falls evenly; nobody is named. */
export function OversightPages() {
  return (
    <>
      <Navigation
        items={[
          { path: '/', label: text.title },
          { path: '/fairness', label: fairness.nav },
        ]}
      >
        <ReadingLink />
      </Navigation>
      <Switch>
        <Route path="/fairness">
          <FairnessPage />
        </Route>
        <Route path="/reading">
          <ReadingPage />
        </Route>
        <Route>
          <OverviewPage />
        </Route>
      </Switch>
    </>
  );
}

function OverviewPage() {
  const t = useText();
  const overview = useQuery({
    queryKey: ['oversight'],
    queryFn: ({ signal }) => get<Overview>('/api/oversight', signal),
  });
  return (
    <Page title={text.title} lead={overview.data && t(text.lead, { smallest: overview.data.smallestGroup })}>
      {overview.isPending && <Loading label={text.loading} />}
      {overview.isError && <Problem error={overview.error} onRetry={() => void overview.refetch()} />}
      {overview.data && (
        <>
          <section>
            <h2>{text.schools}</h2>
            <Rows caption={text.schools} rows={overview.data.schools} />
          </section>
          <section>
            <h2>{t(text.courses)}</h2>
            <Rows caption={t(text.courses)} rows={overview.data.courses} />
          </section>
          <TakeAway />
        </>
      )}
    </Page>
  );
}

/** What leaves Waymark: figures for the review of the policy, and rows without names for research. */
function TakeAway() {
  const t = useText();
  const [approval, setApproval] = useState('');
  const report = useMutation({
    mutationFn: () => downloadFrom('GET', '/api/oversight/yearly-report', 'yearly-report.csv'),
  });
  const research = useMutation({
    mutationFn: () => downloadFrom('POST', '/api/oversight/research-export', 'research-export.csv', { approval }),
  });
  const fieldError = research.error instanceof ApiError ? research.error.fields['approval'] : undefined;
  return (
    <section>
      <h2>{text.takeAway}</h2>
      <p>{t(text.yearlyLead)}</p>
      <p>
        <button type="button" className="button" disabled={report.isPending} onClick={() => report.mutate()}>
          {text.yearly}
        </button>
      </p>
      {report.isError && <Problem error={report.error} />}
      <p>{t(text.researchLead)}</p>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          research.mutate();
        }}
      >
        <Field label={text.approval} error={fieldError}>
          {(wiring) => (
            <input {...wiring} maxLength={200} value={approval} onChange={(event) => setApproval(event.target.value)} />
          )}
        </Field>
        <button type="submit" className="button" disabled={research.isPending}>
          {text.research}
        </button>
      </form>
      {research.isError && fieldError === undefined && <Problem error={research.error} />}
    </section>
  );
}

function Rows({ caption, rows }: { caption: string; rows: readonly OverviewRow[] }) {
  return (
    <FiguresTable
      caption={caption}
      columns={[text.name, text.students, text.waiting, text.median, text.contacted, text.followUps, text.computed]}
      rows={rows.map((row, index) => ({ key: `${row.title}${index}`, cells: toCells(row) }))}
    />
  );
}

function toCells({ title, label, students, figures, computedAt }: OverviewRow): string[] {
  const name = title || text.schoolNotKnown;
  const share = (value: number | undefined) => (value === undefined ? text.none : `${Math.round(value * 100)}\u00A0%`);
  return [
    label && !name.startsWith(label) ? `${label} ${name}` : name,
    students === undefined ? text.tooFew : String(students),
    ...(figures
      ? [
          String(figures.waiting),
          figures.medianDaysWaiting === undefined ? text.none : String(figures.medianDaysWaiting),
          share(figures.contactedWithinWeek),
          share(figures.followUpsDone),
        ]
      : ['–', '–', '–', '–']),
    computedAt === undefined ? text.never : day.format(computedAt),
  ];
}
