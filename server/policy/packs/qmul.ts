import type { PolicyPackInput } from '../schema.ts';
import * as common from './common.ts';

function school(id: string, name: string, courseLabels: string[]) {
  const contact = {
    name: 'Learner engagement lead of this school',
    description: 'Owns the contact with its students.',
  };
  return { id, name, courseLabels, contact };
}

/** Queen Mary University of London: the LEA Action Policy and the Student Learning Engagement Policy together. */
export const qmul: PolicyPackInput = {
  id: 'qmul',
  name: 'Queen Mary',
  institution: 'Queen Mary University of London',
  sources: [
    { title: 'Queen Mary, Learner Engagement Analytics (LEA) Action Policy' },
    { title: 'Queen Mary, Student Learning Engagement Policy' },
  ],
  words: {
    course: 'module',
    courses: 'modules',
    action: 'LEA action',
    actions: 'LEA actions',
    tutor: 'module tutor',
    adviser: 'advisor',
    school: 'school or institute',
    lead: 'learner engagement lead',
    platform: 'QMplus',
  },
  principles: [
    'Learner engagement analytics are here to help every learner reach their full potential.',
    'We say openly which data are collected, how they are shared, what learners have agreed to and who is responsible.',
    'What we do with analytics follows ethical principles, and fits the strategy, policies and values of the university.',
    'Analytics support a conversation with a learner and never take its place.',
    '{Actions} come at the right time, take account of circumstances, are personal, and are recorded and followed up.',
    'They are a partnership and for every learner, not only when something is difficult. A learner can begin one, too.',
    'Nothing significant happens to an individual on the strength of analytics without a person deciding it; no decision about registration or status rests on them alone.',
    'We look for unwanted effects of analytics, such as labels and bias, and put them right.',
    'Staff and learners get help in understanding and using analytics.',
  ],
  actionCategories: [
    {
      id: 'instructional',
      label: 'Instructional',
      description:
        'Closing a gap in understanding of the subject or of what the {course} asks for, or finding the steps towards it.',
    },
    {
      id: 'supportive',
      label: 'Supportive',
      description: 'Cheering a learner on, and helping them to feel surer of what they can do.',
    },
    {
      id: 'referral',
      label: 'Referral',
      description: 'Finding the support service or the activity beside the curriculum that suits the learner best.',
    },
    {
      id: 'review',
      label: 'Review',
      description: 'Helping a learner to reflect and to plan, for example by going through feedback together.',
    },
  ],
  mayAddCategories: true,
  channels: [...common.commonChannels, { id: 'colleague', label: 'Through a colleague', isAttempt: false }],
  // Names and the beginnings of module codes only: an institution puts in the addresses of its own.
  schools: [
    school('eecs', 'School of Electronic Engineering and Computer Science', ['ECS', 'EBU']),
    school('mathematics', 'School of Mathematical Sciences', ['MTH']),
    school('physics-chemistry', 'School of Physical and Chemical Sciences', ['SPA', 'CHE']),
    school('engineering', 'School of Engineering and Materials Science', ['EMS', 'DEN']),
    school('business', 'School of Business and Management', ['BUS']),
    school('economics', 'School of Economics and Finance', ['ECN']),
    school('geography', 'School of Geography', ['GEG']),
    school('history', 'School of History', ['HST']),
    school('politics', 'School of Politics and International Relations', ['POL']),
  ],
  access: { mayAssistantsSeeIndividuals: false },
  rules: common.commonRules,
  expectations: {
    intro:
      'This is what taking part in the {course} usually looks like. Your {school} decides which measures are used, and they can differ between {courses}. What a Student visa asks for is followed elsewhere.',
    points: [
      'Coming to the timetabled sessions that are recorded for this {course}.',
      'Handing in coursework, whether it counts towards your mark or not.',
      'Using {platform} and its resources through the term.',
      'Meeting your {adviser} or student support officer when you arrange to.',
      'Other signs of learning, such as lecture recordings and study skills sessions, where we can see them.',
    ],
    whoMakesContact:
      'If the figures suggest that you may welcome support, the {tutor} first talks it over with a colleague. Then the person best placed gets in touch: the {tutor}, your {adviser} or a student support officer.',
    whatContactLooksLike:
      'It is an invitation to talk: what is going on, what would help, and which options there are. We try your university e-mail first, then your personal e-mail or phone.',
    yourPart:
      'Please answer when somebody writes, even briefly. If we hear nothing for a long time and see no activity at all, your {school} may look at the route for supporting fitness to study, together with you.',
  },
  reflectionPrompts: common.commonPrompts,
  services: [
    {
      id: 'student-support',
      name: 'Student support officer',
      description: 'The first person to ask in your {school}; they know the services and can introduce you.',
      url: 'https://www.qmul.ac.uk/student-experience/',
      fits: [],
    },
    ...common.commonServices.filter(({ id }) => id !== 'student-support'),
  ],
  routes: {
    support: {
      name: 'Student support officer of your {school}',
      description: 'For anything that gets in the way of studying, and for questions about this page.',
      url: 'https://www.qmul.ac.uk/student-experience/',
    },
    complaints: [
      {
        name: 'Talk to your {school} first',
        description:
          'Most things are put right fastest if you tell somebody what happened and what you would like. That can be the {tutor}, your {adviser} or the {lead}.',
      },
      {
        name: 'Student complaints procedure',
        description:
          'If that does not settle it, or you would rather not go that way, you can make a formal complaint. It can be about how your engagement is followed, or about how we got in touch.',
      },
    ],
    crisis: common.commonCrisis,
    fitnessToStudy: {
      ...common.commonFitnessToStudy,
      route: { ...common.commonFitnessToStudy.route, name: 'Enhancing support for students’ fitness to study' },
      // The policy names three at least: university e-mail, personal e-mail, phone.
      channels: 3,
    },
    questions: {
      name: 'Learner engagement lead of your {school}',
      description: 'For questions about how these figures are used in your {school}.',
    },
  },
  confidentiality: common.commonConfidentiality,
  roleLimits: common.commonRoleLimits,
  messages: common.commonMessages,
  requiresColleagueDiscussion: true,
  colleagueDiscussion: common.commonColleagueDiscussion,
  optOut: { isAllowed: true, effect: common.commonOptOutEffect },
  retention: common.commonRetention,
  guidance: common.commonGuidance,
  minutesPerContact: 20,
  followUpAfterDays: 10,
};
