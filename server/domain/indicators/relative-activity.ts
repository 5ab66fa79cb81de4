import { minimumGroup } from '../thresholds.ts';
import { countOf, measured, noData, sayNumber, type Indicator } from './indicator.ts';

export const relativeActivity: Indicator = {
  id: 'relative-activity',
  label: 'Active days beside the class',
  whyItMatters:
    'Being here much less often than others lately can mean that the {course} has become hard to keep up with.',
  needs: ['presence'],
  howItIsWorkedOut:
    'We take your active days in the last 14 days that count. We divide them by the average of the others in the {course} who were active then.',
  unit: 'ratio',
  inputLabels: {
    activeDays: 'Your active days',
    daysCounted: 'Days that count for you',
    windowDays: 'Days looked at',
    othersMean: 'Average of the others who were active',
  },
  formula: ({ activeDays = 0, daysCounted = 0, windowDays = 0, othersMean = 0 }) =>
    daysCounted === windowDays
      ? `${sayNumber(activeDays)} ÷ ${sayNumber(othersMean)}`
      : `(${sayNumber(activeDays)} × ${sayNumber(windowDays)} ÷ ${sayNumber(daysCounted)}) ÷ ${sayNumber(othersMean)}`,
  whatWouldChangeIt: 'Each further day on which you do something in the {course} raises it.',
  whatItCannotTell: 'Fewer, longer sessions can be just as good as many short ones; it counts days, not effort.',

  measure(student, at, cohort) {
    const reading = at.topics.presence;
    if (!reading.isKnown) return noData('relative-activity', reading.reason, reading.asOf);
    if (!at.recent || !student.lately) return noData('relative-activity', 'too-early', reading.asOf);
    const own = student.lately;
    if (own.tooFew) return noData('relative-activity', own.tooFew, reading.asOf);
    const isAmongThem = own.active > 0 && !student.hasLeft;
    const others = cohort.activePeople - (isAmongThem ? 1 : 0);
    if (others < minimumGroup) {
      const isLost = at.recent.unseen.length > 0;
      return noData('relative-activity', isLost ? 'feed-gap' : 'group-too-small', reading.asOf);
    }

    const othersMean = (cohort.activeDays - (isAmongThem ? own.active : 0)) / others;
    const activeDays = own.active;
    const windowDays = at.recent.days;
    const value = (activeDays * windowDays) / own.counted / othersMean;
    return measured(
      'relative-activity',
      value,
      { activeDays, daysCounted: own.counted, windowDays, othersMean },
      [
        {
          label: at.recent.label,
          value: countOf(activeDays, 'day'),
        },
        { label: `Average of ${others} other people who were active`, value: `${sayNumber(othersMean)} days` },
      ],
      reading,
      // With days missing, the class is not known well enough to call anybody quiet beside it.
      at.recent.unseen.length === 0 ? undefined : { atBest: Math.max(1, value), atWorst: 0 },
    );
  },
};
