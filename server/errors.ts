/**
 * What can go wrong, as types; no HTTP here. `http/error-handler.ts` is the one table from these to status codes, and
 * `contracts/error.ts` the one list of codes the client switches on. Messages are for the person who meets them and
 * never hold personal data.
 */

/** The input was understood but not acceptable; `fields` says which field and why, in words for the person who typed. */
export class InvalidInput extends Error {
  readonly fields: Readonly<Record<string, string>>;
  constructor(fields: Record<string, string>, message = 'Some of what was sent needs another look.') {
    super(message);
    this.name = 'InvalidInput';
    this.fields = fields;
  }
}

/** Nobody is known to be asking: no token, or one that has ended. */
export class NotSignedIn extends Error {
  constructor(message = 'This session has ended. Open Waymark again from your course.') {
    super(message);
    this.name = 'NotSignedIn';
  }
}

/** The person is known, and their role does not allow this. */
export class NotAllowed extends Error {
  constructor(message = 'Your role in this course does not include this.') {
    super(message);
    this.name = 'NotAllowed';
  }
}

/** There is no such record for this actor: the same answer whether it is missing or somebody else's. */
export class NotFound extends Error {
  constructor(message = 'There is nothing here, or it is not yours to see.') {
    super(message);
    this.name = 'NotFound';
  }
}

/** Somebody saved first. `current` is the record as it is now, so that nothing typed need be lost. */
export class Conflict extends Error {
  readonly current: unknown;
  constructor(message = 'Somebody else saved this first.', current?: unknown) {
    super(message);
    this.name = 'Conflict';
    this.current = current;
  }
}

/** Something we depend on did not answer as it should: the platform, a source, the database. */
export class Unavailable extends Error {
  constructor(message = 'A service that Waymark needs is not answering.', options?: ErrorOptions) {
    super(message, options);
    this.name = 'Unavailable';
  }
}
