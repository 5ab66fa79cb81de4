import { Link } from 'wouter';
import type { DashboardReply } from '../../../server/contracts/dashboard.ts';
import { useText } from '../../session.ts';
import { student } from '../../text/student.ts';
import { Notice } from '../../ui/notice.tsx';

const text = student.week;

/** The flags that stand, in words; the first has the way to a conversation, where it has its place here (`mayAsk`). */
export function Flags({ reply: { view, hasOptedOut }, mayAsk }: { reply: DashboardReply; mayAsk: boolean }) {
  const t = useText();
  return view.flags
    .filter(({ isClosed }) => !isClosed)
    .map((flag, place) => (
      <Notice
        key={flag.id}
        headingLevel={2}
        kind={flag.kind === 'stretch' ? 'good' : 'information'}
        title={flag.kind === 'stretch' ? text.flagStretchTitle : hasOptedOut ? text.flagOutTitle : text.flagTitle}
      >
        <p>{t(hasOptedOut ? text.flagOut : text.flag, { summary: flag.summary })}</p>
        <p className="links">
          <Link className="quiet-link" href="/how">
            {text.flagLink}
          </Link>
          {mayAsk && place === 0 && (
            <Link className="quiet-link" href="/support">
              {text.talk}
            </Link>
          )}
        </p>
      </Notice>
    ));
}
