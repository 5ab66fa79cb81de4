/** The import rules of the house, each with its reason. Run by `npm run check:imports`. */
const notTo = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });
module.exports = {
  forbidden: [
    notTo('no-cycles', 'A cycle has no first module to understand.', {}, { circular: true }),
    notTo(
      'domain-is-pure',
      'What Waymark says about a person must not depend on HTTP, a database, the clock or a library.',
      { path: '^server/domain/' },
      { pathNot: '^server/domain/' },
    ),
    notTo(
      'contracts-are-shared',
      'Contracts run in the browser too: zod and the words of the domain only.',
      { path: '^server/contracts/' },
      { pathNot: ['^server/contracts/', '^server/domain/vocabulary\\.ts$', 'node_modules/zod/'] },
    ),
    notTo(
      'client-knows-contracts-only',
      'Server code in the browser would be a leak.',
      { path: '^client/' },
      { path: '^(server|test|bench|scripts)/', pathNot: '^server/(contracts/|domain/vocabulary\\.ts$)' },
    ),
    notTo(
      'layers-know-no-features',
      'Sources, LTI and the database serve every feature, so they may know none.',
      { path: '^server/(sources|ingest|refresh|lti|database|policy|http)/' },
      { path: '^server/features/' },
    ),
    notTo(
      'student-view-is-a-layer',
      'Student and staff are shown one and the same view: it serves both features and knows neither, nor HTTP.',
      { path: '^server/student-view/' },
      { path: '^server/', pathNot: '^server/(student-view|contracts|database|domain|policy)/|^server/errors\\.ts$' },
    ),
    notTo(
      'sources-only-map',
      'A source turns replies into activity; what is stored of it is decided in one place, for all sources.',
      { path: '^server/sources/' },
      { path: '^server/(database|ingest|refresh|http)/' },
    ),
    notTo(
      'outbound-knows-nobody',
      'The guard of outgoing requests serves LTI and sources alike, and must not depend on whom it guards.',
      { path: '^server/outbound/' },
      { path: '^server/', pathNot: '^server/outbound/' },
    ),
    notTo(
      'features-are-strangers',
      'A feature that imports another can no longer be changed or removed alone.',
      { path: '^server/features/([^/]+)/' },
      { path: '^server/features/', pathNot: '^server/features/$1/' },
    ),
    notTo(
      'client-features-are-strangers',
      'The same, in the browser.',
      { path: '^client/features/([^/]+)/' },
      { path: '^client/features/', pathNot: '^client/features/$1/' },
    ),
    notTo(
      'only-lti-knows-ltijs',
      'ltijs is guarded in one place.',
      { path: '^server/', pathNot: '^server/lti/' },
      { path: 'node_modules/ltijs/' },
    ),
    notTo(
      'only-entry-points-read-config',
      'Configuration is passed in, so that a test can pass another.',
      { path: '^server/', pathNot: '^server/(main|config|app|.*-cli)\\.ts$' },
      { path: '^server/config\\.ts$', dependencyTypesNot: ['type-only'] },
    ),
    notTo(
      'production-runs-without-tests',
      'The practice VLE is never part of production.',
      { path: '^server/' },
      { path: '^(test|bench|scripts)/' },
    ),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.js', '.cjs', '.mjs', '.json'],
    },
  },
};
