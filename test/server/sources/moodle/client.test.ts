import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createOutbound } from '../../../../server/outbound/outbound.ts';
import { createMoodleClient } from '../../../../server/sources/moodle/client.ts';
import { createListSplitter } from '../../../../server/sources/moodle/split-list.ts';
import { moodleClientForTests } from '../../../support/moodle-client.ts';
import { startStubMoodle, type StubMoodle } from '../../../support/stub-moodle.ts';

let moodle: StubMoodle;
beforeAll(async () => {
  moodle = await startStubMoodle({ token: 'good' });
});
afterAll(() => moodle.close());
beforeEach(() => {
  moodle.restore();
  moodle.calls.length = 0;
});

describe('where the client may go', () => {
  const call = (allowedHosts: string[], isProduction = true) =>
    createMoodleClient({
      outbound: createOutbound({ isProduction, allowedHosts }),
      baseUrl: moodle.url,
      token: 'good',
      tries: 1,
    }).call('core_webservice_get_site_info', {}, z.object({ siteurl: z.string() }));

  it('in production never to a private address, and no request is made', async () => {
    await expect(call([])).rejects.toMatchObject({
      trouble: 'refused',
      message: expect.stringMatching(/must be https/),
    });
    expect(moodle.calls).toHaveLength(0);
  });
  it('unless it is allowed by name', async () => {
    await expect(call(['127.0.0.1'])).resolves.toHaveProperty('siteurl');
  });
  it('never on to another host: a redirect is an error', async () => {
    moodle.answer('core_webservice_get_site_info', () => ({ status: 302, text: '' }));
    await expect(call([], false)).rejects.toMatchObject({ message: expect.stringMatching(/status 302/) });
  });
});

describe('a reply with a long list', () => {
  const essays = {
    assignments: [
      {
        assignmentid: 1,
        submissions: Array.from({ length: 500 }, (_, index) => ({
          id: index,
          plugins: [{ text: `"]},{[ \\ ${'an essay with ünïcode '.repeat(20)}`, submissions: [1, 2] }],
        })),
      },
    ],
    warnings: [{ warningcode: '3', message: 'submissions: [' }],
  };
  const list = {
    name: 'submissions',
    element: z.object({ id: z.number() }),
    rest: z.object({ assignments: z.array(z.object({ assignmentid: z.number(), submissions: z.array(z.never()) })) }),
  };

  it('is taken apart as it arrives, whatever its texts hold', async () => {
    moodle.answer('mod_assign_get_submissions', () => ({ json: essays }));
    const reply = await moodleClientForTests({ baseUrl: moodle.url, token: 'good' }).callForList(
      'mod_assign_get_submissions',
      {},
      list,
    );
    expect(reply.elements).toEqual(Array.from({ length: 500 }, (_, id) => ({ id })));
    expect(reply.rest).toEqual({ assignments: [{ assignmentid: 1, submissions: [] }] });
  });

  it.each([1, 2, 3, 7, 1000])('is the same in pieces of %i characters', (size) => {
    const text = JSON.stringify(essays, null, size === 7 ? 2 : 0);
    const elements: unknown[] = [];
    const splitter = createListSplitter('submissions', (element) => elements.push(JSON.parse(element)));
    for (let at = 0; at < text.length; at += size) splitter.push(text.slice(at, at + size));
    expect(elements).toEqual(essays.assignments[0]?.submissions);
    expect(JSON.parse(splitter.rest())).toEqual({
      ...essays,
      assignments: [{ assignmentid: 1, submissions: [] }],
    });
  });

  it.each([
    ['an exception', { exception: 'x', errorcode: 'nopermissions', message: 'Amina' }, 'not-permitted'],
    ['an element of another shape', { assignments: [{ assignmentid: 1, submissions: [{ id: 'x' }] }] }, 'unreadable'],
  ])('that is %s says so', async (_name, json, trouble) => {
    moodle.answer('mod_assign_get_submissions', () => ({ json }));
    const client = moodleClientForTests({ baseUrl: moodle.url, token: 'good' });
    await expect(client.callForList('mod_assign_get_submissions', {}, list)).rejects.toMatchObject({ trouble });
  });

  it.each(['{"assignments":[{"assignmentid":1,"submissions":[{"id":1', '<html>'])(
    'that breaks off says so',
    async (text) => {
      moodle.answer('mod_assign_get_submissions', () => ({ text }));
      const client = moodleClientForTests({ baseUrl: moodle.url, token: 'good' });
      await expect(client.callForList('mod_assign_get_submissions', {}, list)).rejects.toMatchObject({
        trouble: 'unreadable',
      });
    },
  );
});
