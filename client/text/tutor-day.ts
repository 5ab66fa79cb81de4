/** Texts of what waits for the reader today, above the list, en-GB. */
export const dayText = {
  title: 'Your day',
  followUps: 'Follow up today',
  talks: 'You talk today with',
  views: 'Asks for your view',
  nothing: 'Nothing is due from you today.',
  next: 'Next: {name}, {when}.',
  further: 'and {count} more',
};
