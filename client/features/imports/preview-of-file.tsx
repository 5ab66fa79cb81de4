import { importFields, type ImportField, type ImportPreview } from '../../../server/contracts/imports.ts';
import { useText } from '../../session.ts';
import { imports as text } from '../../text/imports.ts';
import { Field } from '../../ui/field.tsx';
import { Notice } from '../../ui/notice.tsx';

/** What a file would bring: its columns, to be put right, and every row that needs another look. */
export function PreviewOfFile({
  preview,
  isBusy,
  isSaving,
  onChoose,
  onSave,
}: {
  preview: ImportPreview;
  isBusy: boolean;
  isSaving: boolean;
  onChoose: (field: ImportField, column: string) => void;
  onSave: () => void;
}) {
  const t = useText();
  const { columns, mapping, rows, rowsElsewhere, people, peopleNotFound } = preview;
  const { problems, hasMoreProblems, mayImport } = preview;
  return (
    <section aria-labelledby="import-preview">
      <h2 id="import-preview">{text.columns}</h2>
      {importFields.map((field) => (
        <Field key={field} label={t(text.fields[field])}>
          {(wiring) => (
            <select {...wiring} value={mapping[field] ?? ''} onChange={(event) => onChoose(field, event.target.value)}>
              <option value="">{text.noColumn}</option>
              {columns.map((column) => (
                <option key={column} value={column}>
                  {column}
                </option>
              ))}
            </select>
          )}
        </Field>
      ))}
      <Notice kind={mayImport ? 'good' : 'attention'} title={mayImport ? text.ready : text.notReady}>
        <p>{text.found(rows, people)}</p>
        {rowsElsewhere > 0 && <p>{t(text.elsewhere(rowsElsewhere))}</p>}
        {rowsElsewhere > 0 && rows === 0 && <p>{t(text.noneHere)}</p>}
        {peopleNotFound > 0 && <p>{t(text.waiting(peopleNotFound))}</p>}
      </Notice>
      {problems.length > 0 && (
        // A region that scrolls must be reachable by keyboard.
        // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        <div className="scroll-x" tabIndex={0} role="region" aria-label={text.problem}>
          <table>
            <thead>
              <tr>
                <th scope="col">{text.row}</th>
                <th scope="col">{text.column}</th>
                <th scope="col">{text.problem}</th>
              </tr>
            </thead>
            <tbody>
              {problems.map(({ row, column, message }, index) => (
                <tr key={index}>
                  <td>{row || text.wholeFile}</td>
                  <td>{column ?? ''}</td>
                  <td>{message}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {hasMoreProblems && <p>{text.more}</p>}
      <p>
        <button type="button" className="button" disabled={!mayImport || isBusy} onClick={onSave}>
          {isSaving ? text.saving : text.save}
        </button>
      </p>
    </section>
  );
}
