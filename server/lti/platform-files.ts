import { leadParameter, leadRoleUri } from './roles.ts';
import { askedScopes } from './scopes.ts';
import {
  customVariables,
  iconUrl,
  placements,
  registrationRequest,
  toolDescription,
  toolEndpoints,
  toolName,
} from './tool-configuration.ts';

/** The files of lti-config/, each written from the tool's own configuration, so that none can go stale. */

export const platformNames = ['moodle', 'canvas', 'brightspace', 'blackboard', 'sakai', 'generic'] as const;
export type PlatformName = (typeof platformNames)[number];

/** In the files of the repository; `npm run lti -- config` writes your own address instead. */
export const exampleUrl = 'https://waymark.example.ac.uk';

interface PlatformFile {
  readonly fileName: string;
  readonly text: string;
}

/** Takes a platform's name and Waymark's public address; returns what its administrator needs. */
export function renderPlatformFile(platform: PlatformName, publicUrl: string): PlatformFile {
  if (platform === 'canvas') return { fileName: 'canvas.json', text: renderCanvas(publicUrl) };
  const { title, steps } = guides[platform];
  const fileName = platform === 'moodle' ? 'moodle-by-hand.md' : `${platform}.md`;
  return { fileName, text: renderGuide(title, steps, publicUrl, platform === 'generic') };
}

const guides: Record<Exclude<PlatformName, 'canvas'>, { title: string; steps: readonly string[] }> = {
  moodle: {
    title: 'Moodle, by hand',
    steps: [
      'Prefer registration by address: moodle.md shows it with pictures. By hand: Site administration → Plugins → External tool → Manage tools → configure a tool manually.',
      'LTI version: LTI 1.3. Public key type: Keyset URL. Enter the addresses below; tick “Supports Deep Linking”; the custom parameters go into the field of that name, one a line.',
      'Services: IMS LTI Names and Role Provisioning: “Use this service to retrieve members’ information as per privacy settings”. IMS LTI Assignment and Grade Services: “Use this service for grade sync only”.',
      'Privacy: share the launcher’s name and e-mail with the tool: always. Accept grades from the tool: never. Where names are withheld, Waymark works with numbers in their place.',
      'Default launch container: “Embed, without blocks”. Tool configuration usage: “Show as preconfigured tool”.',
      'After saving, open the tool’s details and copy Platform ID (issuer), Client ID, Deployment ID, Public keyset URL, Access token URL and Authentication request URL into Waymark, by `npm run lti -- add`; once a first registration is there, also on its page Registrations.',
      'A tutor finds it in the course under More → LTI External tools: switch on “Show in activity chooser”, then add the activity. Do not ask for “viewed” completion: on phones Moodle logs no view.',
      'If Moodle reports that it can’t read the key set: Site administration → General → Security → HTTP security holds lists of blocked hosts and allowed ports; by default no private addresses, and ports 80 and 443 only.',
    ],
  },
  brightspace: {
    title: 'Brightspace',
    steps: [
      'Admin Tools → Manage Extensibility → LTI Advantage → Register Tool. Dynamic registration takes the address under “Dynamic registration” below, with ?secret= and your registration secret behind it; choose it where you can.',
      'Standard registration: enter domain, redirect, OpenID Connect login and key set addresses; switch on the extensions Names and Role Provisioning Services, Assignment and Grade Services and Deep Linking.',
      'Copy Client ID, key set, access token and authentication addresses, and the issuer, into Waymark (`npm run lti -- add`).',
      'View Deployments → New Deployment: choose the tool, the same extensions, the security settings for first name, last name and e-mail, and the org units that may use it. Give its deployment id to Waymark.',
      'Create a link of the deployment (type Basic Launch) with the target link below; for tutors to place it themselves, also one of type Deep Linking Quicklink. The custom parameters go into the deployment.',
    ],
  },
  blackboard: {
    title: 'Blackboard',
    steps: [
      'The tool is registered once in Blackboard’s developer portal (developer.anthology.com → My Integrations → LTI) with the login, redirect and key set addresses below; it gives the application id, which is the client id.',
      'In your Blackboard: Administrator Panel → LTI Tool Providers → Register LTI 1.3 Tool, with that client id. It shows the deployment id.',
      'Tool status: approved. User fields to send: role, name, e-mail. Allow grade service access: no is enough. Allow membership service access: yes. The custom parameters go into the field of that name.',
      'Create a placement of type “Deep Linking content tool”, and one of type “Course tool” with “allow student access”, both with the target link below.',
      'Issuer: https://blackboard.com. Authentication: https://developer.anthology.com/api/v1/gateway/oidcauth. Token: https://developer.anthology.com/api/v1/gateway/oauth2/jwttoken. Key set: https://developer.anthology.com/api/v1/management/applications/CLIENT-ID/jwks.json. Check them against what your portal shows.',
    ],
  },
  sakai: {
    title: 'Sakai',
    steps: [
      'Administration Workspace → External Tools → LTI Advantage Auto Provision takes the address under “Dynamic registration” below, with ?secret= and your registration secret behind it.',
      'By hand: External Tools → Install LTI 1.x Tool; LTI 1.3; enter the login, redirect and key set addresses; allow names, e-mail, roster and deep linking; leave “receive grades” off.',
      'Sakai shows client id, deployment id and the three addresses after saving: copy them, and the site’s address as issuer, into Waymark.',
    ],
  },
  generic: {
    title: 'Any LTI 1.3 platform',
    steps: [
      'Where the platform offers dynamic registration, give it the address below with ?secret= and your registration secret behind it. It reads everything else from here.',
      'By hand: enter the addresses, scopes and custom parameters below, and give Waymark issuer, client id, deployment id, and the authentication, token and key set addresses (`npm run lti -- add`; once a first registration is there, also on its page Registrations).',
      'Send names and e-mail addresses if your policy allows; Waymark works without them, and matches files from other systems less well.',
      'Check with `npm run lti -- doctor`.',
    ],
  },
};

