import { useState } from 'react';
import { readReadingSettings, saveReadingSettings, type ReadingSettings } from '../reading-settings.ts';
import { reading as text } from '../text/reading.ts';
import { Page } from '../ui/page.tsx';
import './reading.css';

const groups = [
  { name: 'font', label: text.font, options: text.fonts },
  { name: 'spacing', label: text.spacing, options: text.spacings },
  { name: 'contrast', label: text.contrast, options: text.contrasts },
  { name: 'motion', label: text.motion, options: text.motions },
] as const;

/** How text looks, for whoever reads: students and staff alike. Kept in this browser only. */
export function ReadingPage() {
  const [settings, setSettings] = useState<ReadingSettings>(readReadingSettings());
  const choose = (name: string, value: string) => {
    const changed = { ...settings, [name]: value };
    setSettings(changed);
    saveReadingSettings(changed);
  };
  return (
    <Page title={text.title} lead={<p>{text.lead}</p>}>
      <div className="settings">
        {groups.map(({ name, label, options }) => (
          <fieldset key={name} className="card choices">
            <legend>{label}</legend>
            {Object.entries(options).map(([value, meaning]) => (
              <label key={value} className="choice">
                <input
                  type="radio"
                  name={name}
                  value={value}
                  checked={settings[name] === value}
                  onChange={() => choose(name, value)}
                />
                {meaning}
              </label>
            ))}
          </fieldset>
        ))}
      </div>
      <p className="card reading-sample">{text.sample}</p>
    </Page>
  );
}
