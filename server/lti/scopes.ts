/** The scopes that Waymark asks for: every one of them only reads. No score is ever written to a gradebook. */
export const rosterScope = 'https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly';
export const lineItemsScope = 'https://purl.imsglobal.org/spec/lti-ags/scope/lineitem.readonly';
export const resultsScope = 'https://purl.imsglobal.org/spec/lti-ags/scope/result.readonly';
export const askedScopes = [rosterScope, lineItemsScope, resultsScope] as const;
