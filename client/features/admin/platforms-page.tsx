import type { AdminOverview, PlatformReply } from '../../../server/contracts/admin.ts';
import { del, post } from '../../api.ts';
import { admin } from '../../text/admin.ts';
import { Notice } from '../../ui/notice.tsx';
import { Page } from '../../ui/page.tsx';
import { Problem } from '../../ui/problem.tsx';
import { useChange } from './data.ts';
import { FeedsPart } from './feeds-part.tsx';
import { MoodlePart } from './moodle-part.tsx';
import { AskedButton, Folded, NamedForm, TextField } from './pieces.tsx';

const text = admin.platforms;

export function PlatformsPage({ overview }: { overview: AdminOverview }) {
  return (
    <Page title={text.title} lead={<p>{text.lead}</p>}>
      {overview.platforms.map((platform) => (
        <PlatformPart key={platform.id} platform={platform} />
      ))}
      <NewPlatform />
    </Page>
  );
}

function PlatformPart({ platform }: { platform: PlatformReply }) {
  const change = useChange((isActive: boolean) => post(`/api/admin/platforms/${platform.id}/active`, { isActive }));
  return (
    <section className="card" aria-labelledby={`platform-${platform.id}`}>
      <h2 id={`platform-${platform.id}`}>{platform.name}</h2>
      <p>
        <span className="tag">{platform.isActive ? text.active : text.inactive}</span>{' '}
        {platform.isOwn && <span className="tag">{text.own}</span>}
      </p>
      <dl className="pairs">
        <dt>{text.issuer}</dt>
        <dd>{platform.issuer}</dd>
        <dt>{text.clientId}</dt>
        <dd>
          <code>{platform.clientId}</code>
        </dd>
      </dl>
      <details>
        <summary>{text.addresses}</summary>
        <dl className="pairs">
          <dt>{text.authenticationEndpoint}</dt>
          <dd>{platform.authenticationEndpoint}</dd>
          <dt>{text.tokenEndpoint}</dt>
          <dd>{platform.tokenEndpoint}</dd>
          <dt>{text.jwksUri}</dt>
          <dd>{platform.jwksUri}</dd>
        </dl>
      </details>
      {change.isError && <Problem error={change.error} />}
      <p className="buttons">
        {platform.isActive ? (
          <AskedButton
            label={text.switchOff}
            about={platform.name}
            question={text.switchOffAsk}
            onConfirm={() => change.mutate(false)}
          />
        ) : (
          <button type="button" className="button" onClick={() => change.mutate(true)}>
            {text.switchOn}
            <span className="only-spoken">: {platform.name}</span>
          </button>
        )}
      </p>
      <Deployments platform={platform} />
      <MoodlePart platform={platform} />
      <FeedsPart platform={platform} />
    </section>
  );
}

function Deployments({ platform }: { platform: PlatformReply }) {
  const path = `/api/admin/platforms/${platform.id}/deployments`;
  const add = useChange((fields: Record<string, string>) => post(path, fields));
  const remove = useChange((deploymentId: string) => del(path, { deploymentId }));
  return (
    <section>
      <h3>{text.deployments}</h3>
      {platform.deploymentIds.length === 0 && <p>{text.noDeployment}</p>}
      <ul className="plain-list">
        {platform.deploymentIds.map((deploymentId) => (
          <li key={deploymentId}>
            <code>{deploymentId}</code>{' '}
            {platform.deploymentIds.length > 1 && (
              <AskedButton
                label={text.removeDeployment}
                about={deploymentId}
                question={text.removeAsk}
                onConfirm={() => remove.mutate(deploymentId)}
              />
            )}
          </li>
        ))}
      </ul>
      {remove.isError && <Problem error={remove.error} />}
      <Folded label={text.addDeploymentFold}>
        <NamedForm
          button={text.addDeployment}
          isBusy={add.isPending}
          error={add.error}
          onSend={(fields, empty) => add.mutate(fields, { onSuccess: empty })}
        >
          <TextField label={text.deploymentId} name="deploymentId" error={add.error} />
        </NamedForm>
      </Folded>
    </section>
  );
}

function NewPlatform() {
  const add = useChange((fields: Record<string, string>) => post<PlatformReply>('/api/admin/platforms', fields));
  const { error } = add;
  return (
    <section className="card" aria-labelledby="new-platform">
      <h2 id="new-platform">{text.add}</h2>
      <div role="status">{add.isSuccess && <Notice kind="good">{text.saved}</Notice>}</div>
      <NamedForm
        button={text.save}
        isBusy={add.isPending}
        error={error}
        onSend={(fields, empty) => add.mutate(fields, { onSuccess: empty })}
      >
        <TextField label={text.name} hint={text.nameHint} name="name" error={error} />
        <TextField label={text.issuer} hint={text.issuerHint} name="issuer" error={error} />
        <TextField label={text.clientId} name="clientId" error={error} />
        <TextField label={text.authenticationEndpoint} name="authenticationEndpoint" error={error} />
        <TextField label={text.tokenEndpoint} name="tokenEndpoint" error={error} />
        <TextField label={text.jwksUri} name="jwksUri" error={error} />
        <TextField label={text.deploymentId} hint={text.deploymentHint} name="deploymentId" error={error} />
      </NamedForm>
    </section>
  );
}
