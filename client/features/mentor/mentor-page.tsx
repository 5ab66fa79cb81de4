import { useText } from '../../session.ts';
import { mentor } from '../../text/mentor.ts';
import { Page } from '../../ui/page.tsx';

/** What a mentor sees: why there is nothing to see, and what to do instead. */
export function MentorPage() {
  const t = useText();
  return (
    <Page title={mentor.title} lead={<p>{t(mentor.whatItIs)}</p>}>
      <p>{mentor.nothing}</p>
      <p>{mentor.whatThen}</p>
      <p>{t(mentor.wrong)}</p>
    </Page>
  );
}
