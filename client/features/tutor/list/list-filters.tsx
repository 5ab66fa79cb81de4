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
  const works = useMemo(() => worksToChoose(list), [list]);
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
      {works.length > 0 && (
        <Choice
          label={listText.work}
          value={(['notSeen', 'notKnown'] as const).flatMap((how) => (filters[how] ? `${how} ${filters[how]}` : []))[0]}
          choices={works}
          onChoose={(work) => onFilters({ ...filters, notSeen: undefined, notKnown: undefined, ...toFilter(work) })}
        />
      )}
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

/** Each piece of work that somebody on the list has not been seen to hand in, and each of which that is not known. */
function worksToChoose({ works, rows }: FlagList): [string, string][] {
  const [notSeen, notKnown] = [new Set<number>(), new Set<number>()];
  for (const row of rows) {
    for (const place of row.notSeen ?? []) notSeen.add(place);
    for (const place of row.notKnown ?? []) notKnown.add(place);
  }
  return works.flatMap(({ id, label }, place): [string, string][] => [
    ...(notSeen.has(place) ? [[`notSeen ${id}`, `${label}: ${listText.workNotSeen}`] as [string, string]] : []),
    ...(notKnown.has(place) ? [[`notKnown ${id}`, `${label}: ${listText.workNotKnown}`] as [string, string]] : []),
  ]);
}

function toFilter(work: string | undefined): Pick<Filters, 'notSeen' | 'notKnown'> {
  if (work === undefined) return {};
  const at = work.indexOf(' ');
  return { [work.slice(0, at)]: work.slice(at + 1) };
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
          {/* What a saved view asks for may have gone from the list: it still narrows, and must not read as “Any”. */}
          {value !== undefined && !choices.some(([id]) => id === value) && (
            <option value={value}>{listText.gone}</option>
          )}
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
