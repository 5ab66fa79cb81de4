import type { PolicyPackInput } from '../schema.ts';
import * as common from './common.ts';

/** University of Gloucestershire: the learning analytics policy. */
export const gloucestershire: PolicyPackInput = {
  id: 'gloucestershire',
  name: 'Gloucestershire',
  institution: 'University of Gloucestershire',
  sources: [
    {
      title: 'University of Gloucestershire, Learning Analytics Policy',
      url: 'https://www.glos.ac.uk/information/knowledge-base/learning-analytics-policy/',
    },
  ],
  words: {
    course: 'module',
    courses: 'modules',
    action: 'intervention',
    actions: 'interventions',
    tutor: 'module tutor',
    adviser: 'personal tutor',
    school: 'school',
    lead: 'engagement lead',
    platform: 'the VLE',
  },
  principles: [
    'Learning analytics help students to understand their engagement, and staff to offer support in good time.',
    'They are there to help every student reach their full potential, with support and with challenge.',
    'We say openly which data are collected, from where, who sees them, what students have agreed to and who is responsible.',
    'What we do follows ethical principles, and fits the strategy, policies and values of the university.',
    'They are never used for assessment or discipline, and their figures never count towards a mark.',
    'Nothing significant happens to an individual without a person deciding it.',
    'Only the student and the staff who need it for supporting them see an individual’s data; staff who run the systems do so without looking at people.',
    'No single finding is relied on: figures are read with other information and with their gaps in mind.',
    'Students can see what is derived from their data and have wrong data put right.',
    'Interventions are recorded, normally in the student records system.',
  ],
  actionCategories: [
    {
      id: 'invitation-to-talk',
      label: 'Invitation to talk',
      description: 'A conversation that begins with a question and not with an assumption.',
    },
    {
      id: 'suggestion',
      label: 'Suggestion',
      description: 'A resource or a way of working, offered for the student to judge.',
    },
    { id: 'referral', label: 'Referral', description: 'A way to a service that fits, agreed with the student.' },
    { id: 'review', label: 'Review', description: 'Looking back together and planning the next steps.' },
  ],
  mayAddCategories: true,
  channels: [
    ...common.commonChannels,
    { id: 'text-message', label: 'Text message', isAttempt: true },
    { id: 'app-notification', label: 'Notice in the student app', isAttempt: true },
  ],
  access: { mayAssistantsSeeIndividuals: false },
  rules: common.commonRules,
  expectations: {
    intro: 'This is what taking part in the {course} usually looks like. Your {adviser} is there to help you with it.',
    points: [
      'Taking part in what the {course} offers: sessions, resources and activities.',
      'Handing in coursework, or asking early when that is difficult.',
      'Deciding for yourself how to use the suggestions that you find here.',
    ],
    whoMakesContact: 'Your {adviser}, who follows your progress with you through your whole time here.',
    whatContactLooksLike:
      'An invitation to talk. Staff use the figures to begin a conversation, not to draw conclusions.',
    yourPart: 'You choose what to do with a suggestion. If a figure is wrong, say so and it will be checked.',
  },
  reflectionPrompts: common.commonPrompts,
  services: [
    {
      id: 'student-centre',
      name: 'Student centre',
      description: 'The first people to ask about anything, learning analytics included.',
      fits: [],
    },
    ...common.commonServices.filter(({ id }) => id !== 'student-support'),
  ],
  routes: {
    support: { name: 'Your {adviser}', description: 'For anything about your studies.' },
    complaints: [
      { name: 'Talk to your {adviser} or the student centre first', description: 'Most things are settled this way.' },
      {
        name: 'Student complaints procedure',
        description: 'The formal route of the university.',
      },
    ],
    crisis: common.commonCrisis,
    fitnessToStudy: common.commonFitnessToStudy,
    questions: {
      name: 'Student centre',
      description: 'For any question about learning analytics.',
    },
  },
  confidentiality: common.commonConfidentiality,
  roleLimits: common.commonRoleLimits,
  messages: common.commonMessages,
  requiresColleagueDiscussion: false,
  colleagueDiscussion: common.commonColleagueDiscussion,
  optOut: { isAllowed: true, effect: common.commonOptOutEffect },
  retention: { ...common.commonRetention, auditDays: 365 },
  guidance: common.commonGuidance,
  minutesPerContact: 20,
  followUpAfterDays: 14,
};
