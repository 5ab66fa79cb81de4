import type { StudentPage } from '../../../../server/contracts/student-page.ts';
import { useText } from '../../../session.ts';
import { studentText } from '../../../text/tutor-student.ts';
import { Notice } from '../../../ui/notice.tsx';
import { useForms } from '../data.ts';
import { sayDayAndDistance } from '../say-when.ts';

/** Attempts that nobody has answered yet; after the institution's period the route to support with studying, for a person to choose. */
export function Silence({ page }: { page: StudentPage }) {
  const t = useText();
  const forms = useForms();
  const { thread, sustainedSilence } = page;
  if (!thread) return null;
  const channels = thread.channels
    .map((id) => forms.data?.channels.find((channel) => channel.id === id)?.label ?? id)
    .join(', ');
  const values = { count: thread.attempts, when: sayDayAndDistance(thread.startedAt, page.now), channels };
  return (
    <Notice kind={sustainedSilence ? 'attention' : 'information'}>
      <p>{t(thread.attempts === 1 ? studentText.threadOne : studentText.thread, values)}</p>
      {sustainedSilence && (
        <>
          <p>
            <strong>
              {sustainedSilence.url ? (
                <a href={sustainedSilence.url} target="_blank" rel="noreferrer">
                  {sustainedSilence.title}
                </a>
              ) : (
                sustainedSilence.title
              )}
            </strong>
          </p>
          <p>{t(sustainedSilence.text)}</p>
        </>
      )}
    </Notice>
  );
}
