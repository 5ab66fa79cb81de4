/** Texts of the shell, en-GB. Each area has a file of its own in this folder, so that a page loads only what it says. */
export const common = {
  opening: 'Opening Waymark…',
  loading: 'Loading…',
  openAgainTitle: 'Please open Waymark again',
  openAgain: 'Waymark opens from your course page. Go back to the course and choose the Waymark link there.',
  sessionEnded:
    'Your session has ended. What you have typed is still here: copy anything you want to keep, then open Waymark again from your course.',
  tryAgain: 'Try again',
  couldNotLoad: 'This could not be loaded',
  skip: 'Skip to content',
  menu: 'Pages',
  readingSettings: 'Reading settings',
  notFoundTitle: 'There is nothing here',
  notFound: 'This page does not exist, or it is not yours to see.',
};
