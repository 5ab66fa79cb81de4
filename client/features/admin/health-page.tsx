import { Link } from 'wouter';
import type { AdminOverview } from '../../../server/contracts/admin.ts';
import { useText } from '../../session.ts';
import { admin } from '../../text/admin.ts';
import { Page } from '../../ui/page.tsx';
import { sayWhen } from './pieces.tsx';

const text = admin.health;

export function HealthPage({ overview }: { overview: AdminOverview }) {
  const t = useText();
  const { database, platforms, courses, tool, registration } = overview;
  const troubled = courses.filter(({ sources }) => sources.some(({ failedBecause }) => failedBecause)).length;
  const until = registration.until === undefined ? '' : t(text.openUntil, { date: sayWhen(registration.until) });
  return (
    <Page title={text.title} lead={<p>{text.lead}</p>}>
      <section>
        <dl className="pairs">
          <dt>{text.database}</dt>
          <dd>{database.isUp ? t(text.up, { ms: database.pingMs ?? 0 }) : text.down}</dd>
          <dt>{text.registrations}</dt>
          <dd>{platforms.filter(({ isActive }) => isActive).length}</dd>
          <dt>{text.courses}</dt>
          <dd>{courses.length}</dd>
          <dt>{text.troubled}</dt>
          <dd>
            {troubled === 0 ? text.none : <Link href="/freshness">{t(text.seeTroubled, { count: troubled })}</Link>}
          </dd>
        </dl>
      </section>
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
