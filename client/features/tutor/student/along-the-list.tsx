import { useEffect } from 'react';
import { useText } from '../../../session.ts';
import { studentText } from '../../../text/tutor-student.ts';
import { findNeighbours, rememberPerson } from '../list/remembered-list.ts';

/** Back to the list, or straight on to the next student of it. */
export function AlongTheList({ personId }: { personId: string }) {
  const t = useText();
  const neighbours = findNeighbours(personId);
  useEffect(() => rememberPerson(personId), [personId]);
  return (
    <nav className="along not-printed" aria-label={studentText.alongLabel}>
      <a href="#/">{studentText.backToList}</a>
      {neighbours && (
        <>
          <span className="hint">{t(studentText.place, { place: neighbours.place, all: neighbours.all })}</span>
          {neighbours.before && (
            <a href={`#/students/${neighbours.before.personId}`}>
              {t(studentText.before, { name: neighbours.before.name })}
            </a>
          )}
          {neighbours.after && (
            <a href={`#/students/${neighbours.after.personId}`}>
              {t(studentText.after, { name: neighbours.after.name })}
            </a>
          )}
        </>
      )}
    </nav>
  );
}
