import { useState } from 'react';
import { Link } from 'wouter';
import type { CourseQuery } from '../../../server/contracts/admin.ts';
import { useText } from '../../session.ts';
import { admin } from '../../text/admin.ts';
import { common } from '../../text/common.ts';
import { Field } from '../../ui/field.tsx';
import { Loading } from '../../ui/loading.tsx';
import { Page } from '../../ui/page.tsx';
import { Problem } from '../../ui/problem.tsx';
import { CoursePart } from './course-part.tsx';
import { useCourses } from './data.ts';
import { sayCount } from './pieces.tsx';

const text = admin.freshness;
const addressOf = { all: '/freshness', troubled: '/freshness/troubled' };

/** How fresh the data of each course is: all of them or those in trouble, found by name, a page at a time. */
export function FreshnessPage({ only }: { only: CourseQuery['only'] }) {
  const t = useText();
  const [search, setSearch] = useState('');
  const [page, setPage] = useState(0);
  const courses = useCourses({ search, only, page });
  return (
    <Page title={text.title} lead={<p>{t(text.lead)}</p>}>
      <nav aria-label={text.which}>
        <ul className="which">
          {(['all', 'troubled'] as const).map((choice) => (
            <li key={choice}>
              <Link
                href={addressOf[choice]}
                aria-current={choice === only ? 'page' : undefined}
                onClick={() => setPage(0)}
              >
                {t(text.show[choice])}
              </Link>
            </li>
          ))}
        </ul>
      </nav>
      <Search
        onSearch={(wanted) => {
          setSearch(wanted);
          setPage(0);
        }}
      />
      {courses.isError && <Problem error={courses.error} onRetry={() => void courses.refetch()} />}
      {courses.isPending && <Loading label={common.loading} />}
      {courses.data && (
        <>
          <Found search={search} only={only} total={courses.data.total} />
          {courses.data.courses.map((course) => (
            <CoursePart key={course.id} course={course} />
          ))}
          <Pager page={page} pages={Math.ceil(courses.data.total / courses.data.perPage)} onPage={setPage} />
        </>
      )}
    </Page>
  );
}

function Search({ onSearch }: { onSearch: (wanted: string) => void }) {
  const t = useText();
  return (
    <form
      role="search"
      className="search-line"
      onSubmit={(event) => {
        event.preventDefault();
        const wanted = new FormData(event.currentTarget).get('search');
        onSearch(typeof wanted === 'string' ? wanted.trim() : '');
      }}
    >
      <Field label={t(text.search)}>
        {(wiring) => <input {...wiring} name="search" type="search" maxLength={200} autoComplete="off" />}
      </Field>
      <button type="submit" className="button">
        {text.find}
      </button>
    </form>
  );
}

/** Said aloud too, when a search has changed what is listed. */
function Found({ search, only, total }: { search: string; only: CourseQuery['only']; total: number }) {
  const t = useText();
  const nothing =
    search !== '' ? t(text.noneFound, { search }) : t(only === 'troubled' ? text.noneTroubled : text.none);
  return <p role="status">{total === 0 ? nothing : t(text.found, { count: sayCount(total) })}</p>;
}

function Pager({ page, pages, onPage }: { page: number; pages: number; onPage: (page: number) => void }) {
  const t = useText();
  if (pages < 2) return null;
  const turn = (to: number) => {
    onPage(to);
    window.scrollTo({ top: 0 });
  };
  return (
    <nav aria-label={text.pages}>
      <p className="buttons">
        <button type="button" className="button" disabled={page === 0} onClick={() => turn(page - 1)}>
          {text.newer}
        </button>
        <span>{t(text.pageOf, { page: page + 1, pages })}</span>
        <button type="button" className="button" disabled={page >= pages - 1} onClick={() => turn(page + 1)}>
          {text.older}
        </button>
      </p>
    </nav>
  );
}
