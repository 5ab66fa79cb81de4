import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useRef, useState, type FormEvent } from 'react';
import type { importFields } from '../../../server/contracts/imports.ts';
import {
  importKinds,
  type ColumnMapping,
  type ImportKind,
  type ImportList,
  type ImportPreview,
} from '../../../server/contracts/imports.ts';
import { ApiError, get, post, upload } from '../../api.ts';
import { imports as text } from '../../text/imports.ts';
import { Field } from '../../ui/field.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Page } from '../../ui/page.tsx';
import { EarlierImports } from './earlier-imports.tsx';
import { PreviewOfFile } from './preview-of-file.tsx';

/** Choose a file, look at what it would bring, import it whole; take earlier ones back. */
export function ImportsPage() {
  const client = useQueryClient();
  const [kind, setKind] = useState<ImportKind>('attendance');
  const [file, setFile] = useState<File>();
  const [preview, setPreview] = useState<ImportPreview>();
  const [done, setDone] = useState<string>();
  const [round, setRound] = useState(0);
  const outcome = useRef<HTMLDivElement>(null);
  const keep = (next: ImportList) => client.setQueryData(['imports'], next);
  const check = useMutation({
    mutationFn: (mapping: ColumnMapping | undefined) =>
      upload<ImportPreview>('/api/imports/preview', toForm(file!, kind, mapping)),
    onSuccess: setPreview,
  });
  const save = useMutation({
    mutationFn: () => upload<ImportList>('/api/imports', toForm(file!, kind, preview?.mapping)),
    onSuccess: (next) => {
      keep(next);
      setPreview(undefined);
      setFile(undefined);
      setRound(round + 1);
      tell(text.done);
    },
  });
  const undo = useMutation({
    mutationFn: (id: string) => post<ImportList>(`/api/imports/${id}/undo`, {}),
    onSuccess: (next) => {
      keep(next);
      tell(text.undone);
    },
  });
  const list = useQuery({
    queryKey: ['imports'],
    queryFn: ({ signal }) => get<ImportList>('/api/imports', signal),
    // A long import shows how far it is.
    refetchInterval: ({ state }) =>
      save.isPending ||
      undo.isPending ||
      state.data?.imports.some((entry) => ['writing', 'undoing'].includes(entry.state) && !entry.isInterrupted)
        ? 1_000
        : false,
  });
  // What was pressed is gone from the page by now: the keyboard goes on from the outcome.
  const tell = (message: string) => {
    setDone(message);
    outcome.current?.focus();
  };

  const startOver = () => {
    setPreview(undefined);
    setDone(undefined);
    check.reset();
    save.reset();
    undo.reset();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (file) check.mutate(undefined);
  };
  const choose = (field: (typeof importFields)[number], column: string) => {
    const { [field]: _, ...rest } = preview!.mapping;
    check.mutate(column ? { ...rest, [field]: column } : rest);
  };
  const error = check.error ?? save.error ?? undo.error;
  return (
    <Page title={text.title} lead={<p>{text.lead}</p>}>
      <form onSubmit={submit}>
        <Field label={text.kind}>
          {(wiring) => (
            <select
              {...wiring}
              value={kind}
              onChange={(event) => {
                setKind(event.target.value as ImportKind);
                startOver();
              }}
            >
              {importKinds.map((value) => (
                <option key={value} value={value}>
                  {text.kinds[value]}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Field label={text.file} hint={text.fileHint}>
          {(wiring) => (
            <input
              {...wiring}
              key={round}
              type="file"
              accept=".csv,.tsv,.txt,.xlsx"
              required
              onChange={(event) => {
                setFile(event.target.files?.[0]);
                startOver();
              }}
            />
          )}
        </Field>
        <p>
          <button type="submit" className="button" disabled={!file || check.isPending}>
            {check.isPending ? text.checking : text.check}
          </button>
        </p>
      </form>
      <div aria-live="polite" ref={outcome} tabIndex={-1}>
        {error && (
          <Notice kind="attention">
            <p>{error instanceof ApiError ? error.message : String(error)}</p>
          </Notice>
        )}
        {done && (
          <Notice kind="good">
            <p>{done}</p>
          </Notice>
        )}
      </div>
      {preview && (
        <PreviewOfFile
          preview={preview}
          isBusy={check.isPending || save.isPending}
          isSaving={save.isPending}
          onChoose={choose}
          onSave={() => save.mutate()}
        />
      )}
      <EarlierImports
        list={list.data?.imports ?? []}
        isBusy={undo.isPending}
        onUndo={(id) => {
          startOver();
          undo.mutate(id);
        }}
      />
    </Page>
  );
}

function toForm(file: File, kind: ImportKind, mapping: ColumnMapping | undefined): FormData {
  const form = new FormData();
  form.set('kind', kind);
  if (mapping) form.set('mapping', JSON.stringify(mapping));
  form.set('file', file);
  return form;
}
