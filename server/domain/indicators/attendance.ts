import { dayNumberAt, sayDay } from '../days.ts';
import { isExempt } from '../due-assessments.ts';
import { attendanceDays, minimumSessions } from '../thresholds.ts';
import { measured, noData, sayNumber, type Indicator } from './indicator.ts';

export const attendance: Indicator = {
  id: 'attendance',
  label: 'Sessions attended',
  whyItMatters: 'Being in the room is where you can ask. After a few missed sessions in a row the next one is harder.',
  needs: ['attendance'],
  howItIsWorkedOut:
    'We divide the sessions you came to by those with a register for you in the last four weeks of teaching. Excused ones and those in a vacation are left out.',
  unit: 'share',
  inputLabels: {
    attended: 'Attended',
    recorded: 'Recorded sessions',
    leftOut: 'Left out (excused, vacation, pause or before you joined)',
  },
  formula: ({ attended = 0, recorded = 0 }) => `${sayNumber(attended)} ÷ ${sayNumber(recorded)}`,
  whatWouldChangeIt: 'Attending the coming sessions, or a correction where the register is wrong.',
  whatItCannotTell: 'Registers have mistakes, and not every session is recorded.',

  measure(student, at) {
    const reading = at.topics.attendance;
    if (!reading.isKnown) return noData('attendance', reading.reason, reading.asOf);
    if (student.sessions === undefined) return noData('attendance', 'no-source', reading.asOf);
    const from = at.startOfWindow(reading.asOfDay, attendanceDays);
    let attended = 0;
    let recorded = 0;
    let leftOut = 0;
    const missed: number[] = [];
    for (const session of student.sessions) {
      if (session.at > reading.asOf) continue;
      const day = dayNumberAt(session.at, at.course.calendar.timeZone);
      if (day < from) continue;
      if (session.wasAttended) {
        attended++;
        recorded++;
      } else if (session.isExcused === true || !at.countsDay(day) || isExempt(day, student, at)) {
        leftOut++;
      } else {
        recorded++;
        missed.push(day);
      }
    }
    if (recorded === 0) return noData('attendance', leftOut > 0 ? 'exempt' : 'nothing-due', reading.asOf);
    if (recorded < minimumSessions) return noData('attendance', 'too-little', reading.asOf);
    return measured(
      'attendance',
      attended / recorded,
      { attended, recorded, leftOut },
      [
        { label: `Sessions since ${sayDay(from)}`, value: `${attended} of ${recorded} attended` },
        ...missed.slice(-4).map((day) => ({ label: sayDay(day), value: 'not recorded as present' })),
      ],
      reading,
    );
  },
};