function renderGuide(title: string, steps: readonly string[], publicUrl: string, isGeneric: boolean): string {
  const { login, launch, keys, register } = toolEndpoints(publicUrl);
  const lines = [
    `# ${title}`,
    '',
    `Written by \`npm run lti -- config\` from ${toolName}’s own configuration; write it again with your own address.`,
    '',
    '## Steps',
    '',
    ...steps.map((step, index) => `${index + 1}. ${step}`),
    '',
    '## Values',
    '',
    '| what | value |',
    '| --- | --- |',
    `| Name | ${toolName} |`,
    `| Description | ${toolDescription} |`,
    `| Dynamic registration | ${register} |`,
    `| Initiate login (OpenID Connect login) | ${login} |`,
    `| Target link, redirect and deep linking request | ${launch} |`,
    `| Public key set | ${keys} |`,
    `| Icon | ${iconUrl(publicUrl)} |`,
    `| Domain | ${new URL(publicUrl).host} |`,
    '| Messages | LtiResourceLinkRequest, LtiDeepLinkingRequest, LtiSubmissionReviewRequest |',
    '',
    '## Scopes: all of them only read',
    '',
    ...askedScopes.map((scope) => `- \`${scope}\``),
    '',
    '## Custom parameters',
    '',
    '```',
    ...Object.entries(customVariables).map(([name, variable]) => `${name}=${variable}`),
    '```',
    '',
    '## What deep linking offers',
    '',
    ...placements.map(({ title: name, explains }) => `- **${name}**: ${explains}`),
  ];
  if (!isGeneric) return `${lines.join('\n')}\n`;
  return `${[
    ...lines,
    '',
    '## Engagement lead',
    '',
    'Somebody who oversees without seeing names. The platform says so by the role',
    `\`${leadRoleUri}\`, or by the custom parameter \`${leadParameter.name}=${leadParameter.value}\` on a link;`,
    'both count only together with the institution role `Staff` or `Administrator`, so that no tutor can give it away.',
    '',
    '## Administrators and mentors',
    '',
    'The administration page opens for the institution role `Administrator` (of somebody who neither teaches nor learns in the course) and for',
    'the system roles `Administrator` and `SysAdmin`. Whoever administers one course alone may place links in it, and no more.',
    'A mentor is told that there is nothing to see: students decide whom they show their page.',
    '',
    '## The registration request, as dynamic registration sends it',
    '',
    '```json',
    JSON.stringify(
      registrationRequest(publicUrl, {
        scopes: undefined,
        messages: [{ type: 'LtiDeepLinkingRequest' }, { type: 'LtiSubmissionReviewRequest' }],
      }),
      null,
      2,
    ),
    '```',
  ].join('\n')}\n`;
}

/** A developer key of type LTI, by “Paste JSON” or by the address of this file. */
function renderCanvas(publicUrl: string): string {
  const { login, launch, keys } = toolEndpoints(publicUrl);
  const configuration = {
    title: toolName,
    description: toolDescription,
    oidc_initiation_url: login,
    target_link_uri: launch,
    redirect_uris: [launch],
    scopes: askedScopes,
    public_jwk_url: keys,
    custom_fields: {
      ...customVariables,
      course_begin: '$Canvas.course.startAt',
      course_end: '$Canvas.course.endAt',
      course_sourcedid: '$Canvas.course.sisSourceId',
      person_sourcedid: '$Canvas.user.sisSourceId',
      username: '$Canvas.user.loginId',
    },
    extensions: [
      {
        platform: 'canvas.instructure.com',
        domain: new URL(publicUrl).host,
        privacy_level: 'public',
        settings: {
          text: toolName,
          icon_url: iconUrl(publicUrl),
          placements: [
            {
              placement: 'course_navigation',
              message_type: 'LtiResourceLinkRequest',
              target_link_uri: launch,
              text: toolName,
              default: 'enabled',
              visibility: 'public',
            },
            {
              placement: 'link_selection',
              message_type: 'LtiDeepLinkingRequest',
              target_link_uri: launch,
              text: toolName,
              selection_width: 720,
              selection_height: 640,
            },
          ],
        },
      },
    ],
  };
  return `${JSON.stringify(configuration, null, 2)}\n`;
}
