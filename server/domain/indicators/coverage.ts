import type { CourseAt } from '../course-at.ts';
import type { NoDataReason, SourceId } from '../vocabulary.ts';
import { measured, noData, sayNumber, type Indicator } from './indicator.ts';

/** No item at all may mean that nobody could list them, which is not that nothing was released. */
function whyNothingIsReleased({ course, topics: { completion } }: CourseAt): NoDataReason {
  return course.items.length > 0 || completion.isKnown ? 'nothing-due' : completion.reason;
}

/** Only these see which resource was opened; a platform's web services do not. */
const seesObjects: readonly SourceId[] = ['xapi', 'caliper', 'file'];

export const coverage: Indicator = {
  id: 'coverage',
  label: 'Resources opened',
  whyItMatters: 'Seeing what you have not opened yet makes it easy to choose what to look at next.',
  needs: ['presence'],
  howItIsWorkedOut: 'We divide the different resources of the {course} that you have opened by those released so far.',
  unit: 'share',
  inputLabels: { opened: 'Opened', released: 'Released so far' },
  formula: ({ opened = 0, released = 0 }) => `${sayNumber(opened)} ÷ ${sayNumber(released)}`,
  whatWouldChangeIt: 'Opening any resource that you have not opened before.',
  whatItCannotTell: 'Opening is not reading, and nobody needs to open everything.',

  measure(student, at) {
    const reading = at.topics.presence;
    if (!reading.isKnown) return noData('coverage', reading.reason, reading.asOf);
    if (!reading.restsOn.some((source) => seesObjects.includes(source)))
      return noData('coverage', 'no-source', reading.asOf);
    const released = at.releasedCount;
    if (released === 0) return noData('coverage', whyNothingIsReleased(at), reading.asOf);
    const isOpened = new Uint8Array(released);
    let opened = 0;
    for (const { objects } of student.student.rollUps)
      for (const object of objects) {
        const place = at.releasedPlaces.get(object);
        if (place === undefined || isOpened[place] === 1) continue;
        isOpened[place] = 1;
        opened++;
      }
    return measured(
      'coverage',
      opened / released,
      { opened, released },
      [{ label: 'Resources opened, of those released', value: `${opened} of ${released}` }],
      reading,
    );
  },
};
