import type { StudentView } from '../../../../server/contracts/student-view.ts';
import { text } from '../../../text/tutor.ts';

/** The student's own view, as the student sees it. */
export function TheirView({ view }: { view: StudentView }) {
  return (
    <section>
      <h2>{text.theirView}</h2>
      <p>{view.course.title}</p>
    </section>
  );
}
