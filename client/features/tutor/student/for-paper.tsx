import { useSession, useText } from '../../../session.ts';
import { studentText } from '../../../text/tutor-student.ts';
import { useForms } from '../data.ts';
import { sayMoment } from '../say-when.ts';

/** What a sheet needs that the page around it says on a screen: which course, and when it was printed and by whom. */
export function ForPaper({ now }: { now: number }) {
  const t = useText();
  const { course } = useSession();
  const { data: forms } = useForms();
  const name = forms?.colleagues.find(({ id }) => id === forms.me)?.name;
  return (
    <p className="only-printed">
      {course?.title}. {t(studentText.printedOn, { when: sayMoment(now), name: name ?? '' })}{' '}
      {studentText.printedWithout}
    </p>
  );
}

/** Room for what comes out of the talk, where the sheet ends. */
export function RoomToWrite() {
  return (
    <section className="only-printed">
      <h2>{studentText.weAgree}</h2>
      <div className="room-to-write" />
    </section>
  );
}

/** Prints the page as a sheet to talk over with the student: what they see too, and nothing that is among staff. */
export function PrintButton() {
  return (
    <section className="not-printed">
      <button type="button" className="button" onClick={() => print()}>
        {studentText.print}
      </button>{' '}
      <span className="hint">{studentText.printHint}</span>
    </section>
  );
}
