import { describe, expect, test } from 'vitest';
import mongoose from 'mongoose';
import { openDatabase, uriFor } from '../../../server/database/open-database.ts';
import { useDatabase } from '../../support/database.ts';

describe('uriFor', () => {
  test.each([
    ['mongodb://h:1', 'mongodb://h:1/a'],
    ['mongodb://h:1/', 'mongodb://h:1/a'],
    ['mongodb://h:1/b?x=y', 'mongodb://h:1/a?x=y'],
    ['mongodb://%2Ftmp%2Fd.sock/?directConnection=true', 'mongodb://%2Ftmp%2Fd.sock/a?directConnection=true'],
    ['mongodb+srv://u:p@h/?x=y', 'mongodb+srv://u:p@h/a?x=y'],
  ])('puts the name into %s', (uri, expected) => {
    expect(uriFor(uri, 'a')).toBe(expected);
  });

  test('refuses what is no connection string', () => {
    expect(() => uriFor('http://h', 'a')).toThrow(/mongodb:\/\//);
  });
});

const database = useDatabase();

test('a server given by its URI is used as it is', async () => {
  const opened = await openDatabase({ mongodbUri: database.uri, dataDir: 'unused' });
  expect(opened).toMatchObject({ uri: database.uri, isEmbedded: false });
  const connection = await mongoose.createConnection(opened.uri).asPromise();
  await connection.collection('things').insertOne({ word: 'kept' });
  expect(await connection.collection('things').findOne({})).toMatchObject({ word: 'kept' });
  await connection.close();
  await opened.close();
});
