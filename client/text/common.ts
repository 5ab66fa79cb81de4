/** Texts of the shell, en-GB. Each area has a file of its own in this folder, so that a page loads only what it says. */
export const common = {
  opening: 'Opening Waymark…',
  loading: 'Loading…',
  openAgainTitle: 'Please open Waymark again',
  openAgain:
    'Waymark opens from your course page. Load that page again, or go back to the course and choose the Waymark link there.',
  sessionEnded:
    'Your session has ended. What you have typed is still here: copy anything you want to keep, then open Waymark again from your course.',
  brokenTitle: 'This page could not be shown',
  broken:
    'Something went wrong on our side. What you have saved is safe. Open Waymark again from your course to go on.',
  urgentHelp: 'Urgent help: who listens day and night',
  newTab: ' (new tab)',
  tryAgain: 'Try again',
  couldNotLoad: 'This could not be loaded',
  skip: 'Skip to content',
  menu: 'Pages',
  furtherPages: 'More',
  waiting: 'waiting',
  readingSettings: 'Reading settings',
  leave: 'Out of Waymark',
  backTo: 'Back to the {course}',
  backToSite: 'Back to the course site',
  taught: {
    one: 'The {course} you teach',
    two: 'Both {courses} you teach',
    many: 'All {count} {courses} you teach',
  },
  notFoundTitle: 'There is nothing here',
  notFound: 'This page does not exist, or it is not yours to see.',
};
