import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { findMoodleLogs } from './backtest/moodle-log.ts';
import { isOulad } from './backtest/oulad.ts';
import { reportLogs } from './backtest/report-logs.ts';
import { reportOulad } from './backtest/report-oulad.ts';

/** `npm run backtest -- --data DIR [--out DIR]`: what the default rules would have flagged, and against which outcomes. */

const { values } = parseArgs({
  options: { data: { type: 'string' }, out: { type: 'string', default: 'data/backtest' } },
});
if (values.data === undefined || !existsSync(values.data)) {
  console.error('Say where the data are: npm run backtest -- --data DIR [--out DIR]');
  process.exit(1);
}
mkdirSync(values.out, { recursive: true });
if (isOulad(values.data)) {
  const { text, chart } = reportOulad(values.data);
  console.log(text);
  writeFileSync(join(values.out, 'backtest.md'), `${text}\n`);
  writeFileSync(join(values.out, 'backtest.svg'), chart);
  console.log(`\nWritten to ${values.out}: backtest.md, backtest.svg`);
} else {
  const logs = findMoodleLogs(values.data);
  if (logs.length === 0) {
    console.error(`Neither the open data set (vle_panel.csv) nor a Moodle log was found in ${values.data}.`);
    process.exit(1);
  }
  const text = reportLogs(logs);
  console.log(text);
  writeFileSync(join(values.out, 'backtest-logs.md'), `${text}\n`);
}
