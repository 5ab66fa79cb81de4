import { countWindow } from '../seen-student.ts';
import { minimumBaselineDays } from '../thresholds.ts';
import { countOf, measured, noData, sayNumber, type Indicator } from './indicator.ts';

export const ownTrend: Indicator = {
  id: 'own-trend',
  label: 'Active days beside own usual',
  whyItMatters: 'A change from someone’s own pattern says more than any comparison with other people.',
  needs: ['presence'],
  howItIsWorkedOut:
    'We divide your active days in the last 14 days that count by your own average for 14 days in the four weeks before.',
  unit: 'ratio',
  inputLabels: {
    activeDays: 'Active days lately',
    daysCounted: 'Days that count lately',
    usualDays: 'Active days in the four weeks before',
    usualCounted: 'Days that count in the four weeks before',
  },
  formula: ({ activeDays = 0, daysCounted = 0, usualDays = 0, usualCounted = 0 }) =>
    `(${sayNumber(activeDays)} ÷ ${sayNumber(daysCounted)}) ÷ (${sayNumber(usualDays)} ÷ ${sayNumber(usualCounted)})`,
  whatWouldChangeIt: 'Each further day on which you do something in the {course} raises it.',
  whatItCannotTell: 'A quieter fortnight can be planned, for example after an early start or around work.',

  measure(student, at) {
    const reading = at.topics.presence;
    if (!reading.isKnown) return noData('own-trend', reading.reason, reading.asOf);
    if (!at.recent || !at.baseline || !student.lately) return noData('own-trend', 'too-early', reading.asOf);
    const { lately } = student;
    const usual = countWindow(at.baseline, student, at);
    const tooFew = lately.tooFew ?? usual.tooFew;
    if (tooFew) return noData('own-trend', tooFew, reading.asOf);
    if (usual.active < minimumBaselineDays) {
      const isLost = usual.active + usual.unseen >= minimumBaselineDays;
      return noData('own-trend', isLost ? 'feed-gap' : 'no-baseline', reading.asOf);
    }

    const inputs = {
      activeDays: lately.active,
      daysCounted: lately.counted,
      usualDays: usual.active,
      usualCounted: usual.counted,
    };
    return measured(
      'own-trend',
      lately.active / lately.counted / (usual.active / usual.counted),
      inputs,
      [
        { label: at.recent.label, value: countOf(lately.active, 'day') },
        { label: at.baseline.label, value: countOf(usual.active, 'day') },
      ],
      reading,
      // At best: there on every missing day lately, and on none of those before. At worst: the other way round.
      lately.unseen + usual.unseen === 0
        ? undefined
        : {
            atBest:
              (lately.active + lately.unseen) /
              (lately.counted + lately.unseen) /
              (usual.active / (usual.counted + usual.unseen)),
            atWorst:
              lately.active /
              (lately.counted + lately.unseen) /
              ((usual.active + usual.unseen) / (usual.counted + usual.unseen)),
          },
    );
  },
};
