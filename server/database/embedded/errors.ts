/** MongoDB's error codes that the embedded database answers with; drivers and mongoose decide by these numbers. */
const ERROR_CODES = {
  InternalError: 1,
  BadValue: 2,
  FailedToParse: 9,
  Unauthorized: 13,
  TypeMismatch: 14,
  IllegalOperation: 20,
  NamespaceNotFound: 26,
  IndexNotFound: 27,
  PathNotViable: 28,
  ConflictingUpdateOperators: 40,
  CursorNotFound: 43,
  NamespaceExists: 48,
  DollarPrefixedFieldName: 52,
  InvalidIdField: 53,
  CommandNotFound: 59,
  ImmutableField: 66,
  CannotCreateIndex: 67,
  IndexAlreadyExists: 68,
  InvalidOptions: 72,
  InvalidNamespace: 73,
  IndexOptionsConflict: 85,
  IndexKeySpecsConflict: 86,
  WriteConflict: 112,
  CommandNotSupported: 115,
  NamespaceMismatch: 166,
  CannotIndexParallelArrays: 171,
  NoSuchTransaction: 251,
  TransactionCommitted: 256,
  OperationNotSupportedInTransaction: 263,
  DataCorruptionDetected: 302,
  BSONObjectTooLarge: 10334,
  DuplicateKey: 11000,
  Location15998: 15998,
  Location16020: 16020,
  Location16410: 16410,
  Location17080: 17080,
  Location17081: 17081,
  Location17082: 17082,
  Location17083: 17083,
  Location28667: 28667,
  Location28689: 28689,
  Location28766: 28766,
  Location28818: 28818,
  Location28822: 28822,
  Location31119: 31119,
  Location31249: 31249,
  Location31250: 31250,
  Location31252: 31252,
  Location31253: 31253,
  Location31254: 31254,
  Location31274: 31274,
  Location31275: 31275,
  Location40060: 40060,
  Location40061: 40061,
  Location40062: 40062,
  Location40063: 40063,
  Location40064: 40064,
  Location40065: 40065,
  Location40066: 40066,
  Location40067: 40067,
  Location40068: 40068,
  Location40176: 40176,
  Location40177: 40177,
  Location40180: 40180,
  Location40183: 40183,
  Location51270: 51270,
  Location51272: 51272,
} as const;

export type ErrorName = keyof typeof ERROR_CODES;

/** A failure that a client of the database is told about, with MongoDB's code and name for it. */
export class DatabaseError extends Error {
  readonly code: number;
  readonly codeName: ErrorName;
  readonly details: Readonly<Record<string, unknown>>;
  constructor(codeName: ErrorName, message: string, details: Record<string, unknown> = {}) {
    super(message);
    this.name = 'DatabaseError';
    this.code = ERROR_CODES[codeName];
    this.codeName = codeName;
    this.details = details;
  }
}

/** What the embedded database does not do is refused by name, so that nothing is ever answered wrongly. */
export function notSupported(what: string): DatabaseError {
  return new DatabaseError(
    'CommandNotSupported',
    `The embedded database does not support ${what}. Set MONGODB_URI to use a MongoDB server.`,
  );
}
