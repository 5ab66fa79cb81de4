import type { PolicyPackInput } from '../schema.ts';
import * as common from './common.ts';

/** Aston University: the MyEngagement interventions policy. */
export const aston: PolicyPackInput = {
  id: 'aston',
  name: 'Aston',
  institution: 'Aston University',
  sources: [{ title: 'Aston University, MyEngagement: Learning Analytics Interventions Policy' }],
  words: {
    course: 'module',
    courses: 'modules',
    action: 'intervention',
    actions: 'interventions',
    tutor: 'module tutor',
    adviser: 'personal tutor',
    school: 'school',
    lead: 'programme director',
    platform: 'the VLE',
  },
  principles: [
    'Analytics are first of all for learners: to reflect, to regulate their own learning and to choose.',
    'Students are responsible for their own learning: what to do with their data, and whether to ask for support, is theirs to choose.',
    'Interventions are a dialogue in partnership, and a student can begin one as well as a member of staff.',
    'Interventions are timely, in proportion to what the data show, personal, recorded and followed up.',
    'They are for everyone: challenge and stretch for those who engage well count as much as support.',
    'Data have limits and errors: nothing about registration or status is decided on them alone.',
    'Staff who follow engagement get guidance every year, and how students experience it is looked at again and again.',
  ],
  actionCategories: [
    {
      id: 'diagnostic',
      label: 'Diagnostic',
      description: 'Finding out together what would make the most useful difference to how somebody learns.',
    },
    {
      id: 'instructional',
      label: 'Instructional',
      description: 'Closing a gap in understanding of the subject or of what the {course} asks for.',
    },
    {
      id: 'coaching-and-mentoring',
      label: 'Coaching and mentoring',
      description: 'Supporting and encouraging, building confidence, resilience and motivation.',
    },
    {
      id: 'referral',
      label: 'Referral',
      description: 'Finding further support or an activity beside the curriculum that suits the student.',
    },
    {
      id: 'review',
      label: 'Review',
      description: 'Reflecting and planning together, for example over the feedback on an assessment.',
    },
  ],
  mayAddCategories: false,
  channels: common.commonChannels,
  access: { mayAssistantsSeeIndividuals: false },
  rules: common.commonRules,
  expectations: {
    intro: 'This is what taking part in the {course} usually looks like, and what happens when we notice a change.',
    points: [
      'Taking part in sessions and using the resources of the {course} through the term.',
      'Handing in coursework by its due time, or asking early when that is difficult.',
      'Looking at your own data now and then, and deciding for yourself what to change.',
    ],
    whoMakesContact:
      'Usually your {adviser}. It can also be the {lead}, the {tutor} or another named member of staff, depending on what would help you.',
    whatContactLooksLike:
      'An invitation to a conversation, in proportion to what we see: often a short message first, then a meeting if you like.',
    yourPart: 'You can start the conversation yourself at any time, and you choose which steps to take.',
  },
  reflectionPrompts: common.commonPrompts,
  services: common.commonServices,
  routes: {
    support: {
      name: 'Your {adviser}',
      description: 'For anything about your studies, and for a way to the right service.',
    },
    complaints: [
      {
        name: 'Talk to your {adviser} first',
        description: 'Say what happened and what you would like; most things are settled this way.',
      },
      {
        name: 'Student complaints procedure',
        description: 'The formal route of the university.',
      },
    ],
    crisis: common.commonCrisis,
    fitnessToStudy: common.commonFitnessToStudy,
    questions: {
      name: 'Your {lead}',
      description: 'For questions about learning analytics in your programme.',
    },
  },
  confidentiality: common.commonConfidentiality,
  roleLimits: common.commonRoleLimits,
  messages: common.commonMessages,
  requiresColleagueDiscussion: false,
  colleagueDiscussion: common.commonColleagueDiscussion,
  optOut: { isAllowed: true, effect: common.commonOptOutEffect },
  retention: common.commonRetention,
  guidance: common.commonGuidance,
  minutesPerContact: 20,
  followUpAfterDays: 14,
};
