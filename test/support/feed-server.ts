import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { pino } from 'pino';
import { connectDatabase } from '../../server/database/connect.ts';
import { createFeedsRouter } from '../../server/features/feeds/router.ts';
import { handleErrors } from '../../server/http/error-handler.ts';
import { createIntake } from '../../server/ingest/intake.ts';

/**
 * The receiving endpoints in a process of their own, so that it can be killed and its memory be read: run with the database's
 * URI as argument; says its port on the first line, and its memory in MB on every line it is sent.
 */
const now = () => new Date();
await connectDatabase(process.argv[2]!);
const app = express();
app.use(createFeedsRouter({ intake: createIntake({ now, keptDays: 90 }), now }));
app.use(handleErrors(pino({ level: 'silent' })));
const server = createServer((request, response) => void app(request, response));
server.listen(Number(process.argv[3] ?? 0), '127.0.0.1', () => console.log((server.address() as AddressInfo).port));
process.stdin.on('data', () => console.log(Math.round(process.memoryUsage().rss / 1024 / 1024)));
