/**
 * What stands in the place of a stored text that no encryption key opens: the page or download around it is shown all the same.
 * Sent back by a form that was not touched, it changes nothing: the stored text stays, and can be read again once its key is back.
 */
export const unopenedText =
  'This text can’t be opened at the moment. It is nothing you did, and those who run Waymark here have been told.';
