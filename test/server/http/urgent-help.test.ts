import request from 'supertest';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { useDatabase } from '../../support/database.ts';
import { startStudentApp, type StudentApp } from '../../support/student-course.ts';

const database = useDatabase();
let waymark: StudentApp;
beforeAll(async () => {
  waymark = await startStudentApp(database.uri);
});
afterAll(() => waymark.close());

it('says who listens to anybody, without a session, a cookie or a trace', async () => {
  const { text, headers, status } = await request(waymark.app).get('/urgent-help');
  expect(status).toBe(200);
  expect(text).toContain('href="tel:116123"');
  expect(text).toMatch(/<h1>Urgent help<\/h1>/);
  expect(text).not.toMatch(/<script|\{\w+\}|undefined/);
  expect(headers['set-cookie']).toBeUndefined();
  expect(headers['cache-control']).toBe('no-store');
  expect(waymark.logged.join('')).not.toContain('urgent-help');
  expect((await request(waymark.app).get('/plain-page.css')).status).toBe(200);
});
