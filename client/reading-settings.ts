/**
 * Reading comfort, kept in this browser only: nobody else can know that a person reads with wider spacing. Where the browser
 * gives a framed page no storage, the choice lasts while the page is open.
 */
export interface ReadingSettings {
  readonly font: 'standard' | 'readable';
  readonly spacing: 'standard' | 'wide';
  readonly contrast: 'standard' | 'high' | 'dark';
  readonly motion: 'standard' | 'still';
}

const key = 'waymark-reading';
const standard: ReadingSettings = { font: 'standard', spacing: 'standard', contrast: 'standard', motion: 'standard' };
let current: ReadingSettings | undefined;

export function readReadingSettings(): ReadingSettings {
  if (current) return current;
  try {
    current = { ...standard, ...(JSON.parse(localStorage.getItem(key) ?? '{}') as Partial<ReadingSettings>) };
  } catch {
    current = standard;
  }
  return current;
}

export function saveReadingSettings(settings: ReadingSettings): void {
  current = settings;
  try {
    localStorage.setItem(key, JSON.stringify(settings));
  } catch {
    // Blocked storage: the setting holds until the page is closed.
  }
  applyReadingSettings();
}

/** Puts the settings on the page as data attributes, which the style sheets read. */
export function applyReadingSettings(): void {
  const settings = readReadingSettings();
  for (const [name, value] of Object.entries(settings) as [string, string][]) {
    document.documentElement.dataset[name] = value;
  }
}
