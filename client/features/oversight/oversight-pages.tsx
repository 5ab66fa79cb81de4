import { useQuery } from '@tanstack/react-query';
import type { Overview, OverviewRow } from '../../../server/contracts/oversight.ts';
import { get } from '../../api.ts';
import { useText } from '../../session.ts';
import { oversight as text } from '../../text/oversight.ts';
import { FiguresTable } from '../../ui/figures-table.tsx';
import { Loading } from '../../ui/loading.tsx';
import { Page } from '../../ui/page.tsx';
import { Problem } from '../../ui/problem.tsx';

const percent = new Intl.NumberFormat('en-GB', { style: 'percent', maximumFractionDigits: 0 });
const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric' });

/** For an engagement lead: how support is going, without names. */
export function OversightPages() {
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
        </>
      )}
    </Page>
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
  const share = (value: number | undefined) => (value === undefined ? text.none : percent.format(value));
  return [
    label ? `${label} ${title}` : title,
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
