import type { FlagList } from '../../../../server/contracts/flag-list.ts';
import type { Filters } from '../../../../server/contracts/saved-views.ts';
import { stateWords, text } from '../../../text/tutor.ts';
import { Field } from '../../../ui/field.tsx';

/** The filters above the list: each narrows what is shown, at once. */
export function ListFilters({
  list,
  filters,
  onFilters,
  search,
  onSearch,
}: {
  list: FlagList;
  filters: Filters;
  onFilters: (filters: Filters) => void;
  search: string;
  onSearch: (search: string) => void;
}) {
  const reasons = [...new Set(list.rows.flatMap(({ flags }) => flags.flatMap((flag) => flag.reasons)))];
  const states =
    filters.view === 'closed' ? (['resolved', 'dismissed'] as const) : (['open', 'discussing', 'acting'] as const);
  return (
    <div className="tools" role="search">
      <Field label={text.search}>
        {(wiring) => (
          <input {...wiring} type="search" value={search} onChange={({ target }) => onSearch(target.value)} />
        )}
      </Field>
      {list.groups.length > 0 && (
        <Choice
          label={text.group}
          value={filters.group}
          choices={list.groups.map((group) => [group, group])}
          onChoose={(group) => onFilters({ ...filters, group })}
        />
      )}
      <Choice
        label={text.reason}
        value={filters.reason}
        choices={[
          ...(filters.view === undefined || filters.view === 'support' ? [['asked', text.asked] as const] : []),
          ...reasons.map((reason) => [reason, list.indicators[reason] ?? reason] as const),
        ]}
        onChoose={(reason) => onFilters({ ...filters, reason })}
      />
      <Choice
        label={text.state}
        value={filters.state}
        choices={states.map((state) => [state, stateWords[state]])}
        onChoose={(state) => onFilters({ ...filters, state })}
      />
      <Choice
        label={text.waiting}
        value={filters.waiting}
        choices={[
          ['7', text.waitingWeek],
          ['14', text.waitingTwo],
        ]}
        onChoose={(waiting) => onFilters({ ...filters, waiting })}
      />
      <p className="check">
        <input
          id="only-mine"
          type="checkbox"
          checked={filters.mine === 'yes'}
          onChange={({ target }) => onFilters({ ...filters, mine: target.checked ? 'yes' : undefined })}
        />
        <label htmlFor="only-mine">{text.mine}</label>
      </p>
    </div>
  );
}

function Choice({
  label,
  value,
  choices,
  onChoose,
}: {
  label: string;
  value: string | undefined;
  choices: readonly (readonly [string, string])[];
  onChoose: (value: string | undefined) => void;
}) {
  return (
    <Field label={label}>
      {(wiring) => (
        <select {...wiring} value={value ?? ''} onChange={({ target }) => onChoose(target.value || undefined)}>
          <option value="">{text.any}</option>
          {choices.map(([id, words]) => (
            <option key={id} value={id}>
              {words}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}
