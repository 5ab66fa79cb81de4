import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { RuleInput, Rules, RulesPreview } from '../../../../server/contracts/rules.ts';
import { ApiError, get, post, put } from '../../../api.ts';
import { useText } from '../../../session.ts';
import { common } from '../../../text/common.ts';
import { rulesText } from '../../../text/tutor-rules.ts';
import { text } from '../../../text/tutor.ts';
import { Loading } from '../../../ui/loading.tsx';
import { Notice } from '../../../ui/notice.tsx';
import { Page } from '../../../ui/page.tsx';
import { Problem } from '../../../ui/problem.tsx';
import { FormProblem } from '../casework/form-problem.tsx';
import { useRefreshCasework } from '../data.ts';
import { sayDay } from '../say-when.ts';
import { CoursePauses } from './course-pauses.tsx';
import { RuleRow } from './rule-row.tsx';
import { RulesPreviewTable } from './rules-preview-table.tsx';

export function RulesPage() {
  const t = useText();
  const [savedVersion, setSavedVersion] = useState<number>();
  const rules = useQuery({ queryKey: ['rules'], queryFn: ({ signal }) => get<Rules>('/api/rules', signal) });
  return (
    <Page title={t(rulesText.rulesTitle)} lead={rulesText.rulesLead}>
      {rules.isPending && <Loading label={common.loading} />}
      {rules.isError && <Problem error={rules.error} onRetry={() => void rules.refetch()} />}
      <div role="status">
        {savedVersion !== undefined && (
          <Notice kind="good">{t(rulesText.savedRules, { version: savedVersion })}</Notice>
        )}
      </div>
      {rules.data && <RulesForm key={savedVersion} saved={rules.data} onSaved={setSavedVersion} />}
    </Page>
  );
}

function RulesForm({ saved, onSaved }: { saved: Rules; onSaved: (version: number) => void }) {
  const t = useText();
  const queries = useQueryClient();
  const refresh = useRefreshCasework();
  const [rules, setRules] = useState<readonly RuleInput[]>(saved.rules);
  const [version, setVersion] = useState(saved.version);
  const [base, setBase] = useState(saved);
  if (base !== saved) {
    setBase(saved);
    // A colleague's newer rules are taken over only where nothing was begun here: otherwise saving tells of both.
    if (JSON.stringify(rules) === JSON.stringify(base.rules)) {
      setRules(saved.rules);
      setVersion(saved.version);
    }
  }
  const isChanged = JSON.stringify(rules) !== JSON.stringify(saved.rules);
  const preview = useMutation({ mutationFn: () => post<RulesPreview>('/api/rules/preview', { rules }) });
  const save = useMutation({
    mutationFn: () => put<Rules>('/api/rules', { version, rules }),
    onSuccess: async (reply) => {
      queries.setQueryData(['rules'], reply);
      onSaved(reply.version);
      await refresh();
    },
  });
  const error = [save.error, preview.error].find((each) => each instanceof ApiError);
  const theirs =
    save.error instanceof ApiError && save.error.code === 'conflict' ? (save.error.current as Rules) : null;
  const change = (next: readonly RuleInput[]) => {
    setRules(next);
    save.reset();
    preview.reset();
  };
  return (
    <>
      {!saved.maySetRules && <Notice kind="information">{rulesText.rulesReadOnly}</Notice>}
      <form
        noValidate
        aria-label={t(rulesText.rulesTitle)}
        onSubmit={(event) => {
          event.preventDefault();
          preview.mutate();
        }}
      >
        {saved.choices.map((choice) => {
          const place = rules.findIndex(({ indicator }) => indicator === choice.indicator);
          return (
            <RuleRow
              key={choice.indicator}
              choice={choice}
              rule={rules[place]}
              isReadOnly={!saved.maySetRules}
              errorOf={(field) => (place < 0 ? undefined : error?.fields[`rules.${place}.${field}`])}
              onRule={(rule) =>
                change(
                  rule === undefined
                    ? rules.filter((_, index) => index !== place)
                    : place < 0
                      ? [...rules, rule]
                      : rules.map((each, index) => (index === place ? rule : each)),
                )
              }
            />
          );
        })}
        {theirs && (
          <div role="alert">
            <Notice kind="attention" title={text.conflictTitle}>
              <p>{text.conflictKeep}</p>
              <ul>
                {theirs.versions[0]?.rules.map((rule) => (
                  <li key={rule}>{rule}</li>
                ))}
              </ul>
              <button
                type="button"
                className="button"
                onClick={() => {
                  setVersion(theirs.version);
                  save.reset();
                }}
              >
                {text.saveOver}
              </button>
            </Notice>
          </div>
        )}
        {error && !theirs && <FormProblem error={error} />}
        {saved.maySetRules && (
          <div className="buttons">
            <button type="submit" className="button" disabled={preview.isPending}>
              {rulesText.preview}
            </button>
            <button
              type="button"
              className="button button-main"
              disabled={!isChanged || save.isPending || theirs !== null}
              onClick={() => save.mutate()}
            >
              {rulesText.saveRules}
            </button>
            <button
              type="button"
              className="button"
              disabled={JSON.stringify(rules) === JSON.stringify(saved.defaults)}
              onClick={() => change(saved.defaults)}
            >
              {rulesText.packRules}
            </button>
            <span role="status">{isChanged && rulesText.unsaved}</span>
          </div>
        )}
      </form>
      <div role="status">{preview.data && <RulesPreviewTable preview={preview.data} />}</div>
      <CoursePauses maySet={saved.maySetRules} />
      {saved.versions.length > 0 && (
        <section>
          <h2>{rulesText.versions}</h2>
          {saved.versions.map((each) => (
            <details key={each.version}>
              <summary>
                {t(rulesText.version, { version: each.version, when: sayDay(each.setAt), name: each.by })}
              </summary>
              <ul>
                {each.rules.map((rule) => (
                  <li key={rule}>{rule}</li>
                ))}
              </ul>
            </details>
          ))}
        </section>
      )}
    </>
  );
}
