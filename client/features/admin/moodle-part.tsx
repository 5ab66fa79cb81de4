import type { MoodleTestReply, PlatformReply } from '../../../server/contracts/admin.ts';
import { del, post, put } from '../../api.ts';
import { useText } from '../../session.ts';
import { admin } from '../../text/admin.ts';
import { Notice } from '../../ui/notice.tsx';
import { Problem } from '../../ui/problem.tsx';
import { useChange } from './data.ts';
import { AskedButton, Folded, NamedForm, sayWhen, TextField } from './pieces.tsx';

const text = admin.moodle;

/** The connection to a Moodle's web services: entered, tried, tried again, forgotten. */
export function MoodlePart({ platform }: { platform: PlatformReply }) {
  const t = useText();
  const path = `/api/admin/platforms/${platform.id}/moodle`;
  const connect = useChange((fields: Record<string, string>) => put<MoodleTestReply>(path, fields));
  const retest = useChange(() => post<MoodleTestReply>(`${path}/test`, {}));
  const forget = useChange(() => del(path));
  const state = platform.moodle;
  const warnings = retest.data?.warnings ?? connect.data?.warnings ?? [];
  const queued = retest.data?.coursesQueued ?? connect.data?.coursesQueued ?? 0;
  // The issuer of a Moodle is its address.
  const likelyAddress = state?.baseUrl ?? (platform.productFamily === 'moodle' ? platform.issuer : undefined);
  const failed = retest.error ?? forget.error;
  return (
    <section>
      <h3>{text.title}</h3>
      <p>{text.lead}</p>
      <div role="status">
        {!state && <p>{text.none}</p>}
        {state && (
          <Notice kind={state.problem ? 'attention' : 'good'} title={state.problem ? text.refused : text.accepted}>
            {state.problem && <p>{state.problem}</p>}
            <p>
              {t(state.problem ? text.tried : text.connected, {
                url: state.baseUrl,
                date: state.testedAt ? sayWhen(state.testedAt) : '',
              })}
            </p>
            {queued > 0 && <p>{queued === 1 ? text.queued.one : t(text.queued.many, { count: queued })}</p>}
            {warnings.map((warning) => (
              <p key={warning}>{warning}</p>
            ))}
          </Notice>
        )}
      </div>
      {state && state.missing.length > 0 && (
        <details className="folded">
          <summary>{text.missing}</summary>
          <dl>
            {state.missing.map(({ name, without }) => (
              <div key={name}>
                <dt>
                  <code>{name}</code>
                </dt>
                <dd>{without}</dd>
              </div>
            ))}
          </dl>
        </details>
      )}
      {failed !== null && <Problem error={failed} />}
      {state && (
        <p className="buttons">
          <button type="button" className="button" disabled={retest.isPending} onClick={() => retest.mutate(undefined)}>
            {text.retest}
          </button>
          <AskedButton
            label={text.forget}
            about={state.baseUrl}
            question={text.forgetAsk}
            onConfirm={() => forget.mutate(undefined)}
          />
        </p>
      )}
      <Folded label={state ? text.enterAnother : text.enter}>
        <NamedForm
          button={text.save}
          isBusy={connect.isPending}
          error={connect.error}
          onSend={(fields, empty) => connect.mutate(fields, { onSuccess: empty })}
        >
          <TextField label={text.baseUrl} name="baseUrl" error={connect.error} given={likelyAddress} />
          <TextField label={text.token} hint={text.tokenHint} name="token" error={connect.error} isSecret />
        </NamedForm>
      </Folded>
    </section>
  );
}
