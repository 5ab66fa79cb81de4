import { minimumRecordings } from '../thresholds.ts';
import { measured, noData, sayNumber, type Indicator } from './indicator.ts';

export const lectureCapture: Indicator = {
  id: 'lecture-capture',
  label: 'Recordings watched',
  whyItMatters: 'Recordings are a good way to catch up on a session or to go over a hard part again.',
  needs: ['lecture-capture'],
  howItIsWorkedOut: 'We divide the recordings you have started to watch by the recordings available so far.',
  unit: 'share',
  inputLabels: { watched: 'Watched', available: 'Available' },
  formula: ({ watched = 0, available = 0 }) => `${sayNumber(watched)} ÷ ${sayNumber(available)}`,
  whatWouldChangeIt: 'Watching any recording that you have not opened yet.',
  whatItCannotTell: 'Someone who was in the room may have no need of the recording.',

  measure(student, at) {
    const reading = at.topics['lecture-capture'];
    if (!reading.isKnown) return noData('lecture-capture', reading.reason, reading.asOf);
    if (student.student.watched === undefined) return noData('lecture-capture', 'no-source', reading.asOf);
    let available = 0;
    for (const recording of at.recordings.values()) if (recording.availableAt <= reading.asOf) available++;
    if (available === 0) return noData('lecture-capture', 'nothing-due', reading.asOf);
    if (available < minimumRecordings) return noData('lecture-capture', 'too-little', reading.asOf);
    const seen = new Set<string>();
    for (const { recordingId, at: watchedAt } of student.student.watched) {
      const recording = at.recordings.get(recordingId);
      if (recording && recording.availableAt <= reading.asOf && watchedAt <= at.now) seen.add(recordingId);
    }
    return measured(
      'lecture-capture',
      seen.size / available,
      { watched: seen.size, available },
      [{ label: 'Recordings watched, of those available', value: `${seen.size} of ${available}` }],
      reading,
    );
  },
};
