import { Link } from 'wouter';
import type { Service, SupportReply } from '../../../server/contracts/rights.ts';
import { sayList } from '../../format.ts';
import { useText } from '../../session.ts';
import { student } from '../../text/student.ts';
import { Loading } from '../../ui/loading.tsx';
import { Page } from '../../ui/page.tsx';
import { Problem } from '../../ui/problem.tsx';
import { useSupport } from './data.ts';
import { RequestForm } from './request-form.tsx';
import { isOpen, RequestCard } from './request-card.tsx';

const text = student.support;

export function SupportPage() {
  const { data, error, refetch } = useSupport();
  return (
    <Page title={text.title} lead={<p>{text.lead}</p>}>
      <p>
        {text.urgent} <Link href="/urgent">{text.urgentLink}</Link>
      </p>
      {data ? (
        <Support support={data} />
      ) : error ? (
        <Problem error={error} onRetry={() => void refetch()} />
      ) : (
        <Loading label={student.loading} />
      )}
    </Page>
  );
}

function Support({ support }: { support: SupportReply }) {
  return (
    <>
      {support.requests.length > 0 && (
        <section aria-labelledby="requests">
          <h2 id="requests">{text.requests}</h2>
          <ul className="plain entries">
            {openFirst(support.requests).map((request) => (
              <RequestCard key={request.id} request={request} channels={support.channels} />
            ))}
          </ul>
        </section>
      )}
      <div className="week-columns">
        <section className="card" aria-labelledby="ask">
          <h2 id="ask">{text.ask}</h2>
          <RequestForm staff={support.staff} channels={support.channels} />
        </section>
        <section className="card" aria-labelledby="services">
          <h2 id="services">{text.services}</h2>
          <ul className="plain services">
            {support.services.map((service) => (
              <ServiceCard key={service.id} service={service} />
            ))}
          </ul>
        </section>
      </div>
    </>
  );
}

/** What is still on its way before what is over; each as it came. */
function openFirst(requests: SupportReply['requests']): SupportReply['requests'] {
  return [...requests.filter(isOpen), ...requests.filter((request) => !isOpen(request))];
}

function ServiceCard({ service: { name, description, url, fits } }: { service: Service }) {
  const t = useText();
  return (
    <li>
      <h3>{name}</h3>
      <p>
        {description}
        {fits.length > 0 && (
          <span className="hint"> {t(text.fits, { what: sayList(fits.map((fit) => t(text.fitsWith[fit]))) })}</span>
        )}
      </p>
      {url && (
        <p>
          <a className="quiet-link" href={url} target="_blank" rel="noreferrer">
            {t(text.visit, { name })}
          </a>
        </p>
      )}
    </li>
  );
}
