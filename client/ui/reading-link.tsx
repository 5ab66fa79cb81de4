import { Link, useRoute } from 'wouter';
import { common } from '../text/common.ts';

/** To the reading settings, in as little room as a full bar has left; said in full to whoever hears it. */
export function ReadingLink() {
  const [isHere] = useRoute('/reading');
  return (
    <Link
      href="/reading"
      className="bar-link"
      aria-label={common.readingSettings}
      title={common.readingSettings}
      aria-current={isHere ? 'page' : undefined}
    >
      <span aria-hidden="true">Aa</span>
    </Link>
  );
}
