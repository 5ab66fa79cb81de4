import type { RulesPreview } from '../../../../server/contracts/rules.ts';
import { useText } from '../../../session.ts';
import { rulesText } from '../../../text/tutor-rules.ts';
import { Notice } from '../../../ui/notice.tsx';

const oneDecimal = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 1 });

/** What the rules one is trying would have flagged, week by week, beside the present ones. */
export function RulesPreviewTable({ preview }: { preview: RulesPreview }) {
  const t = useText();
  if (preview.weeks.length === 0) return <Notice kind="information">{rulesText.noPast}</Notice>;
  return (
    <section>
      <h2>{t(rulesText.previewTitle)}</h2>
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a region that scrolls must be reachable by key */}
      <div className="scroll-x" role="region" aria-label={t(rulesText.previewTitle)} tabIndex={0}>
        <table className="numbers">
          <thead>
            <tr>
              <th scope="col">{rulesText.previewWeek}</th>
              <th scope="col">{rulesText.previewNow}</th>
              <th scope="col">{rulesText.previewNew}</th>
              <th scope="col">{rulesText.previewHours}</th>
            </tr>
          </thead>
          <tbody>
            {preview.weeks.map((week) => (
              <tr key={week.week}>
                <th scope="row">{week.week}</th>
                <td>
                  {week.present} <span className="soft">{`${week.newlyPresent} ${rulesText.previewRaised}`}</span>
                </td>
                <td>
                  {week.proposed} <span className="soft">{`${week.newlyProposed} ${rulesText.previewRaised}`}</span>
                </td>
                <td>
                  {oneDecimal.format(week.hoursPresent)} → {oneDecimal.format(week.hoursProposed)}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {preview.setAside.map(({ rule, weeks }) => (
        <p key={rule}>{t(rulesText.setAside, { weeks: weeks.join(', '), rule })}</p>
      ))}
      <People title={rulesText.appears} people={preview.appears} />
      <People title={rulesText.disappears} people={preview.disappears} />
    </section>
  );
}

function People({ title, people }: { title: string; people: RulesPreview['appears'] }) {
  return (
    <>
      <h3>
        {title} ({people.length})
      </h3>
      <p>{people.length === 0 ? rulesText.nobody : people.map(({ name }) => name).join(', ')}</p>
    </>
  );
}
