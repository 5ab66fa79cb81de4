import { parse } from 'csv-parse/sync';

/** The rows of a downloaded table by the names of their columns, as a spreadsheet would read them. */
export function readCsv(text: string): Record<string, string>[] {
  return parse<Record<string, string>>(text, { bom: true, columns: true });
}
