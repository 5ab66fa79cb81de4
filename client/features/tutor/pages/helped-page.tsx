import { useQuery } from '@tanstack/react-query';
import type { Helped, ShownComparison, ShownEvaluation } from '../../../../server/contracts/oversight.ts';
import { get } from '../../../api.ts';
import { chooseByCount } from '../../../format.ts';
import { useText } from '../../../session.ts';
import { common } from '../../../text/common.ts';
import { oversight as text } from '../../../text/oversight.ts';
import { FiguresTable } from '../../../ui/figures-table.tsx';
import { Loading } from '../../../ui/loading.tsx';
import { Notice } from '../../../ui/notice.tsx';
import { Page } from '../../../ui/page.tsx';
import { Problem } from '../../../ui/problem.tsx';

const oneDecimal = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 1, signDisplay: 'exceptZero' });

/** What followed actions, beside comparable students, with how unsure it is. */
export function HelpedPage() {
  const t = useText();
  const helped = useQuery({
    queryKey: ['casework', 'helped'],
    queryFn: ({ signal }) => get<Helped>('/api/oversight/helped', signal),
  });
  return (
    <Page title={text.helpedTitle} lead={t(text.helpedLead)}>
      {helped.isPending && <Loading label={text.loading} />}
      {helped.isError && <Problem error={helped.error} onRetry={() => void helped.refetch()} />}
      {helped.data && (
        <>
          <Notice kind="information" title={text.whyNot}>
            {helped.data.caution}
          </Notice>
          <Evaluation title={t(text.thisCourse)} evaluation={helped.data.course} smallest={helped.data.smallestGroup} />
          {helped.data.together && (
            <Evaluation
              title={t(chooseByCount(helped.data.together.courses, common.taught), {
                count: helped.data.together.courses,
              })}
              evaluation={helped.data.together.evaluation}
              smallest={helped.data.smallestGroup}
            />
          )}
        </>
      )}
    </Page>
  );
}

function Evaluation({ title, evaluation, smallest }: { title: string; evaluation: ShownEvaluation; smallest: number }) {
  const t = useText();
  const sayDifference = ({ difference, suppressed }: ShownComparison) => {
    if (suppressed === 'nobody-comparable') return text.nobody;
    if (!difference) return t(text.small, { smallest });
    const [estimate, low, high] = [difference.estimate, difference.low, difference.high].map((days) =>
      oneDecimal.format(days),
    );
    return t(text.differenceOf, { estimate: estimate ?? '', low: low ?? '', high: high ?? '' });
  };
  const groups: [string, readonly ShownComparison[]][] = [
    [text.overall, [{ ...evaluation.all, group: text.all }]],
    [text.category, evaluation.byCategory],
    [text.channel, evaluation.byChannel],
    [text.timing, evaluation.byTiming],
  ];
  const isEmpty = groups.every(([, comparisons]) => comparisons.every(({ difference }) => !difference));
  return (
    <section>
      <h2>{title}</h2>
      {isEmpty && <p>{t(text.notEnough, { smallest })}</p>}
      {groups
        .filter(([, comparisons]) => !isEmpty && comparisons.length > 0)
        .map(([name, comparisons]) => (
          <section key={name}>
            <h3>{name}</h3>
            <FiguresTable
              caption={`${title}: ${name}`}
              columns={[text.group, t(text.with), text.beside, text.difference]}
              rows={comparisons.map((comparison) => ({
                key: comparison.group,
                cells: [
                  beginLarge(comparison.group),
                  comparison.withAction ?? '–',
                  comparison.without ?? '–',
                  sayDifference(comparison),
                ],
              }))}
            />
          </section>
        ))}
    </section>
  );
}

function beginLarge(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}
