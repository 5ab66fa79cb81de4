import type { RulesPreview } from '../../../../server/contracts/rules.ts';
import { useText } from '../../../session.ts';
import { text } from '../../../text/tutor.ts';
import { Notice } from '../../../ui/notice.tsx';

const oneDecimal = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 1 });

/** What the rules one is trying would have flagged, week by week, beside the present ones. */
export function RulesPreviewTable({ preview }: { preview: RulesPreview }) {
  const t = useText();
  if (preview.weeks.length === 0) return <Notice kind="information">{text.noPast}</Notice>;
  return (
    <section>
      <h2>{t(text.previewTitle)}</h2>
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a region that scrolls must be reachable by key */}
      <div className="scroll-x" role="region" aria-label={t(text.previewTitle)} tabIndex={0}>
        <table className="numbers">
          <thead>
            <tr>
              <th scope="col">{text.previewWeek}</th>
              <th scope="col">{text.previewNow}</th>
              <th scope="col">{text.previewNew}</th>
              <th scope="col">{text.previewHours}</th>
            </tr>
          </thead>
          <tbody>
            {preview.weeks.map((week) => (
              <tr key={week.week}>
                <th scope="row">{week.week}</th>
                <td>
                  {week.present} <span className="soft">{`${week.newlyPresent} ${text.previewRaised}`}</span>
                </td>
                <td>
                  {week.proposed} <span className="soft">{`${week.newlyProposed} ${text.previewRaised}`}</span>
                </td>
                <td>
                  {oneDecimal.format(week.hoursPresent)} → {oneDecimal.format(week.hoursProposed)}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {preview.wholeClass.map(({ rule, weeks }) => (
        <p key={rule}>{t(text.wholeClass, { weeks: weeks.join(', '), rule })}</p>
      ))}
      <People title={text.appears} people={preview.appears} />
      <People title={text.disappears} people={preview.disappears} />
    </section>
  );
}

function People({ title, people }: { title: string; people: RulesPreview['appears'] }) {
  return (
    <>
      <h3>
        {title} ({people.length})
      </h3>
      <p>{people.length === 0 ? text.nobody : people.map(({ name }) => name).join(', ')}</p>
    </>
  );
}
