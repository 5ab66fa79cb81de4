import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { connectDatabase } from '../../../server/database/connect.ts';
import { FeedModel } from '../../../server/database/models/feed.ts';
import { FreshnessModel } from '../../../server/database/models/freshness.ts';
import { useDatabase } from '../../support/database.ts';
import { aStatement, startFeed } from '../../support/feed-app.ts';

const database = useDatabase();
let connection: Awaited<ReturnType<typeof connectDatabase>>;
beforeAll(async () => {
  connection = await connectDatabase(database.uri);
});
afterAll(() => connection.close());

it('has written its counts once it is flushed, also those that were being written just then', async () => {
  const { send, intake, feed, courseId } = await startFeed();
  const updateOne = FeedModel.updateOne.bind(FeedModel);
  const slowly = (...given: Parameters<typeof updateOne>) =>
    new Promise((resolve) => setTimeout(resolve, 500)).then(() => updateOne(...given));
  const written = vi.spyOn(FeedModel, 'updateOne').mockImplementationOnce(slowly as unknown as typeof updateOne);
  expect((await send([aStatement(), aStatement({ timestamp: '2026-11-20T11:00:00Z' })])).status).toBe(200);
  await expect.poll(() => written.mock.calls.length).toBe(1);
  await intake.flush();
  expect(await FeedModel.findById(feed.feedId).lean()).toMatchObject({ received: 2, stored: 2 });
  expect(await FreshnessModel.findOne({ courseId }).lean()).toMatchObject({ source: 'xapi', speaksOf: ['presence'] });
});
