/** The measures of the chart of weeks, in the units of its drawing. */

export const height = 260;
export const top = 44;
export const bottom = 34;
export const left = 30;
export const plotHeight = height - top - bottom;
const daysInWeek = 7;

/** The height of a number of days above the axis. */
export function yOf(days: number): number {
  return top + plotHeight - (plotHeight * days) / daysInWeek;
}
