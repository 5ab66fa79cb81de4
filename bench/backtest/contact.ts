/** What one conversation costs a tutor, with finding the time and writing it up. */
export const minutesPerContact = 20;
