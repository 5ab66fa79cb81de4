import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'wouter';
import type { Roster } from '../../../../server/contracts/flag-list.ts';
import { get } from '../../../api.ts';
import { useText } from '../../../session.ts';
import { common } from '../../../text/common.ts';
import { text } from '../../../text/tutor.ts';
import { Field } from '../../../ui/field.tsx';
import { Loading } from '../../../ui/loading.tsx';
import { Page } from '../../../ui/page.tsx';
import { Problem } from '../../../ui/problem.tsx';

const mostShown = 100;

/** Finds a student whom no list has brought up: names only. */
export function EveryonePage() {
  const t = useText();
  const [search, setSearch] = useState('');
  const roster = useQuery({
    queryKey: ['casework', 'roster'],
    queryFn: ({ signal }) => get<Roster>('/api/students', signal),
  });
  const wanted = search.trim().toLocaleLowerCase();
  const found = roster.data?.students.filter(({ name }) => name.toLocaleLowerCase().includes(wanted)) ?? [];
  return (
    <Page title={text.everyone}>
      {roster.isPending && <Loading label={common.loading} />}
      {roster.isError && <Problem error={roster.error} onRetry={() => void roster.refetch()} />}
      <Field label={text.search}>
        {(wiring) => (
          <input {...wiring} type="search" value={search} onChange={({ target }) => setSearch(target.value)} />
        )}
      </Field>
      {found.length > mostShown && (
        <p className="hint">{t(text.firstFound, { shown: mostShown, found: found.length })}</p>
      )}
      <ul className="plain names">
        {found.slice(0, mostShown).map(({ id, name }) => (
          <li key={id}>
            <Link href={`/students/${id}`}>{name}</Link>
          </li>
        ))}
      </ul>
      {roster.data && found.length === 0 && <p>{text.nothing}</p>}
    </Page>
  );
}
