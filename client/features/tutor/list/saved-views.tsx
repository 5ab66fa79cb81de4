import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Filters, SavedViews as Saved } from '../../../../server/contracts/saved-views.ts';
import { ApiError, del, get, put } from '../../../api.ts';
import { listText } from '../../../text/tutor-list.ts';
import { text } from '../../../text/tutor.ts';
import { Field } from '../../../ui/field.tsx';
import { Menu } from '../../../ui/menu.tsx';

/** The reader's own views: apply one, save the present filters under a name, delete one. */
export function SavedViews({ filters, onApply }: { filters: Filters; onApply: (filters: Filters) => void }) {
  const queries = useQueryClient();
  const [name, setName] = useState('');
  const views = useQuery({ queryKey: ['views'], queryFn: ({ signal }) => get<Saved>('/api/views', signal) });
  const keep = (saved: Saved) => {
    queries.setQueryData(['views'], saved);
    setName('');
  };
  const save = useMutation({ mutationFn: () => put<Saved>('/api/views', { name, filters }), onSuccess: keep });
  const remove = useMutation({ mutationFn: (id: string) => del<Saved>(`/api/views/${id}`), onSuccess: keep });
  const problem = save.error instanceof ApiError ? (save.error.fields['name'] ?? save.error.message) : undefined;
  return (
    <Menu label={listText.savedViews}>
      <div className="card menu-box">
        <ul className="plain">
          {views.data?.views.map((view) => (
            <li key={view.id} className="strip">
              <button type="button" className="button button-quiet" onClick={() => onApply(view.filters)}>
                {view.name}
              </button>
              <button
                type="button"
                className="button"
                aria-label={`${text.remove} ${view.name}`}
                onClick={() => remove.mutate(view.id)}
              >
                {text.remove}
              </button>
            </li>
          ))}
        </ul>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            save.mutate();
          }}
        >
          <Field label={listText.viewName} error={problem}>
            {(wiring) => <input {...wiring} value={name} onChange={({ target }) => setName(target.value)} />}
          </Field>
          <button type="submit" className="button" disabled={save.isPending}>
            {listText.saveView}
          </button>
        </form>
      </div>
    </Menu>
  );
}
