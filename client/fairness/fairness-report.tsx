import { useQuery } from '@tanstack/react-query';
import type { Fairness, ShownFairnessGroup, ShownFairnessReport } from '../../server/contracts/fairness.ts';
import { get } from '../api.ts';
import { chooseByCount } from '../format.ts';
import { useText } from '../session.ts';
import { common } from '../text/common.ts';
import { fairness as text } from '../text/fairness.ts';
import { FiguresTable } from '../ui/figures-table.tsx';
import { Loading } from '../ui/loading.tsx';
import { Notice } from '../ui/notice.tsx';
import { Page } from '../ui/page.tsx';
import { Problem } from '../ui/problem.tsx';

const percent = new Intl.NumberFormat('en-GB', { style: 'percent', maximumFractionDigits: 0 });

/** How evenly flags and contact fall on groups of students; for tutors and for an engagement lead. */
export function FairnessPage() {
  const t = useText();
  const report = useQuery({
    queryKey: ['fairness'],
    queryFn: ({ signal }) => get<Fairness>('/api/oversight/fairness', signal),
  });
  const { data } = report;
  return (
    <Page title={text.title} lead={data && t(text.lead, { days: data.days, smallest: data.smallestGroup })}>
      {report.isPending && <Loading label={text.loading} />}
      {report.isError && <Problem error={report.error} onRetry={() => void report.refetch()} />}
      {data && (
        <>
          <Notice kind="information" title={text.howTitle}>
            {t(text.how)}
          </Notice>
          {data.course && <Report title={t(text.thisCourse)} report={data.course} />}
          {data.together && (
            <Report
              title={t(chooseByCount(data.together.courses, data.course ? common.taught : text.platform), {
                count: data.together.courses,
              })}
              report={data.together}
            />
          )}
        </>
      )}
    </Page>
  );
}

function Report({ title, report }: { title: string; report: ShownFairnessReport }) {
  const t = useText();
  return (
    <section>
      <h2>{title}</h2>
      {report.dimensions.length === 0 && <p>{text.none}</p>}
      {report.dimensions.map(({ by, groups }) => (
        <section key={by}>
          <h3>{text.by[by] ?? by}</h3>
          {groups.length < 2 ? (
            <p>{text.oneGroup}</p>
          ) : (
            <FiguresTable
              caption={`${title}: ${text.by[by] ?? by}`}
              columns={[text.group, text.students, text.flagged, text.contacted, text.remark]}
              rows={groups.map((group) => ({ key: group.group, cells: toCells(group, t) }))}
            />
          )}
        </section>
      ))}
    </section>
  );
}

function toCells(
  { group, people, flagged, contacted, standsOut }: ShownFairnessGroup,
  t: ReturnType<typeof useText>,
): string[] {
  const sayRange = ({ estimate, low, high }: NonNullable<ShownFairnessGroup['flagged']>) =>
    t(text.range, { share: percent.format(estimate), low: percent.format(low), high: percent.format(high) });
  const name = text.groups[group] ?? group;
  if (!flagged) return [name, text.small, '–', '–', '–'];
  return [
    name,
    String(people),
    sayRange(flagged),
    contacted ? sayRange(contacted) : text.fewFlagged,
    standsOut ? text.standsOut : text.inLine,
  ];
}
