/** Texts of the guidance, en-GB. */
export const guidanceText = {
  guidanceTitle: 'Guidance',
  acknowledgedUntil: 'You acknowledged this on {when}; you will be asked again on {until}.',
  acknowledge: 'Open the list',
  mustTick: 'Please tick the box first.',
  principles: 'What the institution promises',
  sources: 'Sources',
};
