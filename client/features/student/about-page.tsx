import { useEffect } from 'react';
import { Link, useParams } from 'wouter';
import type { RightsReply, Route } from '../../../server/contracts/rights.ts';
import type { StudentView } from '../../../server/contracts/student-view.ts';
import { useText } from '../../session.ts';
import { student } from '../../text/student.ts';
import { viewText } from '../../text/student-view.ts';
import { Loading } from '../../ui/loading.tsx';
import { Page } from '../../ui/page.tsx';
import { Problem } from '../../ui/problem.tsx';
import { ChallengeList } from './challenge-list.tsx';
import { ContactChoice } from './contact-choice.tsx';
import { useDashboard, useRights } from './data.ts';
import { Downloads } from './downloads.tsx';
import { Looks } from './looks.tsx';
import { Recorded } from './recorded.tsx';

const text = student.about;

export function AboutPage() {
  const t = useText();
  const { data, error, refetch } = useRights();
  return (
    <Page title={text.title} lead={<p>{t(text.lead)}</p>}>
      {data ? (
        <About rights={data} />
      ) : error ? (
        <Problem error={error} onRetry={() => void refetch()} />
      ) : (
        <Loading label={student.loading} />
      )}
    </Page>
  );
}

const jumps = Object.entries(text.jumps);

function About({ rights }: { rights: RightsReply }) {
  const t = useText();
  const { data } = useDashboard();
  const { part } = useParams<{ part?: string }>();
  // A voice and the keyboard go on from the heading that was asked for.
  useEffect(() => {
    if (part !== undefined) document.getElementById(part)?.focus();
  }, [part]);
  return (
    <>
      <ul className="jumps" aria-label={text.jump}>
        {jumps.map(([id, label]) => (
          <li key={id}>
            <Link className="quiet-link" href={`/about/${id}`}>
              {label}
            </Link>
          </li>
        ))}
      </ul>
      <div className="week-columns">
        <div>
          <section className="card" aria-labelledby="see">
            <h2 id="see" tabIndex={-1}>
              {text.seeTitle}
            </h2>
            <p>{t(rights.optOut.since === undefined ? text.see : text.seeOut)}</p>
            <ul>
              <li>
                <Link className="quiet-link" href="/weeks">
                  {text.seeWeeks}
                </Link>
              </li>
              <li>
                <Link className="quiet-link" href="/how">
                  {text.seeHow}
                </Link>
              </li>
            </ul>
          </section>
          {data && <Recorded view={data.view} />}
          <Looks looks={rights.looks} {...(data && { timeZone: data.view.course.timeZone })} />
          <Downloads keptDays={rights.keptDays} />
        </div>
        <div>
          <section className="card" aria-labelledby="contact">
            <h2 id="contact" tabIndex={-1}>
              {text.contact}
            </h2>
            <ContactChoice optOut={rights.optOut} />
          </section>
          <ChallengeList challenges={rights.challenges} />
          <section className="card" aria-labelledby="complaints">
            <h2 id="complaints" tabIndex={-1}>
              {text.complaints}
            </h2>
            <ol>
              {rights.complaints.map((route) => (
                <li key={route.name}>
                  <RouteText route={route} />
                </li>
              ))}
            </ol>
            <h3>{text.questions}</h3>
            <RouteText route={rights.questions} />
          </section>
        </div>
      </div>
      <Expectations rights={rights} view={data?.view} />
    </>
  );
}

/** What taking part looks like here, what is measured, and who would make contact and how: to be read before any flag. */
function Expectations({ rights, view }: { rights: RightsReply; view: StudentView | undefined }) {
  const t = useText();
  const { expectations } = rights;
  return (
    <section className="card" aria-labelledby="expectations">
      <h2 id="expectations" tabIndex={-1}>
        {t(text.expectations)}
      </h2>
      <div className="week-columns">
        <div>
          <div>
            <p>{expectations.intro}</p>
            <ul>
              {expectations.points.map((point) => (
                <li key={point}>{point}</li>
              ))}
            </ul>
            {view && <Measures view={view} />}
          </div>
        </div>
        <div>
          <div>
            <h3>{text.who}</h3>
            <p>{expectations.whoMakesContact}</p>
            <h3>{text.looksLike}</h3>
            <p>{expectations.whatContactLooksLike}</p>
            <h3>{text.yourPart}</h3>
            <p>{expectations.yourPart}</p>
            {expectations.staff.length > 0 && (
              <>
                <h3>{t(text.staff)}</h3>
                <ul>
                  {expectations.staff.map(({ id, name, role }) => (
                    <li key={id}>
                      {name} ({t(text.roles[role])})
                    </li>
                  ))}
                </ul>
              </>
            )}
            <details>
              <summary>{text.principles}</summary>
              <ul>
                {rights.principles.map((principle) => (
                  <li key={principle}>{principle}</li>
                ))}
              </ul>
              {rights.sources.length > 0 && (
                <>
                  <h3>{text.follows}</h3>
                  <ul>
                    {rights.sources.map(({ title, url }) => (
                      <li key={title}>
                        {url ? (
                          <a className="quiet-link" href={url} target="_blank" rel="noreferrer">
                            {title}
                            <span className="only-spoken">{viewText.newTab}</span>
                          </a>
                        ) : (
                          title
                        )}
                      </li>
                    ))}
                  </ul>
                </>
              )}
            </details>
          </div>
        </div>
      </div>
    </section>
  );
}

/** Which figures this course goes by and from where on, whether or not anything stands out now. */
function Measures({ view }: { view: StudentView }) {
  const counting = view.indicators.filter(({ rules }) => rules.length > 0);
  return (
    <>
      <h3>{text.measures}</h3>
      <p>{counting.length > 0 ? text.measuresLead : text.measuresNone}</p>
      <ul>
        {counting.map(({ indicator, label, rules }) => (
          <li key={indicator}>
            {label}: {rules.map((rule) => `${rule.text} (${viewText[rule.strength]})`).join('; ')}
          </li>
        ))}
      </ul>
      <p>
        <Link className="quiet-link" href="/how">
          {text.seeHow}
        </Link>
      </p>
    </>
  );
}

function RouteText({ route: { name, description, url, phone } }: { route: Route }) {
  return (
    <p>
      <strong>{name}.</strong> {description} {phone}{' '}
      {url && (
        <a className="quiet-link" href={url} target="_blank" rel="noreferrer">
          {text.visit}
          <span className="only-spoken">
            : {name}
            {viewText.newTab}
          </span>
        </a>
      )}
    </p>
  );
}
