import type { Intake } from '../../ingest/intake.ts';

export interface FeedDeps {
  readonly intake: Intake;
  readonly now: () => Date;
}
