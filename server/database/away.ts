import mongoose from 'mongoose';

/** Whether an error says that the database could not be reached, or was lost on the way; never that it refused something. */
export function isDatabaseAway(error: unknown): boolean {
  const { MongoNetworkError, MongoServerSelectionError, MongoNotConnectedError, MongoTopologyClosedError, MongoError } =
    mongoose.mongo;
  return (
    error instanceof MongoNetworkError ||
    error instanceof MongoServerSelectionError ||
    error instanceof MongoNotConnectedError ||
    error instanceof MongoTopologyClosedError ||
    error instanceof mongoose.Error.MongooseServerSelectionError ||
    // A changeover between servers, in the middle of a write.
    (error instanceof MongoError && error.hasErrorLabel('RetryableWriteError')) ||
    // The driver writes to a connection that has just been closed, and passes on what the socket throws.
    (error instanceof Error && 'code' in error && error.code === 'EPIPE') ||
    (error instanceof mongoose.Error && /buffering timed out/.test(error.message))
  );
}
