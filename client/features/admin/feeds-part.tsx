import type { NewFeedReply, PlatformReply } from '../../../server/contracts/admin.ts';
import { post } from '../../api.ts';
import { useText } from '../../session.ts';
import { admin } from '../../text/admin.ts';
import { Field } from '../../ui/field.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Problem } from '../../ui/problem.tsx';
import { useChange } from './data.ts';
import { AskedButton, DroppedLines, Folded, sayCount, NamedForm, sayWhen, TextField } from './pieces.tsx';

const text = admin.feeds;

export function FeedsPart({ platform }: { platform: PlatformReply }) {
  const add = useChange((fields: Record<string, string>) =>
    post<NewFeedReply>(`/api/admin/platforms/${platform.id}/feeds`, fields),
  );
  return (
    <section>
      <h3>{text.title}</h3>
      <p>{text.lead}</p>
      {platform.feeds.length === 0 && <p>{text.none}</p>}
      <ul className="plain-list">
        {platform.feeds.map((feed) => (
          <FeedItem key={feed.id} feed={feed} />
        ))}
      </ul>
      <div role="status">{add.data && <Credential made={add.data} />}</div>
      <Folded label={text.addFold}>
        <NamedForm
          button={text.add}
          isBusy={add.isPending}
          error={add.error}
          onSend={(fields, empty) => add.mutate(fields, { onSuccess: empty })}
        >
          <Field label={text.kind}>
            {(wiring) => (
              <select {...wiring} name="kind">
                <option value="xapi">xAPI</option>
                <option value="caliper">Caliper</option>
              </select>
            )}
          </Field>
          <TextField label={text.name} hint={text.nameHint} name="name" error={add.error} />
          <TextField label={text.homePage} hint={text.homePageHint} name="homePage" error={add.error} />
          <Field label={text.names} hint={text.namesHint}>
            {(wiring) => (
              <select {...wiring} name="names">
                {Object.entries(text.accountNames).map(([value, label]) => (
                  <option key={value} value={value}>
                    {label}
                  </option>
                ))}
              </select>
            )}
          </Field>
        </NamedForm>
      </Folded>
    </section>
  );
}

function FeedItem({ feed }: { feed: PlatformReply['feeds'][number] }) {
  const t = useText();
  const change = useChange((isActive: boolean) => post(`/api/admin/feeds/${feed.id}/active`, { isActive }));
  const seen = feed.lastReceivedAt ? t(text.last, { date: sayWhen(feed.lastReceivedAt) }) : text.never;
  return (
    <li>
      <strong>{feed.name}</strong> ({feed.kind}, <code>{feed.key}</code>):{' '}
      {t(text.received, { received: sayCount(feed.received), stored: sayCount(feed.stored) })}, {seen}{' '}
      {!feed.isActive && <span className="tag">{text.inactive}</span>}{' '}
      {feed.isActive ? (
        <AskedButton
          label={text.switchOff}
          about={feed.name}
          question={text.switchOffAsk}
          onConfirm={() => change.mutate(false)}
        />
      ) : (
        <button type="button" className="button button-quiet" onClick={() => change.mutate(true)}>
          {text.switchOn}
          <span className="only-spoken">: {feed.name}</span>
        </button>
      )}
      {feed.homes.map(({ homePage, names }) => (
        <div key={homePage} className="hint">
          {t(text.speaksOf, { site: homePage, names: text.accountNames[names] })}
        </div>
      ))}
      <DroppedLines dropped={feed.dropped} />
      {change.isError && <Problem error={change.error} />}
    </li>
  );
}

function Credential({ made }: { made: NewFeedReply }) {
  return (
    <Notice kind="attention" title={text.made}>
      <dl className="pairs">
        <dt>{text.endpoint}</dt>
        <dd>
          <code>{made.endpoint}</code>
        </dd>
        <dt>{text.key}</dt>
        <dd>
          <code>{made.key}</code>
        </dd>
        <dt>{text.secret}</dt>
        <dd>
          <code>{made.secret}</code>
        </dd>
        <dt>{text.bearer}</dt>
        <dd>
          <code>{made.bearerToken}</code>
        </dd>
      </dl>
    </Notice>
  );
}
