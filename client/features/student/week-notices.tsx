import type { StudentView } from '../../../server/contracts/student-view.ts';
import { useText } from '../../session.ts';
import { student } from '../../text/student.ts';
import { Notice } from '../../ui/notice.tsx';
import { isUnread } from './data.ts';

const text = student.week;

/** Whether anything could ever show here what this student does: where nothing can, a row of question marks helps nobody. */
export function canBeSeen(view: StudentView): boolean {
  const hasSource = view.presence.missing !== 'no-source' || isUnread(view);
  return hasSource || view.weeks.some(({ activeDays }) => activeDays > 0);
}

/** So early, figures say little; what helps is to find one's way. */
export function FirstWeek({ view }: { view: StudentView }) {
  const t = useText();
  const { state, week, vacation } = view.course;
  if (state !== 'running' || week !== 1 || vacation !== undefined || isUnread(view)) return null;
  return (
    <Notice kind="information" headingLevel={2} title={text.firstTitle}>
      <p>{t(text.first)}</p>
    </Notice>
  );
}

/** What can't be seen is our side, and said so before anything that rests on it. */
export function Missing({ view }: { view: StudentView }) {
  const t = useText();
  if (isUnread(view)) {
    return (
      <Notice kind="information" headingLevel={2} title={t(text.unreadTitle)}>
        <p>{text.unread}</p>
      </Notice>
    );
  }
  const reason = view.indicators.find(({ indicator }) => indicator === 'recency')?.noData;
  if (view.presence.missing === undefined || view.course.state !== 'running') return null;
  if (!canBeSeen(view)) {
    return (
      <Notice kind="information" headingLevel={2} title={text.unseenTitle}>
        <p>{t(text.unseen)}</p>
      </Notice>
    );
  }
  return (
    <Notice kind="information" headingLevel={2} title={text.missingTitle}>
      <p>{t(text.missing, { reason: reason?.reason === view.presence.missing ? reason.text : '' }).trim()}</p>
    </Notice>
  );
}
