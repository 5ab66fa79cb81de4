/** Texts of the reading settings, en-GB. */
export const reading = {
  title: 'Reading settings',
  lead: 'These stay in this browser. Nobody else can know them.',
  font: 'Letters',
  fonts: { standard: 'Standard', readable: 'Easier to tell apart' },
  spacing: 'Spacing',
  spacings: { standard: 'Standard', wide: 'Wider' },
  contrast: 'Colours',
  contrasts: { standard: 'Standard', high: 'Strong contrast', dark: 'Light on dark' },
  motion: 'Motion',
  motions: { standard: 'As my device says', still: 'Keep everything still' },
  sample: 'This is how text looks with these settings. A small step this week is a step.',
} as const;
