import { expect, it } from 'vitest';
import { PlatformModel } from '../../server/database/models/platform.ts';
import { startPractice } from '../practice-vle/with-waymark.ts';
import { useDatabase } from '../support/database.ts';

const database = useDatabase();

it('the demo’s Waymark registers by its own address, as with a real platform, and can be launched', async () => {
  const practice = await startPractice({
    databaseUri: database.uri,
    registersItself: true,
    env: { NODE_ENV: 'test', WAYMARK_SECRET: 'for-tests-only-0123456789-0123456789-abc' },
  });
  try {
    const { vle, tool, url } = practice;
    expect(tool).toMatchObject({ name: 'Waymark', isPending: false, targetLinkUri: `${url}/lti/launch` });
    const platform = await PlatformModel.findById(practice.platformId).lean();
    expect(platform).toMatchObject({ clientId: tool.clientId, moodle: { baseUrl: vle.url } });
    const login = vle.startLaunch({ tool, personId: vle.tutor.person.id });
    const begun = await fetch(tool.loginUrl, { method: 'POST', body: new URLSearchParams(login), redirect: 'manual' });
    expect(begun.status).toBeLessThan(400);
  } finally {
    await practice.close();
  }
});
