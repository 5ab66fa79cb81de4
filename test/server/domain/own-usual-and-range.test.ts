import { describe, expect, it } from 'vitest';
import { middleRange } from '../../../server/domain/middle-range.ts';
import { ownUsual, type LivedWeek } from '../../../server/domain/usual-week.ts';

const weeks = (...days: number[]): LivedWeek[] => days.map((activeDays) => ({ activeDays, counts: true }));
const left: LivedWeek = { activeDays: 7, counts: false };

describe('a student’s own usual week', () => {
  it.each([
    ['nothing yet', [], undefined],
    ['two weeks are too few', weeks(3, 3), undefined],
    ['three are enough', weeks(1, 5, 2), { activeDays: 2, weeks: 3 }],
    ['an even number has two in the middle', weeks(1, 2, 4, 5), { activeDays: 3, weeks: 4 }],
    ['only the latest six count', weeks(7, 7, 7, 1, 1, 1, 1, 1, 1), { activeDays: 1, weeks: 6 }],
    ['weeks that do not count are passed over', [...weeks(2, 2), left, left, ...weeks(2)], { activeDays: 2, weeks: 3 }],
    ['weeks that do not count make none', [left, left, left], undefined],
    ['a usual of nothing is none', weeks(0, 0, 0, 6), undefined],
    ['one unusual week moves nothing', weeks(3, 3, 0, 3, 3), { activeDays: 3, weeks: 5 }],
  ])('%s', (_what, lived, usual) => {
    expect(ownUsual(lived)).toEqual(usual);
  });
});

describe('the middle half of a group', () => {
  it.each([
    ['nobody', [], undefined],
    ['eight people: each has seven others', [1, 2, 3, 4, 5, 6, 7, 8], undefined],
    ['nine people: each has eight others', [9, 8, 7, 6, 5, 4, 3, 2, 1], { from: 3, to: 7 }],
    ['between two people', [1, 2, 3, 4, 5, 6, 7, 8, 9, 10], { from: 3.25, to: 7.75 }],
    ['all the same', Array<number>(9).fill(2), { from: 2, to: 2 }],
  ])('%s', (_what, values, range) => {
    expect(middleRange(values)).toEqual(range);
  });
});
