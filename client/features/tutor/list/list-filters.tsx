import { useMemo } from 'react';
import { askedWords, stateWords } from '../../../../server/contracts/casework-words.ts';
import type { FlagList } from '../../../../server/contracts/flag-list.ts';
import type { Filters } from '../../../../server/contracts/saved-views.ts';
import { useText } from '../../../session.ts';
import { listText } from '../../../text/tutor-list.ts';
import { text } from '../../../text/tutor.ts';
import { Field } from '../../../ui/field.tsx';
import { useIsRoomy } from '../../../ui/use-is-wide.ts';

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
  const t = useText();
  const isRoomy = useIsRoomy();
  const reasons = useMemo(
    () => [...new Set(list.rows.flatMap(({ flags }) => flags.flatMap((flag) => flag.reasons)))],
    [list],
  );
  const states =
    filters.view === 'closed' ? (['resolved', 'dismissed'] as const) : (['open', 'discussing', 'acting'] as const);
  const { view: _, ...narrowing } = filters;
  const count = Object.values(narrowing).filter((value) => value !== undefined).length;
  const choices = (
    <>
      {list.groups.length > 0 && (
        <Choice
          label={listText.group}
          value={filters.group}
          choices={list.groups.map((group) => [group, group])}
          onChoose={(group) => onFilters({ ...filters, group })}
        />
      )}
      <Choice
        label={listText.reason}
        value={filters.reason}
        choices={[
          ...(filters.view === undefined || filters.view === 'support' ? [['asked', askedWords] as const] : []),
          ...reasons.map((reason) => [reason, list.indicators[reason] ?? reason] as const),
        ]}
        onChoose={(reason) => onFilters({ ...filters, reason })}
      />
      <Choice
        label={listText.state}
        value={filters.state}
        choices={states.map((state) => [state, stateWords[state]])}
        onChoose={(state) => onFilters({ ...filters, state })}
      />
      {filters.view !== 'closed' && (
        <Choice
          label={listText.waiting}
          value={filters.waiting}
          choices={[
            ['7', listText.waitingWeek],
            ['14', listText.waitingTwo],
          ]}
          onChoose={(waiting) => onFilters({ ...filters, waiting })}
        />
      )}
      <p className="check">
        <input
          id="only-mine"
          type="checkbox"
          checked={filters.mine === 'yes'}
          onChange={({ target }) => onFilters({ ...filters, mine: target.checked ? 'yes' : undefined })}
        />
        <label htmlFor="only-mine">{listText.mine}</label>
      </p>
    </>
  );
  return (
    <div className="tools" role="search">
      <Field label={text.search}>
        {(wiring) => (
          <input {...wiring} type="search" value={search} onChange={({ target }) => onSearch(target.value)} />
        )}
      </Field>
      {isRoomy ? (
        choices
      ) : (
        <details className="tools-more">
          <summary>{count === 0 ? listText.filters : t(listText.filtersOn, { count })}</summary>
          <div className="tools">{choices}</div>
        </details>
      )}
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
          <option value="">{listText.any}</option>
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
