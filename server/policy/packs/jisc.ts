import type { PolicyPackInput } from '../schema.ts';
import * as common from './common.ts';

/** A start for any UK institution: the questions of the Jisc student intervention guide, each with an answer. */
export const jisc: PolicyPackInput = {
  id: 'jisc',
  name: 'UK general',
  institution: 'Your university',
  sources: [{ title: 'Jisc, Student Intervention Guide' }],
  words: {
    course: 'course',
    courses: 'courses',
    action: 'intervention',
    actions: 'interventions',
    tutor: 'course tutor',
    adviser: 'personal tutor',
    school: 'department',
    lead: 'engagement lead',
    platform: 'the VLE',
  },
  principles: [
    'Named staff follow up on what the figures show, and only they see them.',
    'Students are independent learners: they get information and choices, never orders.',
    'Every contact respects the dignity and the circumstances of the person.',
    'What we write is encouraging, supportive and sensitive.',
    'Students see how each figure about them was worked out, and can decline contact that is based on it.',
    'What counts as success is for the student to say.',
    'Thresholds are chosen from the history of the {course} itself, and what was tried is evaluated.',
  ],
  actionCategories: [
    {
      id: 'message',
      label: 'Encouraging message',
      description: 'A short, personal message with one clear next step to choose.',
    },
    {
      id: 'conversation',
      label: 'Conversation',
      description: 'Talking about how things are going and what would help.',
    },
    {
      id: 'guidance',
      label: 'Study guidance',
      description: 'Resources and ways of working, offered and not prescribed.',
    },
    { id: 'referral', label: 'Referral', description: 'A way to a specialist service, agreed with the student.' },
    { id: 'follow-up', label: 'Follow-up', description: 'Asking how the agreed steps are going.' },
  ],
  mayAddCategories: true,
  channels: common.commonChannels,
  access: { mayAssistantsSeeIndividuals: false },
  rules: common.commonRules,
  expectations: {
    intro: 'This is what taking part in the {course} usually looks like, and what happens when we notice a change.',
    points: [
      'Using the resources of the {course} through the term.',
      'Coming to sessions that are recorded.',
      'Handing in coursework, or asking early when that is difficult.',
    ],
    whoMakesContact: 'The {tutor} or your {adviser}. Nobody else sees your individual figures.',
    whatContactLooksLike:
      'First a short message, later perhaps a call or a meeting. It says what was noticed and offers choices.',
    yourPart: 'You decide what to do with it. You can also decline contact that is based on these figures.',
  },
  reflectionPrompts: common.commonPrompts,
  services: common.commonServices,
  routes: {
    support: { name: 'Student support', description: 'For anything that gets in the way of studying.' },
    complaints: [
      { name: 'Talk to the {tutor} or your {adviser} first', description: 'Most things are settled this way.' },
      {
        name: 'Student complaints procedure',
        description: 'The formal route, also for complaints about contact that was based on these figures.',
      },
    ],
    crisis: common.commonCrisis,
    fitnessToStudy: common.commonFitnessToStudy,
    questions: { name: 'The {lead}', description: 'For questions about learning analytics.' },
  },
  confidentiality: `${common.commonConfidentiality} Other rules may hold for students under 18, and for some from abroad: ask before you tell a parent or a doctor.`,
  roleLimits: common.commonRoleLimits,
  messages: common.commonMessages,
  requiresColleagueDiscussion: false,
  colleagueDiscussion: common.commonColleagueDiscussion,
  optOut: { isAllowed: true, effect: common.commonOptOutEffect },
  retention: common.commonRetention,
  guidance: common.commonGuidance,
  minutesPerContact: 15,
  followUpAfterDays: 14,
};
