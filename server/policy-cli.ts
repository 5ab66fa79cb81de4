import { InvalidPolicyPack, loadPolicyPack, shippedPackNames } from './policy/load-pack.ts';
import type { PolicyPack } from './policy/schema.ts';

const USAGE = `Usage: npm run policy -- check NAME_OR_FILE | show NAME_OR_FILE

check says whether a policy pack can be used and, if not, what is wrong and where; and which addresses are still open.
show prints the whole pack as JSON: a start for a file of one's own.
Shipped packs: ${shippedPackNames.join(', ')}. An example of one's own: server/policy/own-pack.example.json.`;

const [action, nameOrFile] = process.argv.slice(2);
if ((action !== 'check' && action !== 'show') || !nameOrFile) {
  console.error(USAGE);
  process.exit(2);
}

try {
  const pack = loadPolicyPack(nameOrFile);
  if (action === 'show') console.log(JSON.stringify(pack, null, 2));
  else report(nameOrFile, pack);
} catch (error) {
  if (!(error instanceof InvalidPolicyPack)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}

function report(name: string, pack: PolicyPack): void {
  console.log(`The policy pack ${name} (${pack.institution}) can be used. Set WAYMARK_POLICY_PACK=${name}.`);
  const open = openAddresses(pack);
  if (open.length === 0) return;
  console.log('Without an address so far; students see the name and description alone:');
  for (const path of open) console.log(`  - ${path}`);
}

/** Where a student is pointed to somebody without a way to get there. */
function openAddresses({ services, routes }: PolicyPack): string[] {
  const places: [string, { readonly url?: string | undefined; readonly phone?: string | undefined }][] = [
    ...services.map((service): [string, typeof service] => [`services: ${service.id}`, service]),
    ['routes.support', routes.support],
    ...routes.complaints.map((each, index): [string, typeof each] => [
      `routes.complaints[${index}]: ${each.name}`,
      each,
    ]),
    ['routes.fitnessToStudy.route', routes.fitnessToStudy.route],
    ['routes.questions', routes.questions],
  ];
  return places.flatMap(([path, { url, phone }]) => (url === undefined && phone === undefined ? [path] : []));
}
