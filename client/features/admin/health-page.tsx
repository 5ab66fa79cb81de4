import { Fragment } from 'react';
import { Link } from 'wouter';
import type { AdminOverview } from '../../../server/contracts/admin.ts';
import { useText } from '../../session.ts';
import { admin } from '../../text/admin.ts';
import { Notice } from '../../ui/notice.tsx';
import { Page } from '../../ui/page.tsx';
import { sayCount, sayWhen } from './pieces.tsx';

const text = admin.health;

export function HealthPage({ overview }: { overview: AdminOverview }) {
  const t = useText();
  const { database, platforms, courses, tool, registration, sealedTexts } = overview;
  const until = registration.until === undefined ? '' : t(text.openUntil, { date: sayWhen(registration.until) });
  return (
    <Page title={text.title} lead={<p>{text.lead}</p>}>
      {sealedTexts !== undefined && sealedTexts.unopened > 0 && (
        <Notice kind="attention" title={text.unopenedTitle}>
          <p>{text.unopenedHint}</p>
        </Notice>
      )}
      <section>
        <dl className="pairs">
          <dt>{text.database}</dt>
          <dd>
            {database.isUp ? t(text.up, { ms: database.pingMs ?? 0 }) : text.down}
            {database.isEmbedded && ` ${text.embedded}`}
          </dd>
          <dt>{text.policy}</dt>
          <dd>{overview.policy}</dd>
          {sealedTexts && (
            <>
              <dt>{text.sealed}</dt>
              <dd>
                {t(sealedTexts.unopened === 0 ? text.allOpen : text.unopened, {
                  count: sayCount(sealedTexts.unopened),
                  date: sayWhen(sealedTexts.checkedAt),
                })}
              </dd>
            </>
          )}
          <dt>{text.registrations}</dt>
          <dd>{platforms.filter(({ isActive }) => isActive).length}</dd>
          <dt>{t(text.courses)}</dt>
          <dd>{sayCount(courses.opened)}</dd>
          <dt>{t(text.troubled)}</dt>
          <dd>
            {courses.troubled === 0 ? (
              text.none
            ) : (
              <Link href="/freshness/troubled">{t(text.seeTroubled, { count: sayCount(courses.troubled) })}</Link>
            )}
          </dd>
        </dl>
      </section>
      <ScheduledWork jobs={overview.jobs} />
      <section aria-labelledby="addresses">
        <h2 id="addresses">{text.addresses}</h2>
        <p>{text.addressesHint}</p>
        <dl className="pairs">
          {(['login', 'launch', 'keys'] as const).map((name) => (
            <Address key={name} label={text[name]} address={tool[name]} />
          ))}
        </dl>
        <h3>{text.register}</h3>
        {registration.isOpen ? (
          <>
            <p>{`${text.open} ${until}`.trim()}</p>
            <p>
              <code>{`${tool.register}?secret=${text.yourSecret}`}</code>
            </p>
          </>
        ) : (
          <p>{text.closed}</p>
        )}
      </section>
    </Page>
  );
}

/** What goes on without anybody asking; work that nobody does would otherwise be noticed by its absence only. */
function ScheduledWork({ jobs }: { jobs: AdminOverview['jobs'] }) {
  const t = useText();
  const isLate = jobs.length === 0 || jobs.some((job) => job.isLate);
  return (
    <section aria-labelledby="work">
      <h2 id="work">{text.work}</h2>
      {isLate && (
        <Notice kind="attention" title={text.late}>
          <p>{text.lateHint}</p>
        </Notice>
      )}
      <dl className="pairs">
        {jobs.map(({ name, lastDoneAt, isLate: isOverdue }) => (
          <Fragment key={name}>
            <dt>{t(text.jobs[name])}</dt>
            <dd>
              {lastDoneAt === undefined ? text.notYet : t(text.lastDone, { date: sayWhen(lastDoneAt) })}
              {isOverdue && ` ${text.overdue}`}
            </dd>
          </Fragment>
        ))}
      </dl>
    </section>
  );
}

function Address({ label, address }: { label: string; address: string }) {
  return (
    <>
      <dt>{label}</dt>
      <dd>
        <code>{address}</code>
      </dd>
    </>
  );
}
